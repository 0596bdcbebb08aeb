import {
  decodeFunctionData,
  encodeFunctionData,
  toFunctionSelector,
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
} from "viem";
import type { AbiFunction } from "viem";
import type { Hex } from "../../core/hex.ts";

type Called<Interface extends Abi, Name extends ContractFunctionName<Interface>> = {
  [Each in Name]: {
    readonly functionName: Each;
    readonly args: ContractFunctionArgs<Interface, "pure" | "view" | "nonpayable" | "payable", Each>;
  };
}[Name];

/** As {@link findCalls}, of several functions, in the order in which they stand there. */
export function findCallsOf<const Interface extends Abi, const Name extends ContractFunctionName<Interface>>(
  input: Hex,
  abi: Interface,
  functionNames: readonly Name[],
): Called<Interface, Name>[] {
  return functionNames
    .flatMap((functionName) => placedCalls(input, abi, functionName).map((call) => ({ ...call, functionName })))
    .sort((a, b) => a.at - b.at) as unknown as Called<Interface, Name>[];
}

/**
 * Arguments of every call of `functionName` that stands in `input`: at its beginning, or anywhere inside where a relayer,
 * a wallet or a batch wrapped it. A chance match is possible, so that callers look for the call whose digest is the event's.
 */
export function findCalls<const Interface extends Abi, Name extends ContractFunctionName<Interface>>(
  input: Hex,
  abi: Interface,
  functionName: Name,
): ContractFunctionArgs<Interface, "pure" | "view" | "nonpayable" | "payable", Name>[] {
  return placedCalls(input, abi, functionName).map(({ args }) => args) as ContractFunctionArgs<
    Interface,
    "pure" | "view" | "nonpayable" | "payable",
    Name
  >[];
}

function placedCalls(input: Hex, abi: Abi, functionName: string): { readonly at: number; readonly args: unknown }[] {
  const item = abi.find((each): each is AbiFunction => each.type === "function" && each.name === functionName);
  if (item === undefined) return [];
  const selector = toFunctionSelector(item).slice(2);
  const found: { readonly at: number; readonly args: unknown }[] = [];
  for (let at = input.indexOf(selector); at !== -1; at = input.indexOf(selector, at + 1)) {
    if (at % 2 !== 0) continue; // not on a byte
    try {
      const { args } = decodeFunctionData({ abi: [item], data: `0x${input.slice(at)}` });
      encodeFunctionData({ abi: [item], args }); // throws where a number is wider than its type, which nothing can hash
      found.push({ at, args });
    } catch {
      continue; // four bytes that happen to be the same
    }
  }
  return found;
}
