import type { AbiFunction, AbiParameter } from "viem";
import type { ContractCall } from "./contract-call.ts";

function show(parameter: AbiParameter, value: unknown, indent: string): string[] {
  const name = parameter.name ?? "";
  if ("components" in parameter && parameter.type === "tuple") {
    const members = value as Readonly<Record<string, unknown>>;
    const lines = parameter.components.flatMap((each) => show(each, members[each.name ?? ""], `${indent}  `));
    return [`${indent}${name}`, ...lines];
  }
  if (Array.isArray(value)) {
    const element = { ...parameter, type: parameter.type.replace(/\[\d*\]$/, "") };
    return value.flatMap((each, index) => show({ ...element, name: `${name}[${index}]` }, each, indent));
  }
  return [`${indent}${name.padEnd(20 - indent.length)} ${String(value)}`];
}

/** The call in words and numbers, argument by argument, so that nobody signs what they cannot read. */
export function previewOf(call: ContractCall, from: string): string {
  const item = call.abi.find((each): each is AbiFunction => {
    return each.type === "function" && each.name === call.functionName && each.inputs.length === call.args.length;
  });
  const inputs = item?.inputs ?? [];
  return [
    `${call.contract}.${call.functionName} at ${call.address}, as ${from}`,
    ...inputs.flatMap((parameter, index) => show(parameter, call.args[index], "  ")),
    ...(call.value > 0n ? [`  ${"value (wei)".padEnd(18)} ${call.value}`] : []),
  ].join("\n");
}
