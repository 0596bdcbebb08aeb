import { ONE } from "../../core/fixed-point.ts";

export interface SeriesRule {
  /** Epochs before the one that is judged, which are its measure. */
  readonly over: number;
  /** How many times as much as usual is too much; 1e18 = 1. */
  readonly factor: bigint;
  /** Least value that is judged: small numbers jump. */
  readonly from: bigint;
}

/**
 * Whether the last value is more than `factor` times the greatest of the `over` before it. A series that is shorter says nothing.
 * Values are counts, thus not negative.
 */
export function isBurst(series: readonly bigint[], { over, factor, from }: SeriesRule): boolean {
  const last = series.at(-1);
  const before = series.slice(-1 - over, -1);
  if (last === undefined || before.length < over || last < from) return false;
  const greatest = before.reduce((most, each) => (each > most ? each : most), 0n);
  return last * ONE > factor * greatest;
}

/**
 * Whether the last value of `series` has grown more than `factor` times as much as that of `against`, each measured by its own lower
 * median of the `over` epochs before. Multiplied crosswise: exact.
 */
export function isDivergent(
  series: readonly bigint[],
  against: readonly bigint[],
  { over, factor, from }: SeriesRule,
): boolean {
  const last = series.at(-1);
  const other = against.at(-1);
  if (last === undefined || other === undefined || last < from) return false;
  const usual = lowerMedian(series.slice(-1 - over, -1), over);
  const otherUsual = lowerMedian(against.slice(-1 - over, -1), over);
  if (usual === undefined || otherUsual === undefined) return false;
  return last * otherUsual * ONE > factor * other * usual;
}

function lowerMedian(values: readonly bigint[], wanted: number): bigint | undefined {
  if (values.length < wanted) return undefined;
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[(sorted.length - 1) >> 1];
}
