import { z } from "zod";
import {
  addressSchema,
  blockRefSchema,
  bytes32Schema,
  countSchema,
  integerSchema,
  secondsSchema,
} from "./primitives.ts";

/** An accepted report: the header that provers supply, and what the quorum counted. */
export const reportSchema = z.strictObject({
  oracle: addressSchema,
  index: countSchema,
  epoch: countSchema,
  root: bytes32Schema,
  configuration: countSchema,
  /** τ by which it judges, and the one after it; 1e18 = 1. */
  threshold: integerSchema,
  nextThreshold: integerSchema,
  leafCount: countSchema,
  scored: countSchema,
  surviving: countSchema,
  acceptedAt: secondsSchema,
  manifest: bytes32Schema,
  /** EIP-712 digest that the operators signed. */
  digest: bytes32Schema,
  /** Seats that signed, and who sat there. */
  signers: z.array(z.strictObject({ seat: countSchema, operator: addressSchema.nullable() })),
  transaction: bytes32Schema,
});
export type ReportAnswer = z.infer<typeof reportSchema>;

/** `GET /v1/reports`: newest first. */
export const reportsAnswerSchema = z.strictObject({ at: blockRefSchema, reports: z.array(reportSchema) });
export type ReportsAnswer = z.infer<typeof reportsAnswerSchema>;
