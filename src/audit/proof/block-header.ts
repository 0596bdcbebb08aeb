import { z } from "zod";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";
import { encodeRlp } from "./rlp.ts";

const hex = z
  .string()
  .regex(/^0x[0-9a-fA-F]*$/)
  .transform((text) => text.toLowerCase() as Hex);

/** Bytes of a quantity: big-endian without leading zeros. */
export function quantityBytes(quantity: Hex): Uint8Array {
  const digits = BigInt(quantity).toString(16);
  return quantity === "0x0" || BigInt(quantity) === 0n
    ? new Uint8Array()
    : bytesOf(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
}

/** A block's header as nodes answer it. Nodes add fields of their own, so unknown keys are dropped, not refused. */
export const rpcHeaderSchema = z.object({
  hash: hex,
  parentHash: hex,
  sha3Uncles: hex,
  miner: hex,
  stateRoot: hex,
  transactionsRoot: hex,
  receiptsRoot: hex,
  logsBloom: hex,
  difficulty: hex,
  number: hex,
  gasLimit: hex,
  gasUsed: hex,
  timestamp: hex,
  extraData: hex,
  mixHash: hex,
  nonce: hex,
  baseFeePerGas: hex.optional(),
  withdrawalsRoot: hex.optional(),
  blobGasUsed: hex.optional(),
  excessBlobGas: hex.optional(),
  parentBeaconBlockRoot: hex.optional(),
  requestsHash: hex.optional(),
});

export type RpcHeader = z.infer<typeof rpcHeaderSchema>;

/** Hash that the header's own fields give; a node that answers another `hash` contradicts itself. */
export function headerHash(header: RpcHeader): Hex {
  const fields = [
    bytesOf(header.parentHash),
    bytesOf(header.sha3Uncles),
    bytesOf(header.miner),
    bytesOf(header.stateRoot),
    bytesOf(header.transactionsRoot),
    bytesOf(header.receiptsRoot),
    bytesOf(header.logsBloom),
    quantityBytes(header.difficulty),
    quantityBytes(header.number),
    quantityBytes(header.gasLimit),
    quantityBytes(header.gasUsed),
    quantityBytes(header.timestamp),
    bytesOf(header.extraData),
    bytesOf(header.mixHash),
    bytesOf(header.nonce),
  ];
  // Each fork appended its fields; a block has those of its fork and none after the first that is absent.
  const appended = [
    header.baseFeePerGas && quantityBytes(header.baseFeePerGas),
    header.withdrawalsRoot && bytesOf(header.withdrawalsRoot),
    header.blobGasUsed && quantityBytes(header.blobGasUsed),
    header.excessBlobGas && quantityBytes(header.excessBlobGas),
    header.parentBeaconBlockRoot && bytesOf(header.parentBeaconBlockRoot),
    header.requestsHash && bytesOf(header.requestsHash),
  ];
  for (const field of appended) {
    if (field === undefined) break;
    fields.push(field);
  }
  return hexOf(keccak256(encodeRlp(fields)));
}
