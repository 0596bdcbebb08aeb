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
 * The last followed block that the chain still has: one of `recent`, or the final one before them.
 * @throws {MandateError} `ReorgBelowFinalized` where not even the final one is: no following may repair that.
 */
async function commonAncestor(reader: ChainReader, base: BlockRef, recent: readonly BlockRef[]): Promise<BlockRef> {
  for (const block of [base, ...recent].toReversed()) {
    const [canonical] = await reader.headers([block.number]);
    if (canonical?.hash === block.hash) return block;
  }
  throw new MandateError(
    "ReorgBelowFinalized",
    `the chain no longer has the finalized block ${base.number} ${base.hash}`,
    {
      kind: "environment",
      data: { block: base.number, hash: base.hash },
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
  const { reader, chainId, fromBlock, clock, signal, checkpoint } = options;
  const stepBlocks = options.stepBlocks ?? DEFAULT_STEP_BLOCKS;
  const pollMs = options.pollMs ?? DEFAULT_POLL_MS;
  const watched = new Map<Hex, bigint>([
    ...options.roots.map((root): [Hex, bigint] => [root, 0n]),
    ...(checkpoint?.watched ?? []),
  ]);
  const source = { reader, watched, discover: options.discover, fromBlock };
  const isOver = (): boolean => signal.aborted;

  let position = await reader.position();
  if (position.chainId !== chainId) throw wrongChain(position.chainId, chainId);

  /** The last final block, and the blocks told since. */
  let base: BlockRef;
  let recent: BlockRef[] = [...(checkpoint?.recent ?? [])];
  if (checkpoint === undefined) {
    const first = await baseOf(reader, fromBlock);
    yield { kind: "finalize", block: first };
    base = first;
  } else {
    base = checkpoint.finalized;
  }

  while (!isOver()) {
    const { latest, finalized } = position;
    let head = recent.at(-1) ?? base;

    const [canonical] = latest.number === head.number ? [latest] : await reader.headers([head.number]);
    if (canonical?.hash !== head.hash) {
      const ancestor = await commonAncestor(reader, base, recent);
      recent = recent.filter((block) => block.number <= ancestor.number);
      for (const [address, foundAt] of watched) if (foundAt > ancestor.number) watched.delete(address);
      yield { kind: "reorg", ancestor };
      head = ancestor;
    }

    while (finalized !== null && head.number < finalized.number && !isOver()) {
      const end = head.number + stepBlocks < finalized.number ? head.number + stepBlocks : finalized.number;
      const [block] = end === finalized.number ? [finalized] : await reader.headers([end]);
      if (!block) break; // the node lost its own finalized block: the next look decides
      const logs = await readLogs(source, { after: head.number, block });
      yield { kind: "block", block, logs, final: true, caughtUp: block.hash === latest.hash };
      base = head = block;
      recent = [];
    }

    while (head.number < latest.number && !isOver()) {
      const next = head.number + 1n;
      const [block] = next === latest.number ? [latest] : await reader.headers([next]);
      if (block?.parentHash !== head.hash) break; // a reorg meanwhile: the next look finds its ancestor
      const logs = await readLogs(source, { after: head.number, block });
      yield { kind: "block", block, logs, final: false, caughtUp: block.hash === latest.hash };
      recent.push(block);
      head = block;
    }

    if (finalized !== null && recent.some(({ hash }) => hash === finalized.hash)) {
      base = finalized;
      recent = recent.filter(({ number }) => number > finalized.number);
      yield { kind: "finalize", block: finalized };
    }

    await clock.sleep(pollMs, signal);
    if (isOver()) return;
    position = await reader.position();
    if (position.chainId !== chainId) throw wrongChain(position.chainId, chainId);
  }
}
