import { z } from "zod";
import { canonicalText } from "../../core/documents/document-hash.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { Hex } from "../../core/hex.ts";
import { blockSchema, operatorSetSchema, rulesSchema, windowSchema } from "../evidence/epoch-opening.ts";
import { acceptedReportSchema, epochRecordSchema, toJson } from "../evidence/epoch-record.ts";
import { settlementSchema } from "../epochs/settlement.ts";
import { lowerAddressSchema, wordSchema } from "../hex-schema.ts";
import type { Ruleset } from "../rulesets/ruleset.ts";
import { signedAgreementSchema, signedMessageSchema } from "../agreement/message.ts";
import { heardSchema } from "../observations/reveal.ts";
import { count } from "../report-schema.ts";

/** Most that a part may have: ten times the leaves of a hundred thousand projects. */
export const MAXIMUM_PART_BYTES = 256 * 1024 * 1024;

/**
 * The document of an evidence bundle: what one operator holds of one epoch. Everything large is a part, named by the Keccak-256 of
 * its bytes. Its digest is the Keccak-256 of its canonical text (RFC 8785), which is how it is stored and served.
 */
export const bundleSchema = z.strictObject({
  kind: z.literal("mandate.evidence-bundle/2"),
  chainId: count,
  oracle: lowerAddressSchema,
  vaults: z.array(lowerAddressSchema),
  /** Who sealed it. */
  operator: lowerAddressSchema,
  epoch: count,
  window: windowSchema,
  /** Seconds from the epoch's end in which its report is accepted: views follow from it. */
  reportDeadlineSeconds: count,
  /** The block that closed the epoch. */
  block: blockSchema,
  set: operatorSetSchema,
  /** When the closing block counted as settled, by the operators' common rule. */
  settlement: settlementSchema,
  /** Digest of the configuration that every observation in it names. */
  configuration: wordSchema,
  rules: rulesSchema,
  /** What the operator's program made of the golden epoch, as the ruleset of the epoch asks for: two programs that score alike have the same. */
  code: wordSchema,
  /** The report that was decided; null where the operator knew none, or not everything that it was computed from. */
  report: epochRecordSchema.omit({ leaves: true }).nullable(),
  /** As the contract's event told it when the bundle was sealed; null where no report of the epoch was accepted. */
  accepted: acceptedReportSchema.nullable(),
  /**
   * Who revealed which observation, by which salt, and what it had heard; ascending by operator, then by observation, then by the hash of the
   * reveal. Two of one operator contradict each other.
   */
  observations: z.array(
    z.strictObject({
      operator: lowerAddressSchema,
      observation: wordSchema,
      salt: wordSchema,
      heard: heardSchema,
      envelope: signedMessageSchema.shape.envelope,
    }),
  ),
  /** Part: everything besides observations and definitions that the outcome function takes. */
  facts: wordSchema,
  /** Part: the report's leaves in the order of the tree; null where there is no report. */
  leaves: wordSchema.nullable(),
  /** Part: all other signed messages of the agreement, commitments among them. */
  votes: wordSchema,
  /** Parts: documents that the projects' plans name, and what these held back and counts now, as far as the operator has them. */
  definitions: z.array(wordSchema),
  /** Parts: texts, without secrets, that the sealing operator's own values were read from. */
  captures: z.array(wordSchema),
  /** Every part once, ascending. */
  parts: z.array(z.strictObject({ hash: wordSchema, bytes: count })),
});

export type Bundle = z.infer<typeof bundleSchema>;

/** The ruleset that a bundle says was followed. */
export function rulesetOf({ vaults, settlement, code }: Bundle): Ruleset {
  return { kind: "mandate.oracle-ruleset/1", vaults, settlement, scoring: code };
}

export const votesSchema = z.array(signedAgreementSchema);

/** Text of a bundle's document, or of a part that is JSON: canonical, integers beyond the safe range as decimal text. */
export function bundleText(value: unknown): string {
  return canonicalText(JSON.parse(toJson(value)));
}

/** What is signed of a bundle, from its text. */
export function bundleDigest(text: string): Hex {
  return keccak256Text(text);
}

/** The hashes that places of the document name, each once, ascending: exactly the bundle's parts. */
export function namedParts(bundle: Omit<Bundle, "parts">): readonly Hex[] {
  const { facts, leaves, votes, definitions, captures, observations } = bundle;
  const named = [facts, votes, ...definitions, ...captures, ...observations.map((each) => each.observation)];
  if (leaves !== null) named.push(leaves);
  return [...new Set(named)].sort();
}
