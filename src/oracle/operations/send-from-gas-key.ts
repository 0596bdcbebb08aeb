import { TransactionReceiptNotFoundError, type LocalAccount } from "viem";
import type { ChainClient } from "../../chain/client.ts";
import { contractErrorOf } from "../../chain/decode-revert.ts";
import type { Clock } from "../../core/clock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";

/** How long a transaction is waited for. */
const RECEIPT_TIMEOUT_MS = 180_000;
const RECEIPT_PAUSE_MS = 1_000;

/** A transaction that is in a block. */
export interface Mined {
  readonly transaction: Hex;
  readonly block: bigint;
}

/** What a call needs, with a fifth to spare. @throws {MandateError} The contract's error where it would refuse. */
export async function gasOf(client: ChainClient, from: Hex, to: Hex, data: Hex): Promise<bigint> {
  try {
    const gas = await client.estimateGas({ account: from, to, data });
    return gas + gas / 5n;
  } catch (thrown) {
    throw contractErrorOf(thrown);
  }
}

/**
 * Sends a call once, and waits until it is mined.
 * @param what it does, in words of an error.
 * @throws {MandateError} `TransactionReverted`, `TransactionNotMined`.
 */
export async function sendOnce(
  client: ChainClient,
  account: LocalAccount,
  call: { readonly to: Hex; readonly data: Hex; readonly gas: bigint },
  { clock, what }: { readonly clock: Clock; readonly what: string },
): Promise<Mined> {
  const [nonce, { maxFeePerGas, maxPriorityFeePerGas }] = await Promise.all([
    client.getTransactionCount({ address: account.address, blockTag: "pending" }),
    client.estimateFeesPerGas(),
  ]);
  const { id: chainId } = client.chain;
  const fees = { maxFeePerGas, maxPriorityFeePerGas };
  const raw = await account.signTransaction({ type: "eip1559", chainId, nonce, ...fees, ...call });
  const transaction = await client.sendRawTransaction({ serializedTransaction: raw });
  const endMs = clock.nowMs() + RECEIPT_TIMEOUT_MS;
  while (clock.nowMs() < endMs) {
    const receipt = await client.getTransactionReceipt({ hash: transaction }).catch((thrown: unknown) => {
      if (thrown instanceof TransactionReceiptNotFoundError) return undefined;
      throw thrown;
    });
    if (receipt?.status === "success") return { transaction, block: receipt.blockNumber };
    if (receipt !== undefined) {
      throw new MandateError("TransactionReverted", `${what} was refused in block ${receipt.blockNumber}`, {
        kind: "refused",
        data: { transaction },
      });
    }
    await clock.sleep(RECEIPT_PAUSE_MS);
  }
  throw new MandateError("TransactionNotMined", `transaction ${transaction} is in no block yet`, {
    kind: "retry",
    data: { transaction },
    remedy: "Look for it later: what is signed counts once, however often it is sent.",
  });
}
