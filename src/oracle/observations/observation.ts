import { z } from "zod";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { wordSchema } from "../hex-schema.ts";

/** An integer in text, in one spelling only. */
const integerText = z.string().regex(/^(0|-?[1-9]\d{0,99})$/);

/** `dimension/metric/source`, each of at most 63 characters. */
const readingKey = z.string().max(191);

const observedMetric = z.discriminatedUnion("outcome", [
  z.strictObject({ metric: readingKey, outcome: z.literal("value"), value: integerText, capture: wordSchema }),
  z.strictObject({ metric: readingKey, outcome: z.literal("missing") }),
  z.strictObject({ metric: readingKey, outcome: z.literal("refused") }),
]);

export const observationSchema = z.strictObject({
  kind: z.literal("mandate.observation/1"),
  /** Digest of the configuration that the observer runs: observations of another one are never mixed in. */
  configuration: wordSchema,
  epoch: z.int().positive(),
  /** The block that closed the epoch, at which projects and their definitions were read. */
  block: z.strictObject({ number: z.int().nonnegative(), hash: wordSchema }),
  /** Ascending by hash; a definition whose document the observer does not have is left out. */
  definitions: z
    .array(z.strictObject({ definition: wordSchema, metrics: z.array(observedMetric).min(1).max(256) }))
    .max(100_000),
});

/** What one operator found in one epoch: a tri-state integer for each source of each definition. */
export type Observation = z.infer<typeof observationSchema>;
export type ObservedMetric = z.infer<typeof observedMetric>;

/** Observations are large, never change, and are asked for their hash several times. */
const hashes = new WeakMap<Observation, Hex>();

/** Content address of an observation; commitments and reveals bind it. */
export function observationHash(observation: Observation): Hex {
  const known = hashes.get(observation);
  if (known !== undefined) return known;
  const hash = documentHash(observation);
  hashes.set(observation, hash);
  return hash;
}
