import type { Clock } from "../../core/clock.ts";
import type { Hex } from "../../core/hex.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { BlockHeader, BlockRef, ChainEvent, RawLog } from "./block.ts";
import type { ChainReader } from "./chain-reader.ts";
import { readLogs } from "./read-logs.ts";

/** Where a follower stopped: what it takes to go on as if it had not. */
export interface Checkpoint {
  /** The last block known to be final. */
  readonly finalized: BlockRef;
  /** Blocks told since, ascending; the last one is the head. Empty where the head is `finalized`. */
  readonly recent: readonly BlockRef[];
  /** Contracts that were discovered, with the block of their discovery. */
  readonly watched: ReadonlyMap<Hex, bigint>;
}

export interface FollowOptions {
  readonly reader: ChainReader;
  readonly chainId: number;
  /** First block in which any contract can have logged. */
  readonly fromBlock: bigint;
  /** Undefined at the very first start. */
  readonly checkpoint: Checkpoint | undefined;
  /** Contracts watched from the beginning. */
  readonly roots: readonly Hex[];
  /** The contract that a log makes known, if it does. Pure. */
  readonly discover: (log: RawLog) => Hex | undefined;
  /** Blocks that one step of the backfill covers at most. Default 2,000. */
  readonly stepBlocks?: bigint;
  /** Pause between two looks at the head of the chain. Default 200. */
  readonly pollMs?: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const DEFAULT_STEP_BLOCKS = 2_000n;
const DEFAULT_POLL_MS = 200;

function wrongChain(actual: number, expected: number): MandateError {
  return new MandateError("WrongChain", `the endpoint serves chain ${actual}, not ${expected}`, {
    kind: "environment",
    data: { actual, expected },
    remedy: "Correct the RPC URL or the deployment record.",
  });
}

/** The block before the first one that matters: a chain that differs there is another chain. */
async function baseOf(reader: ChainReader, fromBlock: bigint): Promise<BlockHeader> {
  const number = fromBlock > 0n ? fromBlock - 1n : 0n;
  const [base] = await reader.headers([number]);
  if (!base) {
    throw new MandateError("ChainTooShort", `the chain has no block ${number} yet`, {
      kind: "retry",
      data: { block: number },
    });
  }
  return base;
}

/**
 * The last followed block that the chain still has.
 * @throws {MandateError} `ReorgBelowFinalized` where not even the finalized one is: no following may repair that.
 */
async function commonAncestor(reader: ChainReader, followed: readonly BlockRef[]): Promise<BlockRef> {
  for (const block of followed.toReversed()) {
    const [canonical] = await reader.headers([block.number]);
    if (canonical?.hash === block.hash) return block;
  }
  const finalized = followed[0];
  throw new MandateError(
    "ReorgBelowFinalized",
    `the chain no longer has the finalized block ${finalized?.number} ${finalized?.hash}`,
    {
      kind: "environment",
      data: { block: finalized?.number ?? null, hash: finalized?.hash ?? null },
      remedy: "Find out which history is true; then rebuild from the chain (--rebuild).",
    },
  );
}

/**
 * Follows the chain from a checkpoint: first what is final in large steps, then block by block, taking back what a reorg
 * removes. Ends when `signal` aborts. It keeps no state outside: whoever consumes it persists what it tells, and resumes it
 * from that after any error.
 *
 * @throws {MandateError} `ChainUnavailable` (resume later), `WrongChain`, `ReorgBelowFinalized` (stop).
 */
export async function* follow(options: FollowOptions): AsyncGenerator<ChainEvent, void, void> {
  const { reader, chainId, fromBlock, clock, signal } = options;
  const stepBlocks = options.stepBlocks ?? DEFAULT_STEP_BLOCKS;
  const pollMs = options.pollMs ?? DEFAULT_POLL_MS;
  const watched = new Map<Hex, bigint>([
    ...options.roots.map((root): [Hex, bigint] => [root, 0n]),
    ...(options.checkpoint?.watched ?? []),
  ]);
  const source = { reader, watched, discover: options.discover, fromBlock };

  const position = await reader.position();
  if (position.chainId !== chainId) throw wrongChain(position.chainId, chainId);

  /** Blocks told since the last final one, which comes first. */
  let followed: BlockRef[];
  if (options.checkpoint === undefined) {
    const base = await baseOf(reader, fromBlock);
    yield { kind: "finalize", block: base };
    followed = [base];
  } else {
    followed = [options.checkpoint.finalized, ...options.checkpoint.recent];
  }

  for (let first = true; !signal.aborted; first = false) {
    if (!first) await clock.sleep(pollMs, signal);
    if (signal.aborted) return;
    const { chainId: actual, latest, finalized } = first ? position : await reader.position();
    if (actual !== chainId) throw wrongChain(actual, chainId);

    let head = followed.at(-1) as BlockRef; // never empty: it starts with the finalized block
    if (head.hash === latest.hash && (finalized === null || finalized.number <= (followed[0] as BlockRef).number))
      continue;

    const [canonical] = latest.number === head.number ? [latest] : await reader.headers([head.number]);
    if (canonical?.hash !== head.hash) {
      const ancestor = await commonAncestor(reader, followed);
      followed = followed.filter((block) => block.number <= ancestor.number);
      for (const [address, foundAt] of watched) if (foundAt > ancestor.number) watched.delete(address);
      yield { kind: "reorg", ancestor };
      head = ancestor;
    }

    while (finalized !== null && head.number < finalized.number && !signal.aborted) {
      const end = head.number + stepBlocks < finalized.number ? head.number + stepBlocks : finalized.number;
      const [block] = end === finalized.number ? [finalized] : await reader.headers([end]);
      if (!block) break; // the node lost its own finalized block: the next look decides
      const logs = await readLogs(source, { after: head.number, block });
      yield { kind: "block", block, logs, final: true, caughtUp: block.hash === latest.hash };
      followed = [block];
      head = block;
    }

    while (head.number < latest.number && !signal.aborted) {
      const block: BlockHeader | null | undefined =
        head.number + 1n === latest.number ? latest : (await reader.headers([head.number + 1n]))[0];
      if (!block || block.parentHash !== head.hash) break; // a reorg meanwhile: the next look finds its ancestor
      const logs = await readLogs(source, { after: head.number, block });
      yield { kind: "block", block, logs, final: false, caughtUp: block.hash === latest.hash };
      followed.push(block);
      head = block;
    }

    if (finalized !== null && followed.some((block, index) => index > 0 && block.hash === finalized.hash)) {
      followed = followed.filter((block) => block.number >= finalized.number);
      yield { kind: "finalize", block: finalized };
    }
  }
}
