import {
  decodeFunctionResult,
  encodeFunctionData,
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
} from "viem";
import { z } from "zod";
import { isRevert, type SignatureReader } from "../../chain/signature/signature-reader.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { RpcRequest } from "./rpc.ts";

const hex = z
  .string()
  .regex(/^0x[0-9a-fA-F]*$/)
  .transform((text) => text.toLowerCase() as Hex);

type Reads = "pure" | "view";

/** Reads a function of a contract at a block. The node is believed: what it answers is compared with proved events. */
export async function readContractAt<const Interface extends Abi, Name extends ContractFunctionName<Interface, Reads>>(
  rpc: RpcRequest,
  blockNumber: bigint,
  call: {
    readonly address: Hex;
    readonly abi: Interface;
    readonly functionName: Name;
    readonly args?: ContractFunctionArgs<Interface, Reads, Name>;
  },
): Promise<ContractFunctionReturnType<Interface, Reads, Name>> {
  const { address, args = [] } = call;
  const abi: Abi = call.abi;
  const functionName: string = call.functionName;
  const data = encodeFunctionData({ abi, functionName, args: args as readonly unknown[] });
  const answer = hex.parse(await rpc("eth_call", [{ to: address, data }, `0x${blockNumber.toString(16)}`]));
  const result: unknown = decodeFunctionResult({ abi, functionName, data: answer });
  return result as ContractFunctionReturnType<Interface, Reads, Name>;
}

/** Reads code and static calls at `blockNumber` or, where the node no longer keeps that state, at `laterBlock`. */
export function signatureReaderAt(rpc: RpcRequest, blockNumber: bigint, laterBlock: bigint): SignatureReader {
  async function ask(method: string, ...params: readonly unknown[]): Promise<Hex | undefined> {
    for (const block of [blockNumber, laterBlock]) {
      try {
        return hex.parse(await rpc(method, [...params, `0x${block.toString(16)}`]));
      } catch (error) {
        if (isRevert(error)) return undefined;
        if (!(error instanceof MandateError) || block === laterBlock) throw error;
      }
    }
    return undefined;
  }
  return {
    code: async (address) => (await ask("eth_getCode", address)) ?? "0x",
    call: (to, data) => ask("eth_call", { to, data }),
  };
}
