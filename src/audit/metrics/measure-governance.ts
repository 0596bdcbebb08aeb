import { ONE } from "../../core/fixed-point.ts";
import type { Hex } from "../../core/hex.ts";
import type { AuditedEvent, AuditedKind } from "../replay/audited-event.ts";
import type { ReplayedEscalation } from "../replay/escalation-replay.ts";
import { decimalText, shareOf } from "./share.ts";

/** Figures of the organization's governance; shares and health are decimal text with six places, null of nothing. */
export interface GovernanceMetrics {
  /** Grants, movements of money, forks and their ends; one that was escalated counts once. */
  readonly decisions: number;
  readonly escalations: number;
  /** Decisions that trace to a human anchor whose identity record is present. */
  readonly traced: number;
  readonly accountabilityTraceability: string | null;
  /** Decisions that an anchor whose record is missing or altered answers for, by anchor. */
  readonly untraced: Readonly<Record<Hex, number>>;
  readonly autonomousOperationRate: string | null;
  readonly targetAutonomyRate: string;
  /** `1 − (escalations / decisions) / (1 − target)`, as published: 0 at the target, never above 1. */
  readonly governanceHealthPublished: string | null;
  /** `2 − (escalations / decisions) / (1 − target)`: 1 at the target. */
  readonly governanceHealth: string | null;
  /** Seconds from an escalation's opening to its final state; the 99th percentile by nearest rank. */
  readonly escalationLatencyP99Seconds: number | null;
  readonly escalationsDecided: number;
}

export interface MeasuredHistory {
  readonly events: readonly AuditedEvent[];
  readonly escalations: readonly ReplayedEscalation[];
  /** Time at which the system is judged, in seconds. */
  readonly now: bigint;
  /** Identity that an anchor was enrolled with last. */
  readonly identityOf: (anchor: Hex) => Hex | undefined;
  /** Whether the record with this hash is kept for this anchor, unaltered. */
  readonly hasRecord: (anchor: Hex, identity: Hex) => boolean;
  /** Fixed point. Default 0.893. */
  readonly targetAutonomyRate?: bigint;
}

const DEFAULT_TARGET = (893n * ONE) / 1_000n;
const NOBODY = 0n;

/** What the system decides: each of these permits, moves or ends something. */
const decisions: Readonly<Partial<Record<AuditedKind, ReadonlySet<string>>>> = {
  Authority: new Set(["GrantGiven"]),
  BudgetVault: new Set([
    "ProjectFunded",
    "MilestonePaid",
    "MilestoneReclaimed",
    "ProjectReclaimed",
    "PoolWithdrawn",
    "PoolMoved",
  ]),
  StrategyForks: new Set(["ForkOpened", "ForkMerged", "ForkArchived"]),
  Escalations: new Set(["EscalationOpened"]),
};

/** Decisions of the history: what an approval let through was counted when it was escalated. */
function decisionsOf(events: readonly AuditedEvent[]): AuditedEvent[] {
  const approved = new Map<Hex, number>();
  return events.filter(({ kind, eventName, log }) => {
    const left = approved.get(log.transaction) ?? 0;
    if (eventName === "EscalationExecuted") approved.set(log.transaction, left + 1);
    if (decisions[kind]?.has(eventName) !== true) return false;
    // The event of the approved call is the first decision after its approval was spent.
    if (kind === "Escalations" || left === 0) return true;
    approved.set(log.transaction, left - 1);
    return false;
  });
}

/** The second in which an escalation was decided for good; undefined where it waits. */
function finalAt({ status, deadline, usableUntil, endedAt }: ReplayedEscalation, now: bigint): bigint | undefined {
  if (endedAt !== undefined) return endedAt;
  const lapses = status === "pending" ? deadline : usableUntil;
  return lapses <= now ? lapses : undefined;
}

/** The value that 99 of 100 do not exceed, by nearest rank; undefined of nothing. */
function percentile99(values: readonly bigint[]): bigint | undefined {
  const ascending = [...values].sort((a, b) => (a < b ? -1 : 1));
  return ascending[Math.ceil((ascending.length * 99) / 100) - 1];
}

/** Measures how a replayed history was governed. Pure. */
export function measureGovernance(history: MeasuredHistory): GovernanceMetrics {
  const { events, escalations, now, identityOf, hasRecord, targetAutonomyRate: target = DEFAULT_TARGET } = history;
  const decided = decisionsOf(events);
  const untraced: Record<Hex, number> = {};
  for (const { args } of decided) {
    const anchor = "anchor" in args ? args.anchor : "0x";
    const identity = anchor === "0x" || BigInt(anchor) === NOBODY ? undefined : identityOf(anchor);
    if (identity === undefined || !hasRecord(anchor, identity)) untraced[anchor] = (untraced[anchor] ?? 0) + 1;
  }
  const missing = Object.values(untraced).reduce((sum, each) => sum + each, 0);
  const share = shareOf(escalations.length, decided.length);
  const load = share === undefined ? undefined : (share * ONE) / (ONE - target);
  const latencies = escalations.flatMap((each) => {
    const end = finalAt(each, now);
    return end === undefined ? [] : [end - each.openedAt];
  });
  const p99 = percentile99(latencies);
  const text = (value: bigint | undefined): string | null => (value === undefined ? null : decimalText(value));
  return {
    decisions: decided.length,
    escalations: escalations.length,
    traced: decided.length - missing,
    accountabilityTraceability: text(shareOf(decided.length - missing, decided.length)),
    untraced,
    autonomousOperationRate: text(share === undefined ? undefined : ONE - share),
    targetAutonomyRate: decimalText(target),
    governanceHealthPublished: text(load === undefined ? undefined : ONE - load),
    governanceHealth: text(load === undefined ? undefined : 2n * ONE - load),
    escalationLatencyP99Seconds: p99 === undefined ? null : Number(p99),
    escalationsDecided: latencies.length,
  };
}
