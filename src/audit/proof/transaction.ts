import {
  formatTransaction,
  serializeTransaction,
  type RpcTransaction,
  type Signature,
  type TransactionSerializable,
} from "viem";
import { bytesOf } from "../../core/hex.ts";

/**
 * The bytes of which a block's `transactionsRoot` is the trie and whose hash is the transaction's.
 * @throws where the node answers a transaction of a type that viem does not know.
 */
export function encodeTransaction(rpc: RpcTransaction): Uint8Array {
  const formatted = formatTransaction(rpc);
  const { r, s } = formatted;
  // A legacy transaction's v also says whether it is bound to a chain, which the parity alone does not.
  const signature: Signature =
    formatted.type === "legacy"
      ? { r, s, v: formatted.v } // eslint-disable-line @typescript-eslint/no-deprecated
      : { r, s, yParity: formatted.yParity };
  const { chainId, gasPrice, ...fields } = formatted;
  const transaction = {
    ...fields,
    data: formatted.input,
    ...(chainId === undefined ? {} : { chainId }),
    // A node also answers the gas price that a fee-market transaction came to pay, which is no field of its own.
    ...(formatted.type === "legacy" || formatted.type === "eip2930" ? { gasPrice } : {}),
  } as TransactionSerializable;
  return bytesOf(serializeTransaction(transaction, signature));
}
