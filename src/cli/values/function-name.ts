import { toFunctionSelector, toFunctionSignature, type AbiFunction } from "viem";
import * as abis from "../../chain/abi.ts";
import { dataReadSelector } from "../../core/data-action.ts";
import type { Hex } from "../../core/hex.ts";

function functionsIn(abi: unknown): AbiFunction[] {
  return (abi as readonly (AbiFunction | { readonly type: "event" | "error" })[]).filter((item) => {
    return item.type === "function";
  });
}

/** Every function of the system's contracts by its selector; where two contracts declare the same, either says it. */
const declared = new Map<string, AbiFunction>();
for (const abi of Object.values(abis)) {
  for (const item of functionsIn(abi)) declared.set(toFunctionSelector(item), item);
}

/** The declaration of a function, where a contract of the system has it. */
export function functionOf(selector: Hex): AbiFunction | undefined {
  return declared.get(selector.toLowerCase());
}

/** A function as people call it: `withdraw`, `read` for a data resource, its selector where it is unknown. */
export function functionName(selector: Hex): string {
  if (selector === dataReadSelector) return "read";
  return functionOf(selector)?.name ?? selector;
}

/** A function by its whole signature, its selector where it is unknown. */
export function functionSignature(selector: Hex): string {
  if (selector === dataReadSelector) return "read(string)";
  const item = functionOf(selector);
  return item === undefined ? selector : toFunctionSignature(item);
}

/**
 * Every function of that name, each signature once: the contract's, or where that is not known, of any contract of the system.
 * @param contract Name of the contract's artifact.
 */
export function functionsNamed(name: string, contract?: string): AbiFunction[] {
  const exported = contract === undefined ? "" : `${contract.charAt(0).toLowerCase()}${contract.slice(1)}Abi`;
  const own = Object.hasOwn(abis, exported) ? functionsIn(abis[exported as keyof typeof abis]) : [...declared.values()];
  return own.filter((item) => item.name === name);
}
