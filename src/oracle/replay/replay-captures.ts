import type { Hex } from "../../core/hex.ts";
import type { ObservedMetric } from "../observations/observation.ts";
import { momentOf } from "../observations/observe.ts";
import { openDefinition } from "../scoring/open-definition.ts";
import { readingsOf, type Reading } from "../scoring/score-definition.ts";
import { captureOf, measureCapture } from "../sources/measure-capture.ts";
import type { SourceKind } from "../sources/source-specification.ts";
import type { OpenedBundle } from "./open-bundle.ts";
import { differs, notChecked, ok, type ReplayCheck } from "./replay-check.ts";
import { scoringDocumentsOf } from "./replay-outcome.ts";

/** For one expression, as operators have by default. */
const EVALUATION_MS = 5_000;

/** What redaction leaves in a secret's place. */
const REDACTED = "[secret]";

interface OwnMetric {
  readonly definition: Hex;
  readonly asked: Reading;
  readonly observed: ObservedMetric;
}

/** Counts of one kind of source. */
interface Tally {
  measured: number;
  withheld: number;
  redacted: number;
  differing: string | undefined;
}

/** Measures the sealing operator's own values again from its captures, as far as the kind of source allows it. */
export async function replayCaptures(opened: OpenedBundle): Promise<readonly ReplayCheck[]> {
  const { bundle, captures } = opened;
  const metrics = ownMetrics(opened);
  if (metrics.length === 0) {
    return [notChecked("captures", `operator ${bundle.operator} has no observation in its bundle`)];
  }
  const moment = { ...bundle.window, block: bundle.block };
  const tallies = new Map<SourceKind, Tally>();
  let failures = 0;
  for (const { definition, asked, observed } of metrics) {
    if (observed.outcome !== "value") {
      failures += 1;
      continue;
    }
    const { kind } = asked.source;
    const tally = tallies.get(kind) ?? { measured: 0, withheld: 0, redacted: 0, differing: undefined };
    tallies.set(kind, tally);
    const text = captures.get(observed.capture);
    if (text === undefined) {
      tally.withheld += 1;
      continue;
    }
    const value = await measureCapture(asked.source, text, asked.decimals, momentOf(asked, moment), EVALUATION_MS);
    if (value?.toString() === observed.value) tally.measured += 1;
    else if (text.includes(REDACTED)) tally.redacted += 1;
    else {
      tally.differing ??= `metric ${observed.metric} of ${definition}: its capture ${observed.capture} amounts to ${value ?? "nothing"}, the operator observed ${observed.value}`;
    }
  }
  const checks = [...tallies].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([kind, tally]) => checksOf(kind, tally));
  if (failures > 0) {
    checks.push(notChecked("failures", `${failures} readings without a value: of what failed nothing is kept`));
  }
  return checks;
}

function checksOf(kind: SourceKind, { measured, withheld, redacted, differing }: Tally): ReplayCheck[] {
  const name = `captures ${kind}`;
  if (differing !== undefined) return [differs(name, differing)];
  const checks: ReplayCheck[] = [];
  if (measured > 0) {
    const what =
      captureOf[kind] === "answer" ? "the answers" : "what the adapter selected, which cannot be selected again";
    checks.push(ok(name, `${measured} values measured again from ${what}`));
  }
  if (withheld > 0) checks.push(notChecked(name, `${withheld} captures are not in the bundle`));
  if (redacted > 0) checks.push(notChecked(name, `${redacted} captures lost what they were measured by to redaction`));
  return checks;
}

function ownMetrics({ bundle, observations, definitions }: OpenedBundle): readonly OwnMetric[] {
  const known = scoringDocumentsOf(definitions);
  return bundle.observations
    .filter((each) => each.operator === bundle.operator)
    .flatMap(({ observation }) => observations.get(observation)?.definitions ?? [])
    .flatMap(({ definition, metrics }) => {
      const found = known.definitions.get(definition);
      const opened = found === undefined ? undefined : openDefinition(found, bundle.epoch, known.heldOut);
      const byKey = new Map(
        opened === undefined ? [] : readingsOf(opened).map((reading) => [reading.key, reading] as const),
      );
      return metrics.flatMap((observed) => {
        const asked = byKey.get(observed.metric);
        return asked === undefined ? [] : [{ definition, asked, observed }];
      });
    });
}
