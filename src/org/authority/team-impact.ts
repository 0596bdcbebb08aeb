import type { ImpactWindows } from "./state.ts";

/** Half a day: any 24 hours touch at most three of them. */
export const windowSeconds = 43_200;

/** The same windows at `now`, which is not before the last charge: what is older than two half-days before falls out. */
export function rolledTo(impact: ImpactWindows, now: number): ImpactWindows {
  const window = Math.floor(now / windowSeconds);
  const [latest, before, earliest] = impact.used;
  const used: Readonly<Record<number, ImpactWindows["used"]>> = {
    0: [latest, before, earliest],
    1: [0n, latest, before],
    2: [0n, 0n, latest],
  };
  return { window, used: used[window - impact.window] ?? [0n, 0n, 0n] };
}

/** Impact in the current half-day and the two before it: no less than in the last 24 hours, no more than in 36. */
export function usedImpact(impact: ImpactWindows, now: number): bigint {
  return rolledTo(impact, now).used.reduce((sum, each) => sum + each, 0n);
}

/** What {@link usedImpact} consists of, in one word: 48 bits each for the present half-day (lowest) and the two before it. */
export function usedByHalfDay(impact: ImpactWindows, now: number): bigint {
  const [latest, before, earliest] = rolledTo(impact, now).used;
  return latest | (before << 48n) | (earliest << 96n);
}

/** The windows after an impact at `now`. */
export function charged(impact: ImpactWindows, amount: bigint, now: number): ImpactWindows {
  const { window, used } = rolledTo(impact, now);
  return { window, used: [used[0] + amount, used[1], used[2]] };
}
