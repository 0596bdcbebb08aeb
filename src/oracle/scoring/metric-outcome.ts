/** What one operator, or after the outcome function a quorum, found for a metric. */
export type MetricOutcome =
  | { readonly outcome: "value"; readonly value: bigint }
  | { readonly outcome: "missing" }
  | { readonly outcome: "refused" };

/**
 * The outcome of a metric from what the included operators found, of whom at most `faults` lie.
 * - `value` where at least 2f+1 have one: their lower median, which then lies between two honest values;
 * - else `refused` where at least f+1 were refused, so that an honest operator was;
 * - else `missing`.
 * Pure, and the same for every order of `found`.
 */
export function combineMetric(found: readonly MetricOutcome[], faults: number): MetricOutcome {
  const values = ascendingValues(found);
  if (values.length >= 2 * faults + 1) {
    const median = values[(values.length - 1) >> 1];
    if (median !== undefined) return { outcome: "value", value: median };
  }
  const refused = found.filter((each) => each.outcome === "refused").length;
  return refused >= faults + 1 ? { outcome: "refused" } : { outcome: "missing" };
}

/**
 * How far apart honest operators' values certainly are: the distance that is left when the `faults` lowest and highest are put
 * aside. Liars can hide a distance, but none of them can make one up.
 */
export function certainSpread(found: readonly MetricOutcome[], faults: number): bigint {
  const values = ascendingValues(found);
  const low = values[faults];
  const high = values[values.length - 1 - faults];
  return low === undefined || high === undefined || high < low ? 0n : high - low;
}

function ascendingValues(found: readonly MetricOutcome[]): bigint[] {
  const values = found.flatMap((each) => (each.outcome === "value" ? [each.value] : []));
  return values.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
