/** A time from which people are told that something ends. */
export interface Stage {
  /** Seconds before the end. */
  readonly ahead: number;
  readonly from: number;
  /** No later one follows. */
  readonly isLast: boolean;
}

/**
 * Stages of what lasts from `begin` to `end`, one for each of `ahead`. None begins before a quarter of the time is left: what
 * lasts for minutes would otherwise be announced as ending when it begins.
 */
export function stagesOf(begin: number, end: number, ahead: readonly number[]): readonly Stage[] {
  const quarter = Math.floor((end - begin) / 4);
  const kept = [...new Set(ahead.map((each) => Math.min(each, quarter)))].sort((a, b) => b - a);
  return kept.map((each, place) => ({ ahead: each, from: end - each, isLast: place === kept.length - 1 }));
}

/** Those of the stages that are reached, while the end is not. */
export function reachedStages(begin: number, end: number, ahead: readonly number[], now: number): readonly Stage[] {
  return now < end ? stagesOf(begin, end, ahead).filter(({ from }) => from <= now) : [];
}
