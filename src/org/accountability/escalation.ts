import type { Hex } from "../../core/hex.ts";

/** As `IEscalations.EscalationStatus` counts them. */
export const escalationStatuses = [
  "None",
  "Pending",
  "Approved",
  "Rejected",
  "Denied",
  "Withdrawn",
  "Executed",
  "Unused",
] as const;
export type EscalationStatus = (typeof escalationStatuses)[number];

/** An escalation as it is kept. What its time alone has ended is still `Pending` or `Approved` here. */
export interface Escalation {
  readonly status: "Pending" | "Approved" | "Rejected" | "Withdrawn" | "Executed";
  readonly requester: Hex;
  readonly openedAt: number;
  /** While pending the deadline, from the approval on the first second in which it cannot be used any more. */
  readonly until: number;
  /** Number of anchors on the path, as it was at opening. */
  readonly pathLength: number;
  /** Who approved; null before. */
  readonly resolver: Hex | null;
}

/** Until when an anchor lives, in seconds; 0 for who is none. */
export type LiveUntil = (account: Hex) => number;

/** A change of an escalation, or the name of the error with which the contract refuses it. */
export type EscalationChange =
  { readonly done: true; readonly escalation: Escalation } | { readonly done: false; readonly error: string };

/** The status at `now`: silence is denial, and an approval is as good as the life of who gave it. */
export function escalationStatus(
  escalation: Escalation | undefined,
  liveUntil: LiveUntil,
  now: number,
): EscalationStatus {
  if (escalation === undefined) return "None";
  const { status, until, resolver } = escalation;
  if (status === "Pending" && now >= until) return "Denied";
  if (status === "Approved" && (now >= until || resolver === null || now >= liveUntil(resolver))) return "Unused";
  return status;
}

/** First second in which the anchor at `position` of the path may resolve: the time until the deadline is shared equally. */
export function opensAt(
  { openedAt, until, pathLength }: Pick<Escalation, "openedAt" | "until" | "pathLength">,
  position: number,
): number {
  return openedAt + Math.floor((position * (until - openedAt)) / pathLength);
}

/** Opens an escalation of a call, or opens it anew once the former one is over. */
export function openEscalation(
  former: Escalation | undefined,
  request: { readonly requester: Hex; readonly deadlineSeconds: number; readonly pathLength: number },
  liveUntil: LiveUntil,
  now: number,
): EscalationChange {
  const status = escalationStatus(former, liveUntil, now);
  if (status === "Pending" || status === "Approved") return refused("EscalationsAlreadyOpen");
  const { requester, deadlineSeconds, pathLength } = request;
  const until = now + deadlineSeconds;
  return done({ status: "Pending", requester, openedAt: now, until, pathLength, resolver: null });
}

/** Who acts on an escalation: `anchor` is who sits at `position` of the path, `caller` itself or its substitute. */
export interface Resolution {
  readonly caller: Hex;
  readonly anchor: Hex;
  readonly position: number;
}

/** An anchor allows the call once, for `usableSeconds`, and no longer than it lives. */
export function approveEscalation(
  escalation: Escalation | undefined,
  by: Resolution,
  { usableSeconds, liveUntil }: { readonly usableSeconds: number; readonly liveUntil: LiveUntil },
  now: number,
): EscalationChange {
  const problem = cannotResolve(escalation, by, liveUntil, now);
  if (escalation === undefined || problem !== undefined) return refused(problem ?? "EscalationsUnexpectedStatus");
  const until = Math.min(now + usableSeconds, liveUntil(by.caller));
  return done({ ...escalation, status: "Approved", until, resolver: by.caller });
}

export function rejectEscalation(
  escalation: Escalation | undefined,
  by: Resolution,
  liveUntil: LiveUntil,
  now: number,
): EscalationChange {
  const problem = cannotResolve(escalation, by, liveUntil, now);
  if (escalation === undefined || problem !== undefined) return refused(problem ?? "EscalationsUnexpectedStatus");
  return done({ ...escalation, status: "Rejected" });
}

/** Who opened it takes it back, pending or approved. */
export function withdrawEscalation(
  escalation: Escalation | undefined,
  liveUntil: LiveUntil,
  now: number,
): EscalationChange {
  const status = escalationStatus(escalation, liveUntil, now);
  if (escalation === undefined || (status !== "Pending" && status !== "Approved")) {
    return refused("EscalationsUnexpectedStatus");
  }
  return done({ ...escalation, status: "Withdrawn" });
}

/** The approved call was made: nobody can make it again. */
export function executedEscalation(escalation: Escalation): Escalation {
  return { ...escalation, status: "Executed" };
}

function cannotResolve(
  escalation: Escalation | undefined,
  { caller, anchor, position }: Resolution,
  liveUntil: LiveUntil,
  now: number,
): string | undefined {
  if (escalation === undefined || escalationStatus(escalation, liveUntil, now) !== "Pending") {
    return "EscalationsUnexpectedStatus";
  }
  // Who asks does not approve, nor has somebody approve in its own place.
  if (caller === escalation.requester || anchor === escalation.requester) return "EscalationsOwnRequest";
  if (now < opensAt(escalation, position)) return "EscalationsNotOpenYet";
  return liveUntil(caller) <= now ? "EscalationsResolverNotLive" : undefined;
}

function done(escalation: Escalation): EscalationChange {
  return { done: true, escalation };
}

function refused(error: string): EscalationChange {
  return { done: false, error };
}
