import { z } from "zod";
import { addressSchema, assetSchema, bytes32Schema, countSchema, secondsSchema } from "./primitives.ts";

/** What stands in the way of an answer that can be relied on. */
export const troubleSchema = z.strictObject({ code: z.string(), message: z.string(), since: secondsSchema });

/** `GET /v1/status` */
export const statusAnswerSchema = z.strictObject({
  chainId: countSchema,
  block: countSchema,
  hash: bytes32Schema,
  timestamp: secondsSchema,
  /** The last block that the node calls finalized; null before the first. */
  finalized: z.strictObject({ number: countSchema, hash: bytes32Schema }).nullable(),
  /** Seconds since a new block was taken in. */
  lagSeconds: z.number().nonnegative(),
  /** `halted`: the history contradicts itself, and a person is needed. */
  phase: z.enum(["backfill", "live", "halted"]),
  trouble: troubleSchema.nullable(),
  /** One entry a registered contract. `ok`: the fold of all its events equals the head in its storage at `block`. */
  journal: z.array(
    z.strictObject({
      contract: addressSchema,
      name: z.string(),
      head: bytes32Schema,
      ok: z.boolean(),
      events: countSchema,
    }),
  ),
  /** Contracts by name. */
  deployment: z.record(z.string(), addressSchema),
});
export type StatusAnswer = z.infer<typeof statusAnswerSchema>;

/** `GET /v1/config`: what the web app has to know before it can ask anything else. */
export const configAnswerSchema = z.strictObject({
  chainId: countSchema,
  rpcUrl: z.url(),
  contracts: z.record(z.string(), addressSchema),
  assets: z.array(assetSchema),
  operators: z.array(z.url()),
  attestors: z.array(z.url()),
  gateway: z.url().nullable(),
  /** Where the evidence of challenges can be read. */
  evidenceStore: z.url().nullable(),
});
export type ConfigAnswer = z.infer<typeof configAnswerSchema>;
