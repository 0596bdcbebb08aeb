/** What a report may change without tripping the oracle. Shares and τ are fixed point, 1e18 = 1. */
export interface SanityBounds {
  /** Change of τ in one report. */
  readonly softStep: bigint;
  /** Share of the last report's leaves that are gone in this one. */
  readonly lostShare: bigint;
  /** Number of leaves that are gone. */
  readonly lostLeaves: number;
}

const ONE = 10n ** 18n;

/** Whether τ moved further than a report may move it. Twin of the oracle's rule. */
export function movesTooFar({ softStep }: SanityBounds, threshold: bigint, nextThreshold: bigint): boolean {
  const step = nextThreshold > threshold ? nextThreshold - threshold : threshold - nextThreshold;
  return step > softStep;
}

/**
 * Whether more leaves are gone than projects end at once, by number and by share: a list of projects that was read in part looks like
 * that. Twin of the oracle's rule.
 * @param before Leaves of the last accepted report; 0 before the first.
 */
export function losesMany({ lostShare, lostLeaves }: SanityBounds, before: number, leaves: number): boolean {
  const lost = before - leaves;
  return lost > lostLeaves && BigInt(lost) * ONE > BigInt(before) * lostShare;
}
