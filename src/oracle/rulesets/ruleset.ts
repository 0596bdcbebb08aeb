import { z } from "zod";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { settlementSchema } from "../epochs/settlement.ts";
import { lowerAddressSchema, wordSchema } from "../hex-schema.ts";

/** Most vaults of a ruleset: each is looked through in every epoch. */
export const MAXIMUM_VAULTS = 16;

/** Rules in which operators must be alike, and which the chain names by the hash of this document. One content has one spelling. */
export const rulesetSchema = z.strictObject({
  kind: z.literal("mandate.oracle-ruleset/1"),
  /** Vaults whose active projects are scored; ascending. */
  vaults: z
    .array(lowerAddressSchema)
    .min(1)
    .max(MAXIMUM_VAULTS)
    .refine((vaults) => vaults.every((each, at) => at === 0 || (vaults[at - 1] ?? "") < each), "ascending, each once"),
  settlement: settlementSchema,
  /** Digest of how a program scores, as `scoringCodeDigest` makes it. */
  scoring: wordSchema,
});

export type Ruleset = z.infer<typeof rulesetSchema>;

/** By which the chain names it. */
export function rulesetHash(ruleset: Ruleset): Hex {
  return documentHash(ruleset);
}
