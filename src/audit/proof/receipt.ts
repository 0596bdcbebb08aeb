import { z } from "zod";
import { bytesOf, type Hex } from "../../core/hex.ts";
import { quantityBytes } from "./block-header.ts";
import { encodeRlp } from "./rlp.ts";

const hex = z
  .string()
  .regex(/^0x[0-9a-fA-F]*$/)
  .transform((text) => text.toLowerCase() as Hex);

/** A log as nodes answer it. */
export const rpcLogSchema = z.object({
  address: hex,
  topics: z.array(hex).max(4),
  data: hex,
  blockNumber: hex,
  transactionHash: hex,
  logIndex: hex,
});

/** A receipt as nodes answer it. */
export const rpcReceiptSchema = z.object({
  type: hex.optional(),
  status: hex.optional(),
  root: hex.optional(),
  cumulativeGasUsed: hex,
  logsBloom: hex,
  transactionHash: hex,
  logs: z.array(rpcLogSchema),
});

export type RpcLog = z.infer<typeof rpcLogSchema>;
export type RpcReceipt = z.infer<typeof rpcReceiptSchema>;

/** The bytes of which a block's `receiptsRoot` is the trie. */
export function encodeReceipt(receipt: RpcReceipt): Uint8Array {
  const body = encodeRlp([
    receipt.status === undefined ? bytesOf(receipt.root ?? "0x") : quantityBytes(receipt.status),
    quantityBytes(receipt.cumulativeGasUsed),
    bytesOf(receipt.logsBloom),
    receipt.logs.map((log) => [bytesOf(log.address), log.topics.map(bytesOf), bytesOf(log.data)]),
  ]);
  const type = quantityBytes(receipt.type ?? "0x0");
  return type.length === 0 ? body : Buffer.concat([type, body]);
}
