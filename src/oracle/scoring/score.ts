import { ONE } from "../../core/fixed-point.ts";
import type { Outcome } from "../../core/merkle/leaf.ts";
import type { MetricOutcome } from "./metric-outcome.ts";
import { normalize } from "./normalize.ts";
import { bound, type ScoreDefinition } from "./score-definition.ts";

/** Version of the scoring rules; part of the configuration digest, so that operators who score differently never sign together. */
export const scoringVersion = "3";

/** What a definition's metrics amount to. */
export interface ScoreOutcome {
  readonly outcome: Outcome;
  /** 1 (A) to 4 (D); 0 where there is no value. */
  readonly grade: number;
  /** Fixed point, 1e18 = 1; 0 where there is no value. */
  readonly score: bigint;
}

export const missingScore: ScoreOutcome = { outcome: "missing", grade: 0, score: 0n };

/** A score without its grade, which follows from more than the metrics' values. */
type Ungraded = Omit<ScoreOutcome, "grade">;

/**
 * `score = ⌊ Σ_d w_d · Σ_m w_m · normalize(v_m) / 1e36 ⌋`, rounded down once, at the end.
 * A refused metric makes the score refused, else a missing one makes it missing: no part of a score is made up.
 */
export function scoreOf(definition: ScoreDefinition, metrics: ReadonlyMap<string, MetricOutcome>): Ungraded {
  let sum = 0n;
  let isMissing = false;
  for (const dimension of definition.dimensions) {
    for (const metric of dimension.metrics) {
      const found = metrics.get(`${dimension.name}/${metric.name}`) ?? { outcome: "missing" };
      if (found.outcome === "refused") return { outcome: "refused", score: 0n };
      if (found.outcome === "missing") {
        isMissing = true;
        continue;
      }
      const part = normalize(found.value, bound(metric.floor, metric.decimals), bound(metric.ceiling, metric.decimals));
      sum += BigInt(dimension.weight) * BigInt(metric.weight) * part;
    }
  }
  if (isMissing) return { outcome: "missing", score: 0n };
  return { outcome: "value", score: sum / (ONE * ONE) };
}
