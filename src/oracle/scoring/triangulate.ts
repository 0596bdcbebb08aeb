import { z } from "zod";
import { ONE } from "../../core/fixed-point.ts";
import { parseDecimal } from "../sources/parse-decimal.ts";
import type { MetricOutcome } from "./metric-outcome.ts";

/** How far apart values of sources may lie that agree, and how many must. */
export const triangulationSchema = z.strictObject({
  band: z.union([
    /** Part of the greater amount of the two ends, as an integer in text: 1e18 = 1. */
    z.strictObject({ share: z.string().regex(/^([1-9]\d{0,17}|10{18})$/) }),
    /** In units of the metric. */
    z.strictObject({ absolute: z.string().regex(/^\d{1,40}(\.\d{1,18})?$/) }),
  ]),
  minimum: z.int().min(2).max(8),
});

export type Triangulation = z.infer<typeof triangulationSchema>;

export interface Triangulated {
  readonly outcome: MetricOutcome;
  /** Places of the sources that agree; empty where there is no value. */
  readonly agreeing: readonly number[];
  /** Places of the sources that have a value outside the agreement; empty where there is no value. */
  readonly outside: readonly number[];
}

/**
 * One value of a metric from what a quorum found at each of its sources.
 * - The largest set of values that lie within the band, the lowest of several as large, agrees. With at least `minimum`: its lower
 *   median. `minimum` is more than half of the sources, so that no two sets apart from each other can both agree.
 * - else `missing` where sources that are missing could have completed the agreement;
 * - else `refused`: sources disagree or were refused, and no silence explains it.
 * Pure, and the same for every order of the sources but for the places.
 */
export function triangulate(
  found: readonly MetricOutcome[],
  { band, minimum }: Triangulation,
  decimals: number,
): Triangulated {
  const valued = found.flatMap((each, place) => (each.outcome === "value" ? [{ place, value: each.value }] : []));
  valued.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : a.place - b.place));
  let agreeing: typeof valued = [];
  for (const [start, { value: low }] of valued.entries()) {
    const within = valued.slice(start).filter(({ value: high }) => high - low <= widthOf(band, decimals, low, high));
    if (within.length > agreeing.length) agreeing = within;
  }
  if (agreeing.length < minimum) {
    const missing = found.filter((each) => each.outcome === "missing").length;
    const outcome = agreeing.length + missing >= minimum ? "missing" : "refused";
    return { outcome: { outcome }, agreeing: [], outside: [] };
  }
  const median = agreeing[(agreeing.length - 1) >> 1];
  if (median === undefined) throw new RangeError("an agreement has a median");
  const places = (list: typeof valued): readonly number[] => list.map(({ place }) => place).sort((a, b) => a - b);
  return {
    outcome: { outcome: "value", value: median.value },
    agreeing: places(agreeing),
    outside: places(valued.filter((each) => !agreeing.includes(each))),
  };
}

/** Greatest distance of two values that agree, rounded down: never in the project's favour. */
function widthOf(band: Triangulation["band"], decimals: number, low: bigint, high: bigint): bigint {
  if ("absolute" in band) {
    const width = parseDecimal(band.absolute, decimals);
    if (width === undefined) throw new RangeError(`not a width: ${band.absolute}`);
    return width;
  }
  const amount = (value: bigint): bigint => (value < 0n ? -value : value);
  const greater = amount(low) > amount(high) ? amount(low) : amount(high);
  return (greater * BigInt(band.share)) / ONE;
}
