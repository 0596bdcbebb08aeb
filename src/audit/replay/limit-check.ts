import type { Hex } from "../../core/hex.ts";

/** Numbers of `IAuthorityLimits.ImpactKind`. */
export const impactKind = { unlisted: 0, none: 1, fixed: 2, amount: 3, assetAmount: 4 } as const;

/** Numbers of `IAuthorityLimits.Boundary`. */
export const boundary = {
  none: 0,
  unlisted: 1,
  scope: 2,
  reversibility: 3,
  unreadable: 4,
  rateMissing: 5,
  grantCap: 6,
  teamImpact: 7,
} as const;

/** What the catalog says about an action, as the authority enforces it. */
export interface ActionFacts {
  readonly impact: number;
  readonly scope: number;
  readonly reversibility: number;
  readonly fixedImpact: number;
  readonly amountWord: number;
  readonly assetWord: number;
}

/** Limits of a team: impact in units of account with 4 decimals, a bit set of scopes, percent. */
export interface Cone {
  readonly maxImpact: number;
  readonly scopes: number;
  readonly minReversibility: number;
}

/** Units of account (4 decimals) for 1e18 base units. */
export interface Rate {
  readonly rate: bigint;
  readonly validUntil: bigint;
}

/** A call and everything that decides which boundary it crosses. */
export interface LimitedCall {
  /** With its selector. */
  readonly data: Hex;
  readonly now: bigint;
  readonly facts: ActionFacts | undefined;
  readonly limits: Cone;
  /** Impact that the team's grants had in this half-day and the two before. */
  readonly used: bigint;
  /** Impact that the grant has left; undefined where it has no cap of its own. */
  readonly cap: bigint | undefined;
  rateOf(asset: Hex): Rate | undefined;
}

/** The first boundary that a call crosses, with both sides, and its impact where that can be told. */
export interface LimitMet {
  readonly boundary: number;
  readonly limit: bigint;
  readonly actual: bigint;
  readonly impact: bigint;
}

const SCALE = 10n ** 18n;
const MAX_IMPACT = 2n ** 128n - 1n;
const MAX_ADDRESS = 2n ** 160n - 1n;

/** First byte after the argument word number `word`. */
function endOf(word: number): number {
  return 4 + 32 * (word + 1);
}

function wordAt(data: Hex, word: number): bigint {
  const start = 2 + 2 * (endOf(word) - 32);
  return BigInt(`0x${data.slice(start, start + 64)}`);
}

/** Impact in units of account, rounded up: against the spender. */
function impactOf(facts: ActionFacts, call: LimitedCall): LimitMet {
  const known = (impact: bigint): LimitMet => ({
    boundary: boundary.none,
    limit: 0n,
    actual: 0n,
    impact: impact > MAX_IMPACT ? MAX_IMPACT : impact,
  });
  if (facts.impact === impactKind.fixed) return known(BigInt(facts.fixedImpact));
  const rated = facts.impact === impactKind.assetAmount;
  if (!rated && facts.impact !== impactKind.amount) return known(0n);
  const length = (call.data.length - 2) / 2;
  const needed = Math.max(endOf(facts.amountWord), rated ? endOf(facts.assetWord) : 0);
  if (length < needed) {
    return { boundary: boundary.unreadable, limit: BigInt(needed), actual: BigInt(length), impact: 0n };
  }
  const amount = wordAt(call.data, facts.amountWord);
  if (!rated) return known(amount);
  const asset = wordAt(call.data, facts.assetWord);
  if (asset > MAX_ADDRESS) return { boundary: boundary.unreadable, limit: MAX_ADDRESS, actual: asset, impact: 0n };
  const current = call.rateOf(`0x${asset.toString(16).padStart(40, "0")}`);
  if (current === undefined || call.now >= current.validUntil) {
    return { boundary: boundary.rateMissing, limit: current?.validUntil ?? 0n, actual: call.now, impact: 0n };
  }
  if (amount > MAX_IMPACT) return known(amount);
  return known((amount * current.rate + SCALE - 1n) / SCALE);
}

/** Which boundary `call` crosses first, as the authority decides it. Pure. */
export function checkLimits(call: LimitedCall): LimitMet {
  const { facts, limits, used, cap } = call;
  if (facts === undefined || facts.impact === impactKind.unlisted) {
    return { boundary: boundary.unlisted, limit: 0n, actual: 0n, impact: 0n };
  }
  const met = impactOf(facts, call);
  const crossed = (kind: number, limit: number | bigint, actual: number | bigint): LimitMet => ({
    boundary: kind,
    limit: BigInt(limit),
    actual: BigInt(actual),
    impact: met.impact,
  });
  if (((BigInt(limits.scopes) >> BigInt(facts.scope)) & 1n) === 0n) {
    return crossed(boundary.scope, limits.scopes, facts.scope);
  }
  if (facts.reversibility < limits.minReversibility) {
    return crossed(boundary.reversibility, limits.minReversibility, facts.reversibility);
  }
  if (met.boundary !== boundary.none || met.impact === 0n) return met;
  if (cap !== undefined && met.impact > cap) return crossed(boundary.grantCap, cap, met.impact);
  const total = used + met.impact;
  return total > BigInt(limits.maxImpact) ? crossed(boundary.teamImpact, limits.maxImpact, total) : met;
}
