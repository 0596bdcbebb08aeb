import type { Hex } from "../../core/hex.ts";

/** A block, by number and hash. */
export interface BlockRef {
  readonly number: bigint;
  readonly hash: Hex;
}

export interface BlockHeader extends BlockRef {
  readonly parentHash: Hex;
  /** Seconds since the Unix epoch. */
  readonly timestamp: bigint;
}

/** A log, bound to the block that it stands in. Addresses and hashes in lower case. */
export interface ChainLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  readonly blockTimestamp: bigint;
  readonly transactionHash: Hex;
  readonly logIndex: number;
}

/** A log as a node answers it: without the time of its block. */
export type RawLog = Omit<ChainLog, "blockTimestamp">;

/**
 * What a follower tells, in order. Between two `reorg`s the blocks ascend, and each holds the logs since the one before it.
 *
 * - `block`: the followed chain now ends at `block`. Where `final`, the node calls it finalized: it is never taken back, and
 *   `logs` may come from any block since the last one told. `caughtUp`: it was the node's newest block.
 * - `finalize`: nothing up to and including `block` will be taken back. The first event of a first start is the `finalize`
 *   of the block before the history begins.
 * - `reorg`: everything after `ancestor` is void.
 */
export type ChainEvent =
  | {
      readonly kind: "block";
      readonly block: BlockHeader;
      readonly logs: readonly ChainLog[];
      readonly final: boolean;
      readonly caughtUp: boolean;
    }
  | { readonly kind: "finalize"; readonly block: BlockHeader }
  | { readonly kind: "reorg"; readonly ancestor: BlockRef };
