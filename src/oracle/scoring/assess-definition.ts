import { agreedMetrics, agreedReading, type AgreedMetric, type ObservedDefinition } from "./agreed-metrics.ts";
import { sortedFindings, type Finding } from "./finding.ts";
import { gradeOf, metricFindings } from "./grade.ts";
import { runCheck, type CheckedNumber } from "./integrity-check.ts";
import type { ScoreDefinition } from "./score-definition.ts";
import { scoreOf, type ScoreOutcome } from "./score.ts";

/** What the inclusion set says about one definition. */
export interface Assessment {
  readonly metrics: readonly AgreedMetric[];
  readonly score: ScoreOutcome;
  /** What lowered the grade, and what is worth knowing; empty where there is no score. */
  readonly findings: readonly Finding[];
}

/**
 * Metrics, score and grade of a definition from the inclusion set alone: pure, and the same for every order of `observed`.
 * @param known What was found before any number was looked at.
 */
export function assessDefinition(
  definition: ScoreDefinition,
  observed: readonly ObservedDefinition[],
  faults: number,
  known: readonly Finding[] = [],
): Assessment {
  const metrics = agreedMetrics(definition, observed, faults);
  const score = scoreOf(definition, new Map(metrics.map(({ key, outcome }) => [key, outcome])));
  if (score.outcome !== "value") return { metrics, score: { ...score, grade: 0 }, findings: [] };
  const numbers = new Map<string, CheckedNumber>([
    ...metrics.map(({ key, metric, outcome }) => [key, { outcome, decimals: metric.decimals }] as const),
    ...(definition.probes ?? []).map(
      ({ name, decimals }) => [name, { outcome: agreedReading(name, observed, faults), decimals }] as const,
    ),
  ]);
  const findings = sortedFindings([
    ...known,
    ...metricFindings(metrics),
    ...(definition.checks ?? []).flatMap((check) => runCheck(check, numbers) ?? []),
  ]);
  return { metrics, score: { ...score, grade: gradeOf(definition, metrics, findings) }, findings };
}
