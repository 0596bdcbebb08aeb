import type { Hex } from "../../core/hex.ts";
import { impactOf } from "./impact.ts";
import { actionOf, grantKey, teamOf, type AuthorityState, type Call, type Limits } from "./state.ts";
import { usedByHalfDay, usedImpact } from "./team-impact.ts";

/** As `IAuthorityLimits.Boundary` counts them: a call crosses the first of them that it crosses. */
export const boundaries = [
  "None",
  "Unlisted",
  "Scope",
  "Reversibility",
  "Unreadable",
  "RateMissing",
  "GrantCap",
  "TeamImpact",
] as const;
export type Boundary = (typeof boundaries)[number];

/** `IAuthorityLimits.LimitCheck`: what a call meets. */
export interface LimitCheck {
  readonly boundary: Boundary;
  readonly limit: bigint;
  readonly actual: bigint;
  /** 0 where it is not known. */
  readonly impact: bigint;
  readonly teamImpact: bigint;
  readonly teamLimit: bigint;
  readonly team: number;
  readonly task: number;
  readonly anchor: Hex;
  /** What `teamImpact` consists of: 48 bits each for the present half-day (lowest) and the two before it. */
  readonly usedByHalfDay: bigint;
}

const nobody: Hex = `0x${"00".repeat(20)}`;

/** Which limit a call crosses, if its caller's grant has effect. `data` holds a selector at least. */
export function checkLimits(state: AuthorityState, call: Call, now: number): LimitCheck {
  const selector: Hex = `0x${call.data.slice(2, 10)}`;
  const { facts } = actionOf(state, call.target, selector);
  const grant = state.grants.get(grantKey(call.caller, call.target, selector));
  const task = grant && state.tasks.get(grant.task);
  const { limits, impact: windows } = teamOf(state, task?.team ?? 0);
  const read = impactOf(facts, state.rates, call.data, now);
  const impact = read.known ? read.impact : 0n;
  const teamImpact = usedImpact(windows, now);
  const crossed = ((): Pick<LimitCheck, "boundary" | "limit" | "actual"> => {
    if (facts.impact === "Unlisted") return { boundary: "Unlisted", limit: 0n, actual: 0n };
    if (!hasScope(limits, facts.scope)) {
      return { boundary: "Scope", limit: BigInt(limits.scopes), actual: BigInt(facts.scope) };
    }
    if (facts.reversibility < limits.minReversibility) {
      const { minReversibility } = limits;
      return { boundary: "Reversibility", limit: BigInt(minReversibility), actual: BigInt(facts.reversibility) };
    }
    if (!read.known) return { boundary: read.boundary, limit: read.limit, actual: read.actual };
    // What has no impact crosses no limit of impact, not even one that was lowered below what is used.
    if (impact === 0n) return inside;
    const cap = grant?.cap ?? null;
    if (cap !== null && impact > cap) return { boundary: "GrantCap", limit: cap, actual: impact };
    const total = teamImpact + impact;
    return total > limits.maxImpact ? { boundary: "TeamImpact", limit: limits.maxImpact, actual: total } : inside;
  })();
  return {
    ...crossed,
    impact,
    teamImpact,
    teamLimit: limits.maxImpact,
    team: task?.team ?? 0,
    task: grant?.task ?? 0,
    anchor: task?.anchor ?? nobody,
    usedByHalfDay: usedByHalfDay(windows, now),
  };
}

const inside = { boundary: "None", limit: 0n, actual: 0n } as const;

/** Whether a team may make decisions of that kind by itself. */
export function hasScope(limits: Limits, scope: number): boolean {
  return scope < 32 && ((limits.scopes >>> scope) & 1) === 1;
}
