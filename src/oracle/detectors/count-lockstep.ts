import { byActor, type ActivityEvent, type PartOfWhole } from "./activity.ts";

export interface LockstepRule {
  /** Acts within the same span of this length are together. */
  readonly bucketSeconds: number;
  /** Spans that two accounts must share to be in lockstep; from 2 on. */
  readonly shared: number;
}

/** Most pairs of accounts that are compared; what is beyond them is not looked at, so that a flood of events costs no more. */
const MAX_PAIRS = 5_000_000;

/** Accounts that share at least `shared` spans with one and the same other account, of all that act in as many spans. */
export function countLockstep(events: readonly ActivityEvent[], { bucketSeconds, shared }: LockstepRule): PartOfWhole {
  const buckets = new Map<number, number[]>();
  let candidates = 0;
  for (const own of byActor(events).values()) {
    const spans = new Set(own.map(({ second }) => Math.floor(second / bucketSeconds)));
    if (spans.size < shared) continue;
    for (const span of spans) {
      const accounts = buckets.get(span);
      if (accounts === undefined) buckets.set(span, [candidates]);
      else accounts.push(candidates);
    }
    candidates += 1;
  }
  const together = new Map<number, number>();
  const found = new Set<number>();
  let pairs = 0;
  // Thinly used spans first: to meet there by chance is unlikely, and a crowd cannot use up the comparisons before them.
  for (const accounts of [...buckets.values()].sort((a, b) => a.length - b.length)) {
    for (const [index, first] of accounts.entries()) {
      for (const second of accounts.slice(index + 1)) {
        pairs += 1;
        if (pairs > MAX_PAIRS) return { part: BigInt(found.size), whole: BigInt(candidates) };
        const pair = first * candidates + second;
        const count = (together.get(pair) ?? 0) + 1;
        together.set(pair, count);
        if (count === shared) found.add(first).add(second);
      }
    }
  }
  return { part: BigInt(found.size), whole: BigInt(candidates) };
}
