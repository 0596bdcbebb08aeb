import type { Abi, ContractFunctionArgs, ContractFunctionName } from "viem";
import type { ContractName } from "../chain/deployment.ts";
import type { Hex } from "../core/hex.ts";
import { addressOf, type Session } from "./session.ts";

type Writing = "nonpayable" | "payable";

/** A call that changes state, before it is sent. */
export interface ContractCall {
  readonly contract: string;
  readonly address: Hex;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
  /** Coins sent along, in wei. */
  readonly value: bigint;
}

/** A call of one of the system's contracts; its arguments are checked against the ABI by the compiler. */
export function contractCall<const TAbi extends Abi, Name extends ContractFunctionName<TAbi, Writing>>(
  session: Session,
  contract: ContractName,
  abi: TAbi,
  functionName: Name,
  args: ContractFunctionArgs<TAbi, Writing, Name>,
  value = 0n,
): ContractCall {
  return {
    contract,
    address: addressOf(session, contract),
    abi,
    functionName,
    args: args as readonly unknown[],
    value,
  };
}
