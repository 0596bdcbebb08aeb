import { encodeFunctionData } from "viem";
import type { Hex } from "../../core/hex.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";

/** The data of a call. */
export function dataOf({ abi, functionName, args }: ContractCall): Hex {
  return encodeFunctionData({ abi, functionName, args });
}

/** Calls of one sender that nobody signed yet, and what they are for. */
export interface UnsignedCalls {
  readonly chainId: number;
  readonly from: Hex;
  readonly name: string;
  readonly description: string;
  readonly createdAtMs: number;
  readonly calls: readonly ContractCall[];
}

/** Unsigned calls as EIP-5792 (`wallet_sendCalls`) and as a file of the Safe Transaction Builder. Pure. */
export function walletFormats(unsigned: UnsignedCalls) {
  const { chainId, from, name, description, createdAtMs, calls } = unsigned;
  return {
    eip5792: {
      version: "2.0.0",
      chainId: `0x${chainId.toString(16)}`,
      from,
      atomicRequired: false,
      calls: calls.map((call) => ({ to: call.address, data: dataOf(call), value: `0x${call.value.toString(16)}` })),
    },
    safe: {
      version: "1.0",
      chainId: chainId.toString(),
      createdAt: createdAtMs,
      meta: { name, description },
      transactions: calls.map((call) => ({
        to: call.address,
        value: call.value.toString(),
        data: dataOf(call),
        contractMethod: null,
        contractInputsValues: null,
      })),
    },
  };
}

/** The file of `--export`. What is sent together stays in its order: an approval before what needs it. Pure. */
export function transactionFile(unsigned: UnsignedCalls) {
  const { chainId, from, description } = unsigned;
  return {
    kind: "mandate.transaction/1",
    chainId,
    from,
    description,
    calls: unsigned.calls.map((call) => ({
      contract: call.contract,
      function: call.functionName,
      to: call.address,
      value: call.value.toString(),
      data: dataOf(call),
    })),
    ...walletFormats(unsigned),
  };
}
