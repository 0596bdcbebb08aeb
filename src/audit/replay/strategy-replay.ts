import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import type { MergeVote } from "./governor-replay.ts";
import type { RuleContext } from "./rule-context.ts";

interface ReplayedFork {
  readonly parentPool: Hex;
  readonly asset: Hex;
  readonly anchor: Hex;
  readonly deadline: bigint;
  readonly pools: readonly Hex[];
  readonly status: "open" | "merged" | "archived";
  readonly winner: number | undefined;
  /** What ended it: the governor's proposal, or the deadline as a word. */
  readonly endedBy: bigint | undefined;
}

/** A movement between pools that the vault recorded. */
export interface PoolMove {
  readonly transaction: Hex;
  readonly logIndex: number;
  readonly from: Hex;
  readonly to: Hex;
  readonly asset: Hex;
  readonly amount: bigint;
}

export interface StrategyWorld {
  isLive(anchor: Hex, time: bigint): boolean;
  /** The vote behind a proposal; undefined where no governor recorded it. */
  voteOf(proposal: bigint): MergeVote | undefined;
  /** Movements between pools in a transaction, so far. */
  moves(transaction: Hex): readonly PoolMove[];
}

/** The history of one contract of forks. */
export interface StrategyReplay {
  apply(event: EventOf<"StrategyForks">): void;
}

export function replayStrategy(context: RuleContext, world: StrategyWorld): StrategyReplay {
  const forks = new Map<Hex, ReplayedFork>();

  /** Requires that the vault moved `amount` from `from` to `to` in the transaction of `log`, before it. */
  function requireMove(
    rule: "strategy-fork" | "strategy-sweep",
    log: PlacedLog,
    move: Omit<PoolMove, "transaction" | "logIndex">,
  ) {
    const moved = world
      .moves(log.transaction)
      .some(
        (each) =>
          each.logIndex < log.logIndex &&
          each.from === move.from &&
          each.to === move.to &&
          each.asset === move.asset &&
          each.amount === move.amount,
      );
    const text = `${move.amount} moved from ${move.from} to ${move.to}`;
    context.require(moved, rule, log, text, "no such movement in the vault");
  }

  function openFork(log: PlacedLog, id: Hex): ReplayedFork | undefined {
    const fork = forks.get(id);
    const status = fork?.status ?? "unknown";
    context.require(status === "open", "strategy-fork", log, `fork ${id} open`, status);
    return fork;
  }

  function opened(log: PlacedLog, args: EventArgs<"StrategyForks", "ForkOpened">): void {
    const rule = "strategy-fork";
    const { fork, parentPool, asset, deadline, branches, anchor } = args;
    context.require(!forks.has(fork), rule, log, "a new fork", fork);
    context.require(branches.length >= 2, rule, log, "at least two branches", branches.length);
    context.require(world.isLive(anchor, log.blockTimestamp), rule, log, "a live anchor", anchor);
    context.require(BigInt(deadline) > log.blockTimestamp, rule, log, "a deadline ahead", deadline);
    for (const { pool, budget } of branches) {
      if (budget > 0n) requireMove(rule, log, { from: parentPool, to: pool, asset, amount: budget });
    }
    const pools = branches.map(({ pool }) => pool);
    const terms = { parentPool, asset, anchor, deadline: BigInt(deadline), pools };
    forks.set(fork, { ...terms, status: "open", winner: undefined, endedBy: undefined });
  }

  function merged(log: PlacedLog, { fork: id, branch, cause }: EventArgs<"StrategyForks", "ForkMerged">): void {
    const rule = "strategy-merge";
    const fork = openFork(log, id);
    if (fork === undefined) return;
    const inTime = log.blockTimestamp < fork.deadline;
    context.require(inTime, rule, log, `a merge before ${fork.deadline}`, log.blockTimestamp);
    context.require(world.isLive(fork.anchor, log.blockTimestamp), rule, log, "a live anchor", fork.anchor);
    const vote = world.voteOf(BigInt(cause));
    context.require(vote !== undefined, rule, log, "a proposal of the governor", cause);
    if (vote !== undefined) {
      context.requireEqual(rule, log, "the proposal's fork", id, vote.fork);
      context.require(vote.ended(log.blockTimestamp), rule, log, "a vote that has ended", `at ${log.blockTimestamp}`);
      context.require(vote.cast >= vote.quorum, rule, log, `${vote.quorum} votes`, `${vote.cast} votes`);
      context.requireEqual(rule, log, "winner", vote.leader, branch);
    }
    forks.set(id, { ...fork, status: "merged", winner: branch, endedBy: BigInt(cause) });
  }

  function archived(log: PlacedLog, { fork: id, cause }: EventArgs<"StrategyForks", "ForkArchived">): void {
    const fork = openFork(log, id);
    if (fork === undefined) return;
    const over = log.blockTimestamp >= fork.deadline;
    context.require(over, "strategy-fork", log, `archived from ${fork.deadline} on`, log.blockTimestamp);
    forks.set(id, { ...fork, status: "archived", endedBy: BigInt(cause) });
  }

  function swept(log: PlacedLog, { fork: id, branch, amount, cause }: EventArgs<"StrategyForks", "BranchSwept">): void {
    const rule = "strategy-sweep";
    const fork = forks.get(id);
    const pool = fork?.pools[branch];
    const losing = fork !== undefined && fork.status !== "open" && fork.winner !== branch;
    context.require(losing, rule, log, "an archived branch", `branch ${branch} of ${id}`);
    if (fork === undefined || pool === undefined) return;
    context.requireEqual(rule, log, "what archived it", fork.endedBy, BigInt(cause));
    requireMove(rule, log, { from: pool, to: fork.parentPool, asset: fork.asset, amount });
  }

  return {
    apply(event) {
      switch (event.eventName) {
        case "ForkOpened": {
          opened(event.log, event.args);
          return;
        }
        case "ForkMerged": {
          merged(event.log, event.args);
          return;
        }
        case "ForkArchived": {
          archived(event.log, event.args);
          return;
        }
        case "BranchSwept": {
          swept(event.log, event.args);
          return;
        }
        default: // changes nothing that a rule reads
          return;
      }
    },
  };
}
