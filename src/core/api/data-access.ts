import { z } from "zod";
import { addressSchema, blockRefSchema, bytes4Schema, countSchema, secondsSchema } from "./primitives.ts";

/** Why a read of a data resource is allowed or denied, in the order in which the rules are consulted. */
export const dataVerdictSchema = z.enum([
  "allowed",
  "allowed-by-role",
  /** The mirror cannot answer: every read is denied, whoever asks. */
  "mirror-empty",
  "mirror-halted",
  "mirror-lagging",
  "stale-snapshot",
  /** The reader cannot be told. */
  "session-missing",
  "session-unknown",
  "session-expired",
  /** The Authority's own rules. */
  "target-closed",
  "role-missing",
  "role-delayed",
  "grant-missing",
  "grant-ended",
  "grant-not-started",
  "grant-expired",
  /** Counted grants are spent on chain; a read cannot spend one. */
  "grant-counted",
  /** So are caps. */
  "grant-capped",
  "task-completed",
  "task-failed",
  /** The catalog does not know the reading, or the team may not do it by itself: only single calls can be approved. */
  "action-unlisted",
  "outside-scope",
  "outside-reversibility",
  "action-with-impact",
  "resource-unregistered",
]);
export type DataVerdict = z.infer<typeof dataVerdictSchema>;

/** `GET /v1/why?resource=<uri>[&account=<address>]`: of the session's account, or of any account (grants are public). */
export const dataWhyAnswerSchema = z.strictObject({
  /** The mirror's block that the answer rests on; null where it has none. */
  at: blockRefSchema.nullable(),
  allowed: z.boolean(),
  verdict: dataVerdictSchema,
  account: addressSchema.nullable(),
  resource: z.string(),
  target: addressSchema,
  selector: bytes4Schema,
  /** The grant that decided, where there is or was one. */
  grant: z.strictObject({ task: countSchema, notBefore: secondsSchema, notAfter: secondsSchema }).nullable(),
});
export type DataWhyAnswer = z.infer<typeof dataWhyAnswerSchema>;

/** `POST /v1/sign-in/nonce` */
export const signInNonceAnswerSchema = z.strictObject({ nonce: z.string(), expiresAt: secondsSchema });
export type SignInNonceAnswer = z.infer<typeof signInNonceAnswerSchema>;

/** `POST /v1/sign-in`: an EIP-4361 message and its signature. */
export const signInRequestSchema = z.strictObject({
  message: z.string().max(4_000),
  signature: z.string().max(20_000),
});
export const signInAnswerSchema = z.strictObject({
  account: addressSchema,
  /** Bearer token; the gateway keeps only its hash. */
  token: z.string(),
  expiresAt: secondsSchema,
});
export type SignInAnswer = z.infer<typeof signInAnswerSchema>;

/** `POST /v1/query` */
export const queryRequestSchema = z.strictObject({ resource: z.string().max(500) });
export const queryAnswerSchema = z.strictObject({
  /** The mirror's block that the answer rests on; null where it has none. */
  at: blockRefSchema.nullable(),
  verdict: dataVerdictSchema,
  rows: z.array(z.record(z.string(), z.json())),
});
export type QueryAnswer = z.infer<typeof queryAnswerSchema>;

/** `GET /v1/grants`: the live data grants of the session's account. */
export const dataGrantsAnswerSchema = z.strictObject({
  at: blockRefSchema.nullable(),
  account: addressSchema,
  grants: z.array(
    z.strictObject({
      resource: z.string().nullable(),
      target: addressSchema,
      selector: bytes4Schema,
      task: countSchema,
      notBefore: secondsSchema,
      notAfter: secondsSchema,
      verdict: dataVerdictSchema,
    }),
  ),
});
export type DataGrantsAnswer = z.infer<typeof dataGrantsAnswerSchema>;

/** `GET /v1/status` of the gateway. */
export const gatewayStatusAnswerSchema = z.strictObject({
  at: blockRefSchema.nullable(),
  serving: z.boolean(),
  lagSeconds: z.number().nonnegative().nullable(),
  maximumLagSeconds: countSchema,
  trouble: z.string().nullable(),
  /** Attacks on its own database that the gateway tried at start; all failed, or it would not serve. */
  attacksWithstood: countSchema,
});
export type GatewayStatusAnswer = z.infer<typeof gatewayStatusAnswerSchema>;
