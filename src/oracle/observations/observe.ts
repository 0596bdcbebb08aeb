import type { Hex } from "../../core/hex.ts";
import { mapBounded } from "../../core/map-bounded.ts";
import { spanWindow } from "../scoring/held-out.ts";
import { readingsOf, type KnownDefinition, type Reading } from "../scoring/score-definition.ts";
import type { Capture, EpochMoment, EpochWindow, SourceFailure, SourceReading } from "../sources/reading.ts";
import type { ReadSource } from "../sources/read-source.ts";
import { describeSource } from "../sources/source-specification.ts";
import type { Observation, ObservedMetric } from "./observation.ts";

/** How many sources are read at the same time. */
const CONCURRENCY = 8;

export interface ObserveInput {
  readonly configuration: Hex;
  readonly window: EpochWindow;
  readonly block: { readonly number: number; readonly hash: Hex };
  readonly definitions: readonly KnownDefinition[];
}

/** A failed reading, for the operator's log. */
export interface FailedReading {
  readonly definition: Hex;
  readonly metric: string;
  /** What was asked, in short. */
  readonly source: string;
  readonly failure: SourceFailure;
  /** What the failure counts as by the definition's rule. */
  readonly outcome: "missing" | "refused";
  readonly detail: string;
}

export interface ObservationResult {
  readonly observation: Observation;
  /** Text of each capture, by hash. */
  readonly captures: ReadonlyMap<Hex, string>;
  readonly failures: readonly FailedReading[];
}

/** What a reading counts as under the definition's own rule. Pure. */
function judgeReading({ key, onFailure }: Reading, reading: SourceReading): ObservedMetric {
  return reading.ok
    ? { metric: key, outcome: "value", value: reading.value.toString(), capture: reading.capture.hash }
    : { metric: key, outcome: onFailure[reading.failure] };
}

/** When a source is asked about: the epoch that is scored, or the time that was held back. */
export function momentOf({ span }: Reading, moment: EpochMoment): EpochMoment {
  return span === undefined ? moment : { ...spanWindow(span, moment), block: moment.block };
}

/** Reads every source of every definition once and states what was found. A failed reading never becomes a number. */
export async function observe(input: ObserveInput, read: ReadSource): Promise<ObservationResult> {
  const captures = new Map<Hex, string>();
  const failures: FailedReading[] = [];
  const keep = (each: Capture): void => void captures.set(each.hash, each.text);

  const definitions = [...input.definitions].sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0));
  const jobs = definitions.flatMap(({ hash, definition }) => readingsOf(definition).map((asked) => ({ hash, asked })));
  const moment = { ...input.window, block: input.block };
  const observed = await mapBounded(jobs, CONCURRENCY, async ({ hash, asked }) => {
    const reading = await read(asked.source, asked.decimals, momentOf(asked, moment));
    const result = judgeReading(asked, reading);
    if (reading.ok) keep(reading.capture);
    else if (result.outcome !== "value") {
      const { failure, detail } = reading;
      const source = describeSource(asked.source);
      failures.push({ definition: hash, metric: asked.key, source, failure, outcome: result.outcome, detail });
    }
    return { hash, result };
  });

  const byDefinition = Map.groupBy(observed, (each) => each.hash);
  return {
    observation: {
      kind: "mandate.observation/1",
      configuration: input.configuration,
      epoch: input.window.epoch,
      block: { ...input.block },
      definitions: definitions.map(({ hash }) => ({
        definition: hash,
        metrics: (byDefinition.get(hash) ?? []).map((each) => each.result),
      })),
    },
    captures,
    failures,
  };
}
