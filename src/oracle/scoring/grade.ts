import { ONE } from "../../core/fixed-point.ts";
import { originOf } from "../sources/source-specification.ts";
import type { AgreedMetric } from "./agreed-metrics.ts";
import type { Finding } from "./finding.ts";
import { bound, readingsOf, type ScoreDefinition } from "./score-definition.ts";

/** Weights of dimension and metric, multiplied. */
const WHOLE_WEIGHT = ONE * ONE;

/** Origins, weight of triangulated metrics and cents to bend that the best grade asks for. */
const ORIGINS_OF_A = 3;
const TRIANGULATED_OF_A = WHOLE_WEIGHT / 2n;
const CENTS_OF_A = 100_000n;

/** From which part of a metric's span on a distance between operators is a finding: more than a twentieth. */
const SPREAD_PARTS = 20n;

/**
 * How hard a score is to bend: 1 (A) to 4 (D). Before findings
 * - A: sources that count have three independent origins, at least half of the weight is triangulated, and the score costs at
 *   least 1,000 dollars to raise by a half;
 * - B: two origins;
 * - C: more than one source;
 * - D: one source.
 * Each kind of finding lowers it by one grade, at most to D; an outlier does not, for its origin does not count.
 */
export function gradeOf(
  definition: ScoreDefinition,
  metrics: readonly AgreedMetric[],
  findings: readonly Finding[],
): number {
  const kinds = new Set(findings.flatMap(({ kind }) => (kind === "outlier" ? [] : [kind])));
  return Math.min(4, gradeBeforeFindings(definition, metrics) + kinds.size);
}

function gradeBeforeFindings(definition: ScoreDefinition, metrics: readonly AgreedMetric[]): number {
  const counted = metrics.flatMap((each) => each.counted);
  const origins = new Set(counted.map(({ source }) => originOf(source))).size;
  const isHardToBend = triangulatedWeight(definition) >= TRIANGULATED_OF_A && centsToBend(definition) >= CENTS_OF_A;
  if (origins >= ORIGINS_OF_A && isHardToBend) return 1;
  if (origins >= 2) return 2;
  return readingsOf({ dimensions: definition.dimensions }).length > 1 ? 3 : 4;
}

/** What the agreed metrics say against themselves. */
export function metricFindings(metrics: readonly AgreedMetric[]): readonly Finding[] {
  return metrics.flatMap(({ key, metric, spread, outside }) => {
    const findings: Finding[] = [];
    const span = absolute(bound(metric.ceiling, metric.decimals) - bound(metric.floor, metric.decimals));
    if (spread * SPREAD_PARTS > span) findings.push({ kind: "spread", subject: key, reason: "found" });
    if (outside.length > 0) findings.push({ kind: "outlier", subject: key, reason: "found" });
    return findings;
  });
}

/**
 * Fewest US cents for which the score can be raised by a half from nothing, by what the definition declares: the metrics are bought
 * where a part of the score costs least, whole or in part. Rounded down: never in the project's favour. What declares no cost is free.
 */
export function centsToBend(definition: ScoreDefinition): bigint {
  const offers = definition.dimensions.flatMap((dimension) =>
    dimension.metrics.map((metric) => {
      const { ceiling, floor, decimals, centsToFake = 0 } = metric;
      const span = absolute(bound(ceiling, decimals) - bound(floor, decimals));
      return {
        weight: BigInt(dimension.weight) * BigInt(metric.weight),
        cents: (span * BigInt(centsToFake)) / 10n ** BigInt(decimals),
      };
    }),
  );
  // Cheapest first; of two equally cheap ones the order changes nothing but a rounding, which the weight settles.
  offers.sort((a, b) => compare(a.cents * b.weight, b.cents * a.weight) || compare(a.weight, b.weight));
  let wanted = WHOLE_WEIGHT / 2n;
  let cents = 0n;
  for (const offer of offers) {
    const bought = offer.weight < wanted ? offer.weight : wanted;
    cents += (offer.cents * bought) / offer.weight;
    wanted -= bought;
  }
  return cents;
}

function triangulatedWeight(definition: ScoreDefinition): bigint {
  let sum = 0n;
  for (const { weight, metrics } of definition.dimensions) {
    for (const metric of metrics) {
      if (metric.triangulate !== undefined) sum += BigInt(weight) * BigInt(metric.weight);
    }
  }
  return sum;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
