import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import { operationOf, type GrantReplay } from "./grant-replay.ts";
import { boundary } from "./limit-check.ts";
import type { RuleContext } from "./rule-context.ts";

type Status = "pending" | "approved" | "rejected" | "withdrawn" | "executed";

/** An escalation as replayed; times in seconds. */
export interface ReplayedEscalation {
  readonly operation: Hex;
  readonly status: Status;
  readonly team: number;
  readonly caller: Hex;
  readonly anchor: Hex;
  readonly pathVersion: number;
  readonly openedAt: bigint;
  readonly deadline: bigint;
  readonly resolver: Hex | undefined;
  readonly usableUntil: bigint;
  /** When it was rejected, withdrawn or executed. */
  readonly endedAt: bigint | undefined;
}

/** What the escalations' replay reads of the others. */
export interface EscalationWorld {
  readonly meets: GrantReplay["meets"];
  readonly liveUntil: (anchor: Hex) => bigint;
  readonly anchorOfTask: (task: number) => Hex | undefined;
  readonly teamOfTask: (task: number) => number | undefined;
  readonly anchorOf: (team: number) => Hex | undefined;
  readonly pathAt: (team: number, version: number) => readonly number[] | undefined;
  readonly pathVersion: (team: number) => number;
  readonly substituteOf: (anchor: Hex) => Hex | undefined;
  readonly effective: (team: number, parameter: Hex) => bigint | undefined;
}

/** The history of escalations. */
export interface EscalationReplay {
  apply(event: EventOf<"Escalations">): void;
  /** Every escalation that was opened, in order. */
  readonly all: () => readonly ReplayedEscalation[];
  /** Whether an approval of `operation`, given up the path of `team`, was spent in the transaction; true once for each. */
  spend(transaction: Hex, operation: Hex, team: number): boolean;
}

const deadlineSecondsId = keccak256Text("escalation.deadlineSeconds");
const usableSecondsId = keccak256Text("escalation.usableSeconds");

export function replayEscalations(context: RuleContext, world: EscalationWorld): EscalationReplay {
  const all: ReplayedEscalation[] = [];
  /** Place in `all` of each operation's last escalation. */
  const places = new Map<Hex, number>();
  const spent = new Map<string, number>();

  function find(operation: Hex): ReplayedEscalation | undefined {
    return all[places.get(operation) ?? -1];
  }

  function change(operation: Hex, to: Partial<ReplayedEscalation>): void {
    const place = places.get(operation);
    const before = find(operation);
    if (place !== undefined && before !== undefined) all[place] = { ...before, ...to };
  }

  function isLive(account: Hex, now: bigint): boolean {
    return now < world.liveUntil(account);
  }

  /** Whether the same operation may not be escalated anew. */
  function isRunning(escalation: ReplayedEscalation | undefined, now: bigint): boolean {
    if (escalation === undefined) return false;
    const { status, deadline, usableUntil, resolver } = escalation;
    if (status === "pending") return now < deadline;
    return status === "approved" && now < usableUntil && resolver !== undefined && isLive(resolver, now);
  }

  /** The boundary must be the one that the call really met. */
  function checkBoundary(log: PlacedLog, args: EventArgs<"Escalations", "EscalationOpened">): void {
    const rule = "accountability-escalation-opened";
    const { caller, target, data, task, limit, actual } = args;
    const found = world.meets({ caller, target, data, now: log.blockTimestamp });
    context.require(found !== undefined, rule, log, "a call that a grant permits", `${caller} has none`);
    if (found === undefined) return;
    context.requireEqual(rule, log, "the grant's task", found.task, task);
    const { met, exact } = found;
    const crosses = args.boundary !== boundary.none;
    context.require(crosses, rule, log, "a boundary that is crossed", `boundary ${args.boundary}`);
    const counted = args.boundary === boundary.grantCap || args.boundary === boundary.teamImpact;
    if (counted && !exact) {
      // Calls to contracts outside the registry were charged as well, so that more was used than can be added up here.
      context.require(actual > limit, rule, log, `more than the limit ${limit}`, actual);
      return;
    }
    const expected = `boundary ${met.boundary}: ${met.actual} against ${met.limit}`;
    const told = `boundary ${args.boundary}: ${actual} against ${limit}`;
    context.require(expected === told, rule, log, expected, told);
  }

  function opened(log: PlacedLog, args: EventArgs<"Escalations", "EscalationOpened">): void {
    const rule = "accountability-escalation-opened";
    const { operation, team, caller, target, data, task, deadline, pathVersion, anchor } = args;
    const now = log.blockTimestamp;
    context.requireEqual(rule, log, "operation", operationOf(caller, target, data), operation);
    const free = !isRunning(find(operation), now);
    context.require(free, rule, log, "no escalation of it that is pending or approved", operation);
    checkBoundary(log, args);
    context.requireEqual(rule, log, "the task's team", world.teamOfTask(task), team);
    context.requireEqual(rule, log, "the task's anchor", world.anchorOfTask(task), anchor);
    context.requireEqual(rule, log, "version of the path", world.pathVersion(team), pathVersion);
    const lasts = world.effective(team, deadlineSecondsId) ?? 0n;
    context.requireEqual(rule, log, "deadline", now + lasts, BigInt(deadline));
    places.set(operation, all.length);
    all.push({
      operation,
      status: "pending",
      team,
      caller,
      anchor,
      pathVersion,
      openedAt: now,
      deadline: BigInt(deadline),
      resolver: undefined,
      usableUntil: 0n,
      endedAt: undefined,
    });
  }

  /** That `resolver`, for `anchor`, sits at a position of the path whose time has come, and is not who asked. */
  function checkResolver(log: PlacedLog, operation: Hex, resolver: Hex, anchor: Hex): ReplayedEscalation | undefined {
    const rule = "accountability-escalation-resolved";
    const escalation = find(operation);
    const now = log.blockTimestamp;
    const pending = escalation?.status === "pending" && now < escalation.deadline;
    const status = escalation === undefined ? "none" : `${escalation.status}, deadline ${escalation.deadline}`;
    context.require(pending, rule, log, "a pending escalation before its deadline", `${status} at ${now}`);
    if (escalation === undefined) return undefined;
    const { openedAt, deadline, team, pathVersion, caller } = escalation;
    const path = world.pathAt(team, pathVersion) ?? [];
    const position = path.findIndex((each) => world.anchorOf(each) === anchor);
    const opensAt = openedAt + (BigInt(Math.max(position, 0)) * (deadline - openedAt)) / BigInt(path.length || 1);
    const sits = position !== -1 && now >= opensAt;
    context.require(sits, rule, log, "an anchor of the path whose time has come", `${anchor}, from ${opensAt}`);
    const acts = resolver === anchor || world.substituteOf(anchor) === resolver;
    context.require(acts, rule, log, `${anchor} or its substitute`, resolver);
    context.require(isLive(resolver, now), rule, log, "a live anchor", resolver);
    const another = resolver !== caller && anchor !== caller;
    context.require(another, rule, log, "somebody else than who asked", resolver);
    return escalation;
  }

  function approved(log: PlacedLog, args: EventArgs<"Escalations", "EscalationApproved">): void {
    const { operation, resolver, anchor, usableUntil } = args;
    const escalation = checkResolver(log, operation, resolver, anchor);
    if (escalation === undefined) return;
    const usable = log.blockTimestamp + (world.effective(escalation.team, usableSecondsId) ?? 0n);
    const until = world.liveUntil(resolver);
    const expected = usable < until ? usable : until;
    const rule = "accountability-escalation-resolved";
    context.requireEqual(rule, log, "usable until", expected, BigInt(usableUntil));
    change(operation, { status: "approved", resolver, usableUntil: BigInt(usableUntil) });
  }

  function executed(log: PlacedLog, { operation, anchor }: EventArgs<"Escalations", "EscalationExecuted">): void {
    const rule = "accountability-escalation-executed";
    const escalation = find(operation);
    const usable = escalation?.status === "approved" && isRunning(escalation, log.blockTimestamp);
    context.require(usable, rule, log, "an approval that is usable now", escalation?.status ?? "none");
    context.requireEqual(rule, log, "who approved", escalation?.resolver, anchor);
    change(operation, { status: "executed", endedAt: log.blockTimestamp });
    const key = `${log.transaction} ${operation} ${escalation?.team}`;
    spent.set(key, (spent.get(key) ?? 0) + 1);
  }

  return {
    apply(event) {
      const { log } = event;
      switch (event.eventName) {
        case "EscalationOpened": {
          opened(log, event.args);
          return;
        }
        case "EscalationApproved": {
          approved(log, event.args);
          return;
        }
        case "EscalationRejected": {
          const { operation, resolver, anchor } = event.args;
          checkResolver(log, operation, resolver, anchor);
          change(operation, { status: "rejected", resolver, endedAt: log.blockTimestamp });
          return;
        }
        case "EscalationWithdrawn": {
          const { operation, caller } = event.args;
          const rule = "accountability-escalation-resolved";
          const escalation = find(operation);
          const running = isRunning(escalation, log.blockTimestamp);
          context.require(running, rule, log, "a pending or approved escalation", escalation?.status ?? "none");
          context.requireEqual(rule, log, "who asked", escalation?.caller, caller);
          change(operation, { status: "withdrawn", endedAt: log.blockTimestamp });
          return;
        }
        case "EscalationExecuted": {
          executed(log, event.args);
          return;
        }
        default: // changes nothing that a rule reads
          return;
      }
    },
    all: () => all,
    spend(transaction, operation, team) {
      const key = `${transaction} ${operation} ${team}`;
      const left = spent.get(key) ?? 0;
      if (left === 0) return false;
      spent.set(key, left - 1);
      return true;
    },
  };
}
