import type { EscalationAnswer } from "../../core/api/escalations.ts";
import { boundaries } from "../../core/api/limits.ts";
import type { Hex } from "../../core/hex.ts";
import type { Entities, EscalationRow } from "../fold/rows.ts";
import { substituteOf } from "./describe-team.ts";
import type { Identified } from "./snapshot.ts";
import { checksummed } from "./spelling.ts";

/** What an escalation's answer is made of, beside its own row. */
export interface EscalationContext {
  readonly now: number;
  readonly teams: ReadonlyMap<number, Entities["team"]>;
  /** By `team/version`. */
  readonly paths: ReadonlyMap<string, readonly number[]>;
  readonly anchors: ReadonlyMap<Hex, Entities["anchor"]>;
  readonly nameOf: (address: Hex) => string;
}

/** Whether an account is a live anchor at `now`. Pure. */
export function isLive(anchor: Entities["anchor"] | undefined, now: number): boolean {
  return anchor?.status === "accepted" && now < anchor.liveUntil;
}

/** Where an escalation stands at `now`: silence denies, and an approval lapses with its time or its resolver. Pure. */
export function escalationStatus(
  row: EscalationRow,
  resolver: Entities["anchor"] | undefined,
  now: number,
): EscalationAnswer["status"] {
  if (row.status === "pending") return now < row.deadline ? "pending" : "denied";
  if (row.status !== "approved") return row.status;
  return now < (row.usableUntil ?? 0) && isLive(resolver, now) ? "approved" : "unused";
}

/** Second from which the anchor at `position` of a path of `length` may resolve. Rounded down, for the anchor. Pure. */
export function opensAt(
  { openedAt, deadline }: Pick<EscalationRow, "openedAt" | "deadline">,
  position: number,
  length: number,
): number {
  return openedAt + Math.floor((position * (deadline - openedAt)) / length);
}

function resolversOf(row: EscalationRow, context: EscalationContext): EscalationAnswer["resolvers"] {
  const path = context.paths.get(`${row.team}/${row.pathVersion}`) ?? [];
  return path.flatMap((team, position) => {
    const found = context.teams.get(team);
    if (found === undefined || found.status === "closed") return []; // nobody answers for it any more
    const { anchor } = found;
    const substitute = substituteOf(context.anchors.get(anchor), context.anchors);
    const from = opensAt(row, position, path.length);
    // Who asks does not approve, not even through a substitute.
    const able = [anchor, substitute].some(
      (each) => each !== null && each !== row.caller && isLive(context.anchors.get(each), context.now),
    );
    const inTime = from <= context.now && context.now < row.deadline;
    return [
      {
        position,
        team,
        anchor: checksummed(anchor),
        substitute: substitute === null ? null : checksummed(substitute),
        opensAt: from,
        open: row.status === "pending" && inTime && able && anchor !== row.caller,
      },
    ];
  });
}

/** An escalation in an answer, with everything that time decides as of `context.now`. Pure. */
export function describeEscalation(row: Identified<"escalation">, context: EscalationContext): EscalationAnswer {
  const boundary = boundaries[row.boundary];
  if (boundary === undefined) throw new RangeError(`no boundary has the number ${row.boundary}`);
  const { limitValue, actualValue, resolver, pathVersion: _pathVersion, id, ...same } = row;
  return {
    ...same,
    operation: id as Hex,
    status: escalationStatus(row, resolver === null ? undefined : context.anchors.get(resolver), context.now),
    caller: checksummed(row.caller),
    target: checksummed(row.target),
    targetName: context.nameOf(row.target),
    boundary,
    limit: limitValue.toString(),
    actual: actualValue.toString(),
    resolver: resolver === null ? null : checksummed(resolver),
    resolvers: resolversOf(row, context),
  };
}
