import { z } from "zod";
import { addressSchema, blockRefSchema, bytes32Schema, countSchema, secondsSchema } from "./primitives.ts";

/** A ruleset that was named for the epochs of an oracle. */
export const rulesetAnswerSchema = z.strictObject({
  oracle: addressSchema,
  /** Hash of the document; operators serve it. */
  ruleset: bytes32Schema,
  /** First epoch that is measured by it. */
  fromEpoch: countSchema,
  /**
   * At `at`: `scheduled` until its first epoch begins, `running` from then until the next one's does, `over` after that. `replaced`: another
   * one was named while it was scheduled, and no epoch is measured by it.
   */
  status: z.enum(["scheduled", "running", "over", "replaced"]),
  anchor: addressSchema,
  scheduledAt: secondsSchema,
});
export type RulesetAnswer = z.infer<typeof rulesetAnswerSchema>;

/** `GET /v1/rulesets`: oracle by oracle, the newest first. */
export const rulesetsAnswerSchema = z.strictObject({ at: blockRefSchema, rulesets: z.array(rulesetAnswerSchema) });
export type RulesetsAnswer = z.infer<typeof rulesetsAnswerSchema>;
