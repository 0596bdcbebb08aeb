import { z } from "zod";
import type { Leaf } from "../../core/merkle/leaf.ts";
import type { Manifest } from "../scoring/evaluate-epoch.ts";
import { findingKinds } from "../scoring/finding.ts";
import { lowerAddressSchema, wordSchema } from "../hex-schema.ts";
import { count, reportSchema, unsigned } from "../report-schema.ts";

export const leafSchema = z.strictObject({
  project: wordSchema,
  definition: wordSchema,
  outcome: z.enum(["value", "missing", "refused"]),
  grade: z.int().min(0).max(4),
  score: unsigned,
});

const findingSchema = z.strictObject({
  kind: z.enum(findingKinds),
  subject: z.string().max(127),
  reason: z.enum(["found", "unknown"]),
});

/** A report with its leaves and what it was computed from, as operators keep it and serve it to each other. */
export const epochRecordSchema = z.strictObject({
  digest: wordSchema,
  report: reportSchema,
  manifest: z.strictObject({
    inclusion: z.array(z.strictObject({ operator: lowerAddressSchema, observation: wordSchema })),
    configuration: wordSchema,
    evidence: wordSchema,
    findings: z
      .array(z.strictObject({ definition: wordSchema, findings: z.array(findingSchema).min(1).max(600) }))
      .optional(),
  }),
  leaves: z.array(leafSchema),
});

/** Values on which the operators of an inclusion set agreed, beside the record that follows from them. Kept for this operator alone. */
export const agreedValuesSchema = z.strictObject({
  /** Of the report that was computed from them. */
  digest: wordSchema,
  definitions: z.array(
    z.strictObject({
      definition: wordSchema,
      /** By metric, in its fixed point; a metric without a value is left out. */
      values: z.record(
        z.string(),
        z
          .string()
          .regex(/^(0|-?[1-9]\d{0,99})$/)
          .transform((text) => BigInt(text)),
      ),
    }),
  ),
});

export type AgreedValues = z.infer<typeof agreedValuesSchema>;

export const acceptedReportSchema = z.strictObject({
  index: count,
  epoch: count,
  root: wordSchema,
  threshold: unsigned,
  nextThreshold: unsigned,
  leafCount: count,
  acceptedAt: count,
  manifest: wordSchema,
  digest: wordSchema,
  signers: unsigned,
  transaction: wordSchema,
});

export type EpochRecord = Omit<z.infer<typeof epochRecordSchema>, "leaves" | "manifest"> & {
  readonly manifest: Manifest;
  readonly leaves: readonly Leaf[];
};

/** A record without its leaves: what does not grow with projects. */
export type EpochHead = Omit<EpochRecord, "leaves">;

/** As it is kept beside a file of leaves, and served. */
export const epochHeadSchema: z.ZodType<EpochHead> = epochRecordSchema.omit({ leaves: true });

/** A JSON form with integers beyond the safe range as decimal text. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? each.toString() : each));
}
