import { z } from "zod";
import { challengeParties } from "../challenges/party-of.ts";
import { leafOutcomes } from "./proofs.ts";
import { resolverSchema } from "./escalations.ts";
import {
  addressSchema,
  blockRefSchema,
  bytes32Schema,
  countSchema,
  integerSchema,
  secondsSchema,
} from "./primitives.ts";

export const rulerSchema = resolverSchema.extend({
  /** What keeps the anchor from ruling, as far as the index knows it: who signs for an operator in its place, it does not. */
  party: z.enum(challengeParties).nullable(),
});

export const challengeSchema = z.strictObject({
  challenge: bytes32Schema,
  /** `lapsed` is derived from the deadline, at `at`: nobody ruled, and the bond can be returned. */
  status: z.enum(["open", "upheld", "rejected", "withdrawn", "lapsed", "returned"]),
  project: bytes32Schema,
  challenger: addressSchema,
  /** The report whose leaf is challenged, and what the leaf says. */
  report: countSchema,
  epoch: countSchema,
  definition: bytes32Schema,
  outcome: z.enum(leafOutcomes),
  grade: countSchema,
  /** 1e18 = 1. */
  score: integerSchema,
  /** Hash of the document that shows that the score was gamed. */
  evidence: bytes32Schema,
  /** The team that loses a tier; 0 where the plan names none that there is. */
  team: countSchema,
  planAnchor: addressSchema,
  /** Of the chain's coin, in wei; `reward` is set aside while it did not end. */
  bond: integerSchema,
  reward: integerSchema,
  openedAt: secondsSchema,
  deadline: secondsSchema,
  /** Who sits on the path; those without a party may rule. What counts is what they are when they rule. */
  rulers: z.array(rulerSchema),
  ruler: addressSchema.nullable(),
  reason: bytes32Schema.nullable(),
  /** Whether the team lost a tier. */
  lowered: z.boolean(),
  /** What the challenger got to claim of it, and what went to the pot; wei. */
  credited: integerSchema,
  forfeited: integerSchema,
  endedAt: secondsSchema.nullable(),
});
export type ChallengeAnswer = z.infer<typeof challengeSchema>;

/** `GET /v1/challenges`: newest first. */
export const challengesAnswerSchema = z.strictObject({
  at: blockRefSchema,
  challenges: z.array(challengeSchema),
});
export type ChallengesAnswer = z.infer<typeof challengesAnswerSchema>;
