import {
  decodeFunctionData,
  toFunctionSelector,
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
} from "viem";
import type { AbiFunction } from "viem";
import type { Hex } from "../../core/hex.ts";

/**
 * Arguments of every call of `functionName` that stands in `input`: at its beginning, or anywhere inside where a relayer,
 * a wallet or a batch wrapped it. A chance match is possible, so that callers look for the call whose digest is the event's.
 */
export function findCalls<const Interface extends Abi, Name extends ContractFunctionName<Interface>>(
  input: Hex,
  abi: Interface,
  functionName: Name,
): ContractFunctionArgs<Interface, "pure" | "view" | "nonpayable" | "payable", Name>[] {
  const item = (abi as Abi).find((each): each is AbiFunction => each.type === "function" && each.name === functionName);
  if (item === undefined) return [];
  const selector = toFunctionSelector(item).slice(2);
  const found: unknown[] = [];
  for (let at = input.indexOf(selector); at !== -1; at = input.indexOf(selector, at + 1)) {
    if (at % 2 !== 0) continue; // not on a byte
    try {
      found.push(decodeFunctionData({ abi: [item], data: `0x${input.slice(at)}` }).args);
    } catch {
      continue; // four bytes that happen to be the same
    }
  }
  return found as ContractFunctionArgs<Interface, "pure" | "view" | "nonpayable" | "payable", Name>[];
}
