import { z } from "zod";
import { wordSchema } from "./hex-schema.ts";

const decimal = z.string().regex(/^(0|[1-9]\d{0,77})$/);

/** A number of up to 256 bits, in text. */
export const unsigned = decimal.transform((text) => BigInt(text));
export const count = z.int().nonnegative();

const fields = {
  configuration: count,
  epoch: count,
  root: wordSchema,
  leafCount: count,
  scored: count,
  surviving: count,
  manifest: wordSchema,
};

/** A report as it is kept and served. */
export const reportSchema = z.strictObject({ ...fields, threshold: unsigned });

/** A report inside of a message that is hashed: as it is written, so that it reads as it was signed. */
export const statedReportSchema = z.strictObject({ ...fields, threshold: decimal });
export type StatedReport = z.infer<typeof statedReportSchema>;

export function statedReport(report: z.infer<typeof reportSchema>): StatedReport {
  return { ...report, threshold: report.threshold.toString() };
}

export function reportOf(stated: StatedReport): z.infer<typeof reportSchema> {
  return { ...stated, threshold: BigInt(stated.threshold) };
}
