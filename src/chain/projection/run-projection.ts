import type pg from "pg";
import type { Clock } from "../../core/clock.ts";
import type { Hex } from "../../core/hex.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import { journalHeadSlot } from "../../core/journal/fold-journal.ts";
import type { BlockHeader, BlockRef, ChainEvent, ChainLog, RawLog } from "../follow/block.ts";
import type { ChainReader } from "../follow/chain-reader.ts";
import { follow } from "../follow/follow.ts";
import { advanceJournals, checkJournals, type Journal } from "./advance-journals.ts";
import type { ProjectionTarget, Trouble } from "./projection-target.ts";

/** What a service makes of the chain; `Tx` is what it writes through. */
export interface Projection<Tx = pg.PoolClient> {
  /** Contracts watched from the beginning. */
  readonly roots: readonly Hex[];
  /** The contract that a log makes known, if it does. Pure. */
  readonly discover: (log: RawLog) => Hex | undefined;
  /** Writes what the logs change, in the block's transaction. */
  apply(tx: Tx, block: BlockHeader, logs: readonly ChainLog[]): Promise<void>;
  /** Told after the commit. */
  committed?(outcome: ProjectionOutcome): void;
}

export type ProjectionOutcome =
  | {
      readonly kind: "block";
      readonly block: BlockHeader;
      readonly logs: readonly ChainLog[];
      readonly caughtUp: boolean;
    }
  | { readonly kind: "reorg"; readonly ancestor: BlockRef }
  | { readonly kind: "trouble"; readonly trouble: Trouble };

/** The part of a logger that a projection uses. */
export interface ProjectionLog {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

export interface RunProjectionOptions<Tx> {
  readonly store: ProjectionTarget<Tx>;
  readonly projection: Projection<Tx>;
  readonly reader: ChainReader;
  readonly chainId: number;
  readonly fromBlock: bigint;
  readonly clock: Clock;
  readonly log: ProjectionLog;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
  readonly stepBlocks?: bigint;
}

/** Why following ended. `halted`: the history contradicts itself, and a person is needed. */
export type ProjectionEnd = { readonly ended: "aborted" } | { readonly ended: "halted"; readonly trouble: Trouble };

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;

/** What a contract's storage said that the events do not explain. */
function journalMismatch(block: BlockHeader, contract: Hex, folded: Hex, stored: Hex): MandateError {
  return new MandateError(
    "JournalMismatch",
    `the events of ${contract} up to block ${block.number} fold to ${folded}, its storage says ${stored}: an event was withheld or altered; where it stays so with another node, rebuild (--rebuild)`,
    { kind: "retry", data: { block: block.number, blockHash: block.hash, contract, folded, stored } },
  );
}

function troubleOf(thrown: unknown): Trouble {
  if (!(thrown instanceof MandateError)) return { code: "Unexpected", message: messageOf(thrown) };
  const { contract } = thrown.data;
  return { code: thrown.code, message: thrown.message, ...(typeof contract === "string" ? { contract } : {}) };
}

async function takeIn<Tx>(
  options: RunProjectionOptions<Tx>,
  journals: Map<Hex, Journal>,
  event: ChainEvent,
): Promise<Map<Hex, Journal>> {
  const { store, projection, reader } = options;
  switch (event.kind) {
    case "finalize":
      await store.finalize(event.block);
      return journals;
    case "reorg":
      await store.rollBack(event.ancestor);
      options.log.warn({ ancestor: event.ancestor.number.toString() }, "reorg");
      projection.committed?.({ kind: "reorg", ancestor: event.ancestor });
      return store.journals();
    case "block": {
      const { block, logs, final, caughtUp } = event;
      const found = logs.map(projection.discover).filter((address) => address !== undefined);
      const advanced = advanceJournals(journals, [...projection.roots, ...found], logs);
      const contracts = [...advanced.keys()];
      const stored = await reader.storage(contracts, journalHeadSlot, block.hash);
      if (stored !== "unavailable") {
        const check = checkJournals(advanced, stored);
        if (!check.complete) throw journalMismatch(block, check.contract, check.folded, check.stored);
      }
      const changed = [...advanced].filter(([contract, journal]) => journals.get(contract) !== journal);
      await store.advance({ block, final, journals: changed, proved: stored !== "unavailable" }, (tx) =>
        projection.apply(tx, block, logs),
      );
      projection.committed?.({ kind: "block", block, logs, caughtUp });
      return advanced;
    }
  }
}

/**
 * Follows the chain into the store until `signal` aborts or the history contradicts itself. A block is taken in only when
 * the journal of every contract folds to the head in storage at that block; otherwise nothing of it is committed, the
 * trouble is recorded, and the same block is asked for again: a node that lags recovers, one that lies does not.
 */
export async function runProjection<Tx>(options: RunProjectionOptions<Tx>): Promise<ProjectionEnd> {
  const { store, projection, clock, log, signal } = options;
  let failures = 0;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      let journals = await store.journals();
      const events = follow({
        reader: options.reader,
        chainId: options.chainId,
        fromBlock: options.fromBlock,
        checkpoint: await store.checkpoint(),
        roots: projection.roots,
        discover: projection.discover,
        clock,
        signal,
        ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
        ...(options.stepBlocks === undefined ? {} : { stepBlocks: options.stepBlocks }),
      });
      for await (const event of events) {
        journals = await takeIn(options, journals, event);
        failures = 0;
      }
    } catch (thrown) {
      if (isOver()) break;
      const trouble = troubleOf(thrown);
      const permanent = thrown instanceof MandateError && !thrown.retryable;
      // A node that is merely away is covered by the lag rule: nothing recorded here, nothing to clear later.
      if (trouble.code !== "ChainUnavailable") {
        await store
          .setTrouble(trouble)
          .catch((error: unknown) => log.error({ error: messageOf(error) }, "trouble not recorded"));
        projection.committed?.({ kind: "trouble", trouble });
      }
      log[permanent ? "error" : "warn"](trouble, permanent ? "halted" : "retrying");
      if (permanent) return { ended: "halted", trouble };
      await clock.sleep(Math.min(FIRST_RETRY_MS * 2 ** failures++, LAST_RETRY_MS), signal);
    }
  }
  return { ended: "aborted" };
}
