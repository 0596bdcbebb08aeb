import type { Observation } from "../observations/observation.ts";
import { certainSpread, combineMetric, type MetricOutcome } from "./metric-outcome.ts";
import { metricsOf, readingsOfMetric, type Metric, type Reading, type ScoreDefinition } from "./score-definition.ts";
import { triangulate } from "./triangulate.ts";

/** What one included operator observed of one definition. */
export type ObservedDefinition = Observation["definitions"][number];

/** A metric as the inclusion set shows it. */
export interface AgreedMetric {
  readonly key: string;
  readonly metric: Metric;
  readonly outcome: MetricOutcome;
  /** Sources that the value rests on; empty where there is none. */
  readonly counted: readonly Reading[];
  /** Sources with a value that lies outside the band of those that agree. */
  readonly outside: readonly Reading[];
  /** Greatest distance of honest operators' values at a source that counts, as far as it is certain. */
  readonly spread: bigint;
}

/**
 * Every metric of a definition: first each source over the operators, then the sources against each other. So a lie cannot move a
 * source's value beyond what honest operators read, and an operator that one source refuses still counts for the others.
 */
export function agreedMetrics(
  definition: ScoreDefinition,
  observed: readonly ObservedDefinition[],
  faults: number,
): readonly AgreedMetric[] {
  return metricsOf(definition).map(({ key, metric }) => {
    const readings = readingsOfMetric(key, metric);
    const found = readings.map((each) => agreedReading(each.key, observed, faults));
    const spread = (counted: readonly Reading[]): bigint =>
      counted.reduce((most, { key: each }) => {
        const distance = certainSpread(foundAt(each, observed), faults);
        return distance > most ? distance : most;
      }, 0n);
    const at = (places: readonly number[]): readonly Reading[] => readings.filter((_, place) => places.includes(place));
    if (metric.triangulate === undefined) {
      const [outcome = { outcome: "missing" }] = found;
      const counted = outcome.outcome === "value" ? readings : [];
      return { key, metric, outcome, counted, outside: [], spread: spread(counted) };
    }
    const { outcome, agreeing, outside } = triangulate(found, metric.triangulate, metric.decimals);
    const counted = at(agreeing);
    return { key, metric, outcome, counted, outside: at(outside), spread: spread(counted) };
  });
}

/** What the operators found at one source, combined. */
export function agreedReading(key: string, observed: readonly ObservedDefinition[], faults: number): MetricOutcome {
  return combineMetric(foundAt(key, observed), faults);
}

function foundAt(key: string, observed: readonly ObservedDefinition[]): readonly MetricOutcome[] {
  return observed.map((entry) => outcomeIn(entry, key));
}

/** What an entry says about a reading; the first statement counts, and none is `missing`. */
function outcomeIn(entry: ObservedDefinition, key: string): MetricOutcome {
  const found = entry.metrics.find((each) => each.metric === key);
  if (found === undefined) return { outcome: "missing" };
  return found.outcome === "value" ? { outcome: "value", value: BigInt(found.value) } : { outcome: found.outcome };
}
