import { encodeFunctionData, type AbiParameter } from "viem";
import { describe, expect, it } from "vitest";
import { signedTypes } from "../../core/signing/signed-types.ts";
import type { Description } from "./description.ts";
import { changingFunctions } from "./descriptor.ts";
import { rendered, renderedMessage, testAccounts } from "./rendering.ts";
import { signedContracts, type SignedContract } from "./signed-calls.ts";
import { signedMessages, unsignedTypes } from "./signed-messages.ts";

const contracts: [string, SignedContract][] = Object.entries(signedContracts);

/** Paths of every value in an argument; one without a name cannot be shown, nor described. */
function leaves(parameter: AbiParameter, prefix = ""): string[] {
  if (parameter.name === undefined || parameter.name === "") return [];
  const list = parameter.type.endsWith("[]") ? ".[]" : "";
  const path = `${prefix}${parameter.name}${list}`;
  return "components" in parameter ? parameter.components.flatMap((each) => leaves(each, `${path}.`)) : [path];
}

/** Arguments of which no two lie at the same place with the same value: every number another, every address one of ours. */
function sample(parameter: AbiParameter): unknown {
  if (parameter.type.endsWith("[]")) return [sample({ ...parameter, type: parameter.type.slice(0, -2) })];
  if ("components" in parameter) {
    return Object.fromEntries(parameter.components.map((each) => [each.name ?? "", sample(each)]));
  }
  if (parameter.type === "address") return parameter.name === "asset" ? testAccounts.token : testAccounts.payee;
  if (parameter.type === "bool") return true;
  if (parameter.type === "string") return "text";
  if (parameter.type === "bytes") return "0x12345678";
  const bytes = /^bytes(\d+)$/.exec(parameter.type);
  if (bytes !== null) return `0x${"11".repeat(Number(bytes[1]))}`;
  return Number(/\d+/.exec(parameter.type)?.[0] ?? "256") > 48 ? 1n : 1;
}

const paths = (description: Description | undefined): string[] => (description?.fields ?? []).map(({ path }) => path);

describe.each(contracts)("calls of %s", (name, contract) => {
  const functions = changingFunctions(contract);

  it("are each described or need no words for a stated reason, and never both", () => {
    const described = Object.keys(contract.calls);
    const unsigned = Object.keys(contract.unsigned);
    expect([...described, ...unsigned].sort()).toEqual([...new Set(functions.map((item) => item.name))].sort());
  });

  it("show every argument", () => {
    for (const item of functions.filter((each) => contract.calls[each.name] !== undefined)) {
      const shown = paths(contract.calls[item.name]).filter((path) => !path.startsWith("@."));
      expect(shown.sort(), item.name).toEqual(item.inputs.flatMap((each) => leaves(each)).sort());
    }
  });

  it("show the coins sent along where a function takes any", () => {
    for (const item of functions.filter((each) => contract.calls[each.name] !== undefined)) {
      const coins = paths(contract.calls[item.name]).includes("@.value");
      expect(coins, item.name).toBe(item.stateMutability === "payable");
    }
  });

  it("are read by an independent renderer, all fields without a warning", async () => {
    for (const item of functions.filter((each) => contract.calls[each.name] !== undefined)) {
      const data = encodeFunctionData({ abi: [item], args: item.inputs.map(sample) });
      const model = await rendered(name, data);
      expect(model.intent, item.name).toBe(contract.calls[item.name]?.intent);
      expect(model.problems, item.name).toEqual([]);
    }
  });
});

describe("messages", () => {
  it("are each described or need no words for a stated reason, and never both", () => {
    const listed = [...Object.keys(signedMessages), ...Object.keys(unsignedTypes)];
    expect(listed.sort()).toEqual(Object.keys(signedTypes).sort());
  });

  it.each(Object.keys(signedMessages) as (keyof typeof signedMessages)[])("%s shows every field", async (name) => {
    const members: readonly AbiParameter[] = signedTypes[name];
    expect(paths(signedMessages[name]).sort()).toEqual(members.map((each) => each.name ?? "").sort());
    const message = Object.fromEntries(members.map((each) => [each.name ?? "", String(sample(each))]));
    const model = await renderedMessage(name, message);
    expect(model.intent).toBe(signedMessages[name].intent);
    expect(model.problems).toEqual([]);
  });
});
