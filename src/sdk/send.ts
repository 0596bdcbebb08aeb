import { createWalletClient, encodeFunctionData, http, type LocalAccount, type TransactionReceipt } from "viem";
import { contractErrorOf } from "../chain/decode-revert.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";
import type { ContractCall } from "./contract-call.ts";

import type { Session } from "./session.ts";

/** Room above the estimate, in percent: what the call meets in its block differs a little from what was simulated. */
const GAS_MARGIN_PERCENT = 25n;

/** What became of a call. */
export interface SentCall {
  readonly transaction: Hex;
  readonly block: bigint;
  readonly gasUsed: bigint;
  readonly receipt: TransactionReceipt;
  /** What the function returned when the call was simulated, just before. */
  readonly result: unknown;
}

/**
 * Asks the chain whether the call would succeed now.
 * @returns what the function would return.
 * @throws {MandateError} the contract's typed error.
 */
export async function simulate(session: Session, account: LocalAccount | Hex, call: ContractCall): Promise<unknown> {
  try {
    const { result } = await session.client.simulateContract({
      address: call.address,
      abi: call.abi,
      functionName: call.functionName,
      args: call.args,
      account,
      value: call.value,
    });
    return result;
  } catch (thrown) {
    throw contractErrorOf(thrown);
  }
}

/** Sends the call without asking first and without waiting; `gas` saves the estimate. */
export async function submit(session: Session, account: LocalAccount, call: ContractCall, gas?: bigint): Promise<Hex> {
  const { chain } = session.client;
  const wallet = createWalletClient({ account, chain, transport: http(chain.rpcUrls.default.http[0]) });
  const data = encodeFunctionData({ abi: call.abi, functionName: call.functionName, args: call.args });
  const transaction = { to: call.address, data, value: call.value };
  const limit =
    gas ?? ((await session.client.estimateGas({ account, ...transaction })) * (100n + GAS_MARGIN_PERCENT)) / 100n;
  return wallet.sendTransaction({ ...transaction, gas: limit });
}

/** Waits until the transaction is in a block, whatever its outcome there. */
export function receiptOf(session: Session, transaction: Hex): Promise<TransactionReceipt> {
  return session.client.waitForTransactionReceipt({ hash: transaction });
}

/**
 * Simulates, sends, and waits for the block.
 * @throws {MandateError} the contract's typed error, from the simulation or, where the state changed in between, from a
 * repetition of the call in its block.
 */
export async function send(session: Session, account: LocalAccount, call: ContractCall): Promise<SentCall> {
  const result = await simulate(session, account, call);
  const transaction = await submit(session, account, call);
  const receipt = await receiptOf(session, transaction);
  if (receipt.status === "reverted") {
    await simulate(session, account, call);
    throw new MandateError(
      "TransactionReverted",
      `${call.contract}.${call.functionName} was refused in block ${receipt.blockNumber}`,
      {
        kind: "refused",
        data: { transaction },
      },
    );
  }
  return { transaction, block: receipt.blockNumber, gasUsed: receipt.gasUsed, receipt, result };
}
