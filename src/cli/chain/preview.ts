import type { AbiFunction, AbiParameter } from "viem";
import { intentOf } from "../../chain/clear-signing/intent.ts";
import type { Hex } from "../../core/hex.ts";
import type { AddressBook } from "../values/address-book.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";

/** One argument of a call in words and numbers, as many lines as it has parts. */
export function argumentLines(parameter: AbiParameter, value: unknown, indent: string, book: AddressBook): string[] {
  const name = parameter.name ?? "";
  if ("components" in parameter && parameter.type === "tuple") {
    const members = value as Readonly<Record<string, unknown>>;
    const lines = parameter.components.flatMap((each) =>
      argumentLines(each, members[each.name ?? ""], `${indent}  `, book),
    );
    return [`${indent}${name}`, ...lines];
  }
  if (Array.isArray(value)) {
    const element = { ...parameter, type: parameter.type.replace(/\[\d*\]$/, "") };
    return value.flatMap((each, index) => argumentLines({ ...element, name: `${name}[${index}]` }, each, indent, book));
  }
  const text = parameter.type === "address" ? book.full(value as Hex) : String(value);
  return [`${indent}${name.padEnd(20 - indent.length)} ${text}`];
}

/** The call in words (those a wallet shows) and numbers, argument by argument, so that nobody signs what they cannot read. */
export function previewOf(call: ContractCall, from: Hex, book: AddressBook): string {
  const item = call.abi.find((each): each is AbiFunction => {
    return each.type === "function" && each.name === call.functionName && each.inputs.length === call.args.length;
  });
  const inputs = item?.inputs ?? [];
  const intent = intentOf(call.contract, call.functionName);
  return [
    ...(intent === undefined ? [] : [`${intent}:`]),
    `${call.contract}.${call.functionName} at ${call.address}, as ${book.full(from)}`,
    ...inputs.flatMap((parameter, index) => argumentLines(parameter, call.args[index], "  ", book)),
    ...(call.value > 0n ? [`  ${"value (wei)".padEnd(18)} ${call.value}`] : []),
  ].join("\n");
}
