import { z } from "zod";
import { coneSchema, triggerSchema } from "./limits.ts";
import { addressSchema, blockRefSchema, bytes32Schema, countSchema, secondsSchema } from "./primitives.ts";

export const teamSchema = z.strictObject({
  /** Its number, from 1. */
  team: countSchema,
  /** Address in the organization, such as `G1.U1.P3`. */
  place: z.string(),
  status: z.enum(["open", "closed"]),
  anchor: addressSchema,
  /** Whether its anchor is live at `at`: without, no task can be opened. */
  anchorLive: z.boolean(),
  tier: countSchema,
  /** One a tier, strictest first. */
  cones: z.array(coneSchema),
  /** What the authority enforces: the tier's cone, no looser than the constitution; null before it was written. */
  enforced: coneSchema.nullable(),
  triggers: z.array(triggerSchema),
  /** Numbers of the teams to which it escalates, in order; the last is the root office. */
  path: z.array(countSchema),
  members: z.array(addressSchema),
  version: countSchema,
  /** Document hash of the reason of the last change. */
  reason: bytes32Schema,
  openedAt: secondsSchema,
  closedAt: secondsSchema.nullable(),
});
export type TeamAnswer = z.infer<typeof teamSchema>;

/** `GET /v1/teams` */
export const teamsAnswerSchema = z.strictObject({ at: blockRefSchema, teams: z.array(teamSchema) });
export type TeamsAnswer = z.infer<typeof teamsAnswerSchema>;

export const anchorSchema = z.strictObject({
  anchor: addressSchema,
  /** `lapsed` is derived from `liveUntil`, at `at`. */
  status: z.enum(["enrolled", "live", "lapsed", "removed"]),
  /** Hash of its identity record, which is kept off chain. */
  identity: bytes32Schema,
  liveUntil: secondsSchema,
  /** Who acts in its place on escalations; null where it named none. */
  substitute: addressSchema.nullable(),
  /** Numbers of the open teams that it answers for. */
  teams: z.array(countSchema),
});
export type AnchorAnswer = z.infer<typeof anchorSchema>;

/** `GET /v1/anchors` */
export const anchorsAnswerSchema = z.strictObject({ at: blockRefSchema, anchors: z.array(anchorSchema) });
export type AnchorsAnswer = z.infer<typeof anchorsAnswerSchema>;
