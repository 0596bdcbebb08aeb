import { z } from "zod";
import type { RpcTransaction } from "viem";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";
import { headerHash, rpcHeaderSchema, type RpcHeader } from "../proof/block-header.ts";
import { listRoot } from "../proof/trie-root.ts";
import { encodeReceipt, rpcReceiptSchema, type RpcReceipt } from "../proof/receipt.ts";
import { encodeTransaction } from "../proof/transaction.ts";
import type { RpcRequest } from "./rpc.ts";

/** A log with the place where the chain proves it to stand. */
export interface PlacedLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: bigint;
  /** Seconds since the Unix epoch. */
  readonly blockTimestamp: bigint;
  readonly transaction: Hex;
  /** Position in the block. */
  readonly logIndex: number;
}

/** A transaction of a verified block. */
export interface PlacedTransaction {
  readonly hash: Hex;
  /** Who sent it, as the node says: a rule that rests on it claims it, and the signature decides. */
  readonly from: Hex;
  readonly to: Hex | null;
  readonly input: Hex;
  /** As the chain stores it; its hash is the transaction's. */
  readonly serialized: Hex;
}

/** A block whose header gives its hash, and whose transactions and receipts give the roots in that header. */
export interface VerifiedBlock {
  readonly number: bigint;
  readonly hash: Hex;
  readonly timestamp: bigint;
  readonly transactions: ReadonlyMap<Hex, PlacedTransaction>;
  readonly logs: readonly PlacedLog[];
}

const fullBlockSchema = rpcHeaderSchema.extend({ transactions: z.array(z.looseObject({ hash: z.string() })) });

function contradiction(number: bigint, what: string, expected: string, actual: string): MandateError {
  return new MandateError(
    "NodeContradictsItself",
    `block ${number}: ${what} is ${actual}, the header says ${expected}`,
    {
      kind: "environment",
      data: { block: number, expected, actual },
      remedy: "Audit against another node.",
    },
  );
}

function found<Value>(value: Value | null | undefined, number: bigint): Value {
  if (value === null || value === undefined) {
    throw new MandateError("BlockUnavailable", `the node does not have block ${number}`, {
      kind: "environment",
      data: { block: number },
    });
  }
  return value;
}

function blockTag(number: bigint): Hex {
  return `0x${number.toString(16)}`;
}

function checkedHeader(header: RpcHeader, number: bigint): RpcHeader {
  if (BigInt(header.number) !== number) throw contradiction(number, "its number", String(number), header.number);
  const actual = headerHash(header);
  if (actual !== header.hash) throw contradiction(number, "the hash of its header", header.hash, actual);
  return header;
}

/** The header of block `number`; its own fields give its hash. */
export async function readHeader(rpc: RpcRequest, number: bigint): Promise<RpcHeader> {
  const answer = found(await rpc("eth_getBlockByNumber", [blockTag(number), false]), number);
  return checkedHeader(rpcHeaderSchema.parse(answer), number);
}

function placedTransactions(transactions: readonly RpcTransaction[], encoded: readonly Uint8Array[]) {
  const placed = new Map<Hex, PlacedTransaction>();
  transactions.forEach((transaction, i) => {
    const bytes = encoded[i] ?? new Uint8Array();
    const hash = hexOf(keccak256(bytes));
    const to = transaction.to === null ? null : (transaction.to.toLowerCase() as Hex);
    const from = transaction.from.toLowerCase() as Hex;
    placed.set(hash, { hash, from, to, input: transaction.input, serialized: hexOf(bytes) });
  });
  return placed;
}

function placedLogs(receipts: readonly RpcReceipt[], hashes: readonly Hex[], header: RpcHeader): PlacedLog[] {
  const place = { blockNumber: BigInt(header.number), blockTimestamp: BigInt(header.timestamp) };
  // The trie proves order and owner of every log, so neither is taken from the answer.
  return receipts
    .flatMap(({ logs }, i) => logs.map((log) => ({ log, transaction: hashes[i] ?? "0x" })))
    .map(({ log, transaction }, logIndex) => ({
      address: log.address,
      topics: log.topics,
      data: log.data,
      ...place,
      transaction,
      logIndex,
    }));
}

/**
 * Block `number` with transactions and logs, all bound to its hash.
 * @throws {MandateError} `NodeContradictsItself`, `BlockUnavailable` or `RpcFailed`.
 */
export async function readBlock(rpc: RpcRequest, number: bigint): Promise<VerifiedBlock> {
  const [blockAnswer, receiptsAnswer] = await Promise.all([
    rpc("eth_getBlockByNumber", [blockTag(number), true]),
    rpc("eth_getBlockReceipts", [blockTag(number)]),
  ]);
  const block = fullBlockSchema.parse(found(blockAnswer, number));
  const receipts = z.array(rpcReceiptSchema).parse(found(receiptsAnswer, number));
  const header = checkedHeader(block, number);
  const transactions = block.transactions as unknown as RpcTransaction[];
  const encoded = transactions.map(encodeTransaction);
  const transactionsRoot = hexOf(listRoot(encoded));
  if (transactionsRoot !== header.transactionsRoot) {
    throw contradiction(number, "the root of its transactions", header.transactionsRoot, transactionsRoot);
  }
  const receiptsRoot = hexOf(listRoot(receipts.map(encodeReceipt)));
  if (receiptsRoot !== header.receiptsRoot) {
    throw contradiction(number, "the root of its receipts", header.receiptsRoot, receiptsRoot);
  }
  const placed = placedTransactions(transactions, encoded);
  return {
    number,
    hash: header.hash,
    timestamp: BigInt(header.timestamp),
    transactions: placed,
    logs: placedLogs(receipts, [...placed.keys()], header),
  };
}
