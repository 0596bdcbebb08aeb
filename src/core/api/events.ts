import { z } from "zod";
import {
  addressSchema,
  blockRefSchema,
  bytes32Schema,
  countSchema,
  integerSchema,
  secondsSchema,
} from "./primitives.ts";

/** A journaled event. Numbers of Solidity appear as decimal text, structs as objects, arrays as arrays. */
export const eventSchema = z.strictObject({
  /** Place in the order in which the indexer took events in; grows for ever, and is never used twice. */
  cursor: integerSchema,
  contract: addressSchema,
  contractName: z.string(),
  name: z.string(),
  args: z.record(z.string(), z.json()),
  /** What caused it (a signed digest, an intent id, a task): see each event in the contracts' interfaces. */
  cause: bytes32Schema.nullable(),
  /** The accountable human, where the event names one. */
  anchor: addressSchema.nullable(),
  block: countSchema,
  blockHash: bytes32Schema,
  timestamp: secondsSchema,
  transaction: bytes32Schema,
  logIndex: countSchema,
});
export type EventAnswer = z.infer<typeof eventSchema>;

/** `GET /v1/events?after=<cursor>&limit=<1..500>`: oldest first. */
export const eventsAnswerSchema = z.strictObject({
  at: blockRefSchema,
  events: z.array(eventSchema),
  /** Pass as `after` for what follows; equals the cursor asked for where nothing is new. */
  next: integerSchema,
});
export type EventsAnswer = z.infer<typeof eventsAnswerSchema>;

/** `GET /v1/stream`: server-sent events, named by `kind`. After `reorg`, what was shown from removed blocks is void. */
export const streamMessageSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("block"), block: blockRefSchema }),
  z.strictObject({
    kind: z.literal("change"),
    block: blockRefSchema,
    entity: z.enum([
      "pool",
      "project",
      "report",
      "fork",
      "task",
      "grant",
      "anchor",
      "escalation",
      "challenge",
      "team",
      "parameter",
      "action",
      "capability",
      "attestorSet",
      "contract",
      "asset",
      "safety",
      "other",
    ]),
    /** Id of the entity; empty for `other`. */
    id: z.string(),
    event: z.string(),
  }),
  z.strictObject({ kind: z.literal("reorg"), ancestor: blockRefSchema }),
  z.strictObject({ kind: z.literal("trouble"), code: z.string(), message: z.string() }),
]);
export type StreamMessage = z.infer<typeof streamMessageSchema>;
