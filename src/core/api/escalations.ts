import { z } from "zod";
import { boundarySchema } from "./limits.ts";
import {
  addressSchema,
  blockRefSchema,
  bytes32Schema,
  bytes4Schema,
  bytesSchema,
  countSchema,
  integerSchema,
  secondsSchema,
} from "./primitives.ts";

/** An anchor who may resolve, or its substitute, from `opensAt` on and while one of them is live. */
export const resolverSchema = z.strictObject({
  position: countSchema,
  team: countSchema,
  anchor: addressSchema,
  substitute: addressSchema.nullable(),
  opensAt: secondsSchema,
  /** Whether it may resolve at `at`. */
  open: z.boolean(),
});

export const escalationSchema = z.strictObject({
  operation: bytes32Schema,
  /** `denied` and `unused` are derived from the times, at `at`. */
  status: z.enum(["pending", "approved", "rejected", "denied", "withdrawn", "executed", "unused"]),
  team: countSchema,
  caller: addressSchema,
  target: addressSchema,
  targetName: z.string(),
  selector: bytes4Schema,
  /** The whole call, so that whoever resolves can read what a hash cannot tell. */
  data: bytesSchema,
  task: countSchema,
  boundary: boundarySchema,
  /** In what the boundary is measured: units of account (4 decimals), percent, a set of scopes, seconds. */
  limit: integerSchema,
  actual: integerSchema,
  recommendation: bytes32Schema,
  context: bytes32Schema,
  openedAt: secondsSchema,
  deadline: secondsSchema,
  resolvers: z.array(resolverSchema),
  /** Who approved or rejected; null before. */
  resolver: addressSchema.nullable(),
  resolvedAt: secondsSchema.nullable(),
  reason: bytes32Schema.nullable(),
  /** First second in which an approval can no longer be used. */
  usableUntil: secondsSchema.nullable(),
  executedAt: secondsSchema.nullable(),
  /** How often this operation was escalated; this answer is about the last time. */
  openings: countSchema,
});
export type EscalationAnswer = z.infer<typeof escalationSchema>;

/** `GET /v1/escalations`: newest first. */
export const escalationsAnswerSchema = z.strictObject({
  at: blockRefSchema,
  escalations: z.array(escalationSchema),
});
export type EscalationsAnswer = z.infer<typeof escalationsAnswerSchema>;
