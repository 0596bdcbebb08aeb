import { z } from "zod";
import { ONE } from "../../core/fixed-point.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { parseDecimal } from "../sources/parse-decimal.ts";
import { watchSchema } from "../detectors/watch.ts";
import { originOf, sourceSpecification, type SourceSpecification } from "../sources/source-specification.ts";
import { heldOutEntrySchema, type EpochSpan } from "./held-out.ts";
import { integrityCheckSchema, probeSchema, type IntegrityCheck } from "./integrity-check.ts";
import { triangulationSchema } from "./triangulate.ts";

const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
const decimalText = z.string().regex(/^-?\d{1,40}(\.\d{1,18})?$/);

/** A share of 1, as an integer in text: 1e18 = 1. */
const share = z.string().regex(/^([1-9]\d{0,17}|10{18})$/);

const failureOutcome = z.enum(["missing", "refused"]);

const onFailure = z.strictObject({ unreachable: failureOutcome, declined: failureOutcome });

/** One of several sources of a metric. */
const namedSource = z.strictObject({
  name,
  source: sourceSpecification,
  /** Where the source is in other hands than the metric's `onFailure` says. */
  onFailure: onFailure.optional(),
});

/** Of probes, which never make a score missing or refused. */
const silent = { unreachable: "missing", declined: "missing" } as const;

/** As much as an observation can state of one definition. */
export const MAX_READINGS = 256;

const metric = z
  .strictObject({
    name,
    source: sourceSpecification.optional(),
    /** In place of `source`: independent ones that must agree within `triangulate.band`. */
    sources: z.array(namedSource).min(2).max(8).optional(),
    triangulate: triangulationSchema.optional(),
    /** Places of the fixed point in which operators state the value. */
    decimals: z.int().min(0).max(18),
    /** Value that scores 0, and value that scores 1; the ceiling lies below the floor where less is better. */
    floor: decimalText,
    ceiling: decimalText,
    weight: share,
    /** What a failure counts as: `refused` where the source is in the project's hands, `missing` where it is not. */
    onFailure,
    /** US cents that one unit costs to fake for an epoch, as whoever publishes the definition judges it. */
    centsToFake: z.int().min(0).max(1_000_000_000_000).optional(),
  })
  // Not `bound`: a malformed bound has been reported by its own rule, and must not throw here.
  .refine((each) => parseDecimal(each.floor, each.decimals) !== parseDecimal(each.ceiling, each.decimals), {
    path: ["ceiling"],
    error: "floor and ceiling must differ",
  })
  .superRefine(({ source, sources, triangulate }, context) => {
    const problem = (path: string, message: string): void => {
      context.addIssue({ code: "custom", path: [path], message });
    };
    if ((source === undefined) === (sources === undefined)) problem("source", "either source or sources");
    if ((sources === undefined) !== (triangulate === undefined)) problem("triangulate", "goes with sources");
    if (sources === undefined || triangulate === undefined) return;
    if (!areUnique(sources)) problem("sources", "names must differ");
    if (new Set(sources.map((each) => originOf(each.source))).size < sources.length) {
      problem(
        "sources",
        "origins must differ: each source with a host, repository, database, directory or contract of its own",
      );
    }
    const { minimum } = triangulate;
    if (minimum > sources.length) problem("triangulate", "minimum is more than there are sources");
    if (2 * minimum <= sources.length) problem("triangulate", "minimum must be more than half of the sources");
  });

const dimension = z
  .strictObject({ name, weight: share, metrics: z.array(metric).min(1).max(16) })
  .refine((each) => sumsToOne(each.metrics), { path: ["metrics"], error: "weights must sum to 1e18" })
  .refine((each) => areUnique(each.metrics), { path: ["metrics"], error: "names must differ" });

const scoreDefinitionSchema = z
  .strictObject({
    kind: z.literal("mandate.score-definition/1"),
    title: z.string().min(1).max(200),
    dimensions: z.array(dimension).min(1).max(16),
    probes: z.array(probeSchema).max(64).optional(),
    checks: z.array(integrityCheckSchema).max(64).optional(),
    watch: z.array(watchSchema).max(64).optional(),
    heldOut: z.array(heldOutEntrySchema).max(8).optional(),
  })
  .refine((each) => sumsToOne(each.dimensions), { path: ["dimensions"], error: "weights must sum to 1e18" })
  .refine((each) => areUnique(each.dimensions), { path: ["dimensions"], error: "names must differ" })
  .refine((each) => readingsOf(each).length <= MAX_READINGS, {
    path: ["dimensions"],
    error: `at most ${MAX_READINGS} sources`,
  })
  .refine((each) => areUnique(each.probes ?? []), { path: ["probes"], error: "names must differ" })
  .refine((each) => areUnique(each.checks ?? []), { path: ["checks"], error: "names must differ" })
  .refine((each) => areUnique(each.watch ?? []), { path: ["watch"], error: "names must differ" })
  .refine(({ heldOut = [] }) => new Set(heldOut.map((each) => each.commitment)).size === heldOut.length, {
    path: ["heldOut"],
    error: "commitments must differ",
  })
  .superRefine(({ dimensions, probes = [], checks = [], watch = [] }, context) => {
    const known = new Set([...metricsOf({ dimensions }).map(({ key }) => key), ...probes.map((each) => each.name)]);
    for (const [index, { part, whole }] of checks.entries()) {
      for (const [end, reference] of Object.entries({ part, whole })) {
        if (known.has(reference)) continue;
        context.addIssue({ code: "custom", path: ["checks", index, end], message: "no such metric or probe" });
      }
    }
    const metrics = new Set(metricsOf({ dimensions }).map(({ key }) => key));
    for (const [index, each] of watch.entries()) {
      for (const reference of "against" in each ? [each.metric, each.against] : [each.metric]) {
        if (metrics.has(reference)) continue;
        context.addIssue({ code: "custom", path: ["watch", index], message: `no such metric: ${reference}` });
      }
    }
  });

/** A number that is read only to check others by. */
export interface Probe extends z.infer<typeof probeSchema> {
  /** Of one that was held back: the epochs over whose time it is read, in place of the one that is scored. */
  readonly span?: EpochSpan | undefined;
}

type Document = z.infer<typeof scoreDefinitionSchema>;

/** How a project is scored: metrics in weighted dimensions. Its hash stands in the project's plan and in its leaf. */
export interface ScoreDefinition extends Omit<Document, "probes" | "checks"> {
  readonly probes?: readonly Probe[] | undefined;
  readonly checks?: readonly IntegrityCheck[] | undefined;
}
export type Metric = z.infer<typeof metric>;

/** The parts of a definition that say what is read. */
type Read = Pick<ScoreDefinition, "dimensions" | "probes">;

/** What an operator reads from one source, and states in its observation. */
export interface Reading {
  /** `dimension/metric`, of several sources `dimension/metric/source`; of a probe its name. */
  readonly key: string;
  readonly source: SourceSpecification;
  readonly decimals: number;
  readonly onFailure: Metric["onFailure"];
  /** Epochs over whose time it is read; undefined: the one that is scored. */
  readonly span?: EpochSpan | undefined;
}

/** A definition with its content address. */
export interface KnownDefinition {
  readonly hash: Hex;
  readonly definition: ScoreDefinition;
}

export type DefinitionParse =
  { readonly ok: true; readonly known: KnownDefinition } | { readonly ok: false; readonly problem: string };

/** A definition from a document. Its hash is that of the document as given, before defaults are filled in. */
export function parseScoreDefinition(document: unknown): DefinitionParse {
  const parsed = scoreDefinitionSchema.safeParse(document);
  return parsed.success
    ? { ok: true, known: { hash: documentHash(document), definition: parsed.data } }
    : { ok: false, problem: z.prettifyError(parsed.error) };
}

/** A floor or ceiling in the metric's fixed point, rounded down. */
export function bound(text: string, decimals: number): bigint {
  const value = parseDecimal(text, decimals);
  if (value === undefined) throw new RangeError(`not a bound: ${text}`);
  return value;
}

/** All metrics of a definition in its order, named `dimension/metric`. */
export function metricsOf(definition: Read): readonly { readonly key: string; readonly metric: Metric }[] {
  return definition.dimensions.flatMap((each) =>
    each.metrics.map((metric) => ({ key: `${each.name}/${metric.name}`, metric })),
  );
}

/** Every source that a definition names, in its order. */
export function readingsOf(definition: Read): readonly Reading[] {
  return [
    ...metricsOf(definition).flatMap(({ key, metric }) => readingsOfMetric(key, metric)),
    ...(definition.probes ?? []).map(({ name: key, source, decimals, span }) => ({
      key,
      source,
      decimals,
      onFailure: silent,
      span,
    })),
  ];
}

/** The sources of one metric: one, or those that must agree. */
export function readingsOfMetric(key: string, metric: Metric): readonly Reading[] {
  const { source, sources = [], decimals, onFailure } = metric;
  if (source !== undefined) return [{ key, source, decimals, onFailure }];
  return sources.map((each) => ({
    key: `${key}/${each.name}`,
    source: each.source,
    decimals,
    onFailure: each.onFailure ?? onFailure,
  }));
}

function sumsToOne(parts: readonly { readonly weight: string }[]): boolean {
  // A malformed weight has been reported by its own rule; here it must not throw.
  if (!parts.every((each) => share.safeParse(each.weight).success)) return true;
  return parts.reduce((sum, each) => sum + BigInt(each.weight), 0n) === ONE;
}

function areUnique(parts: readonly { readonly name: string }[]): boolean {
  return new Set(parts.map((each) => each.name)).size === parts.length;
}
