import { z } from "zod";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { compactSignatureSchema, lowerAddressSchema, pointSchema, wordSchema } from "../hex-schema.ts";
import { revealShape } from "../observations/reveal.ts";
import { statedReportSchema } from "../report-schema.ts";

const epoch = z.int().positive();
const view = z.int().nonnegative().max(10_000);
const operator = lowerAddressSchema;

/** Version of the rules by which operators agree. It is part of the configuration's digest: operators of two of them never mix. */
export const agreementVersion = "2";

/** Ascending by operator; each hash is of the observation as it was revealed. */
const inclusionSchema = z
  .array(z.strictObject({ operator: lowerAddressSchema, observation: wordSchema }))
  .min(1)
  .max(31);

const agreementKinds = [
  /**
   * "I have observed the epoch that this block closed, and can show what." Nobody can copy it, nor change it when others have shown theirs.
   * The block is named so that an honest operator commits once to each.
   */
  z.strictObject({ kind: z.literal("commitment"), epoch, operator, block: wordSchema, commitment: wordSchema }),
  /** Opens the operator's commitment. It can be judged without it, so that the two may arrive in any order. */
  z.strictObject({ kind: z.literal("observation"), epoch, operator, ...revealShape }),
  /** The proposer of a view names revealed observations, and the digest of the report that they evaluate to. */
  z.strictObject({
    kind: z.literal("proposal"),
    epoch,
    operator,
    view,
    inclusion: inclusionSchema,
    digest: wordSchema,
  }),
  /** "I evaluated the proposal of this view to this digest, and prepared no other in it." */
  z.strictObject({ kind: z.literal("prepare"), epoch, operator, view, digest: wordSchema }),
  /** "I saw a quorum prepare this digest in this view, before I left the view." */
  z.strictObject({ kind: z.literal("commit"), epoch, operator, view, digest: wordSchema }),
  /**
   * The operator's signature of the report itself, as the contract verifies it. The report is there so that two of them prove to the contract
   * that the operator signed twice; it is absent only in what was kept before messages had it.
   */
  z.strictObject({
    kind: z.literal("signature"),
    epoch,
    operator,
    digest: wordSchema,
    report: statedReportSchema.optional(),
    signature: compactSignatureSchema,
  }),
] as const;
export const agreementMessageSchema = z.discriminatedUnion("kind", agreementKinds);

/** Tries to sign one report together, at most: a bound on what a member can make others keep. */
export const COSIGNING_ATTEMPTS = 4;
const attempt = z
  .int()
  .min(0)
  .max(COSIGNING_ATTEMPTS - 1);
const cosigning = { epoch, operator, digest: wordSchema, attempt };
const noncesSchema = { r1: pointSchema, r2: pointSchema };

const cosigningKinds = [
  /** "These are the two commitments that I will answer once, for this report in this attempt." */
  z.strictObject({ kind: z.literal("nonces"), ...cosigning, ...noncesSchema }),
  /** The attempt's coordinator names who signs, by seats in ascending order, and everyone's nonces. */
  z.strictObject({
    kind: z.literal("session"),
    ...cosigning,
    signers: z
      .array(z.strictObject({ seat: z.int().min(0).max(30), ...noncesSchema }))
      .min(1)
      .max(31),
  }),
  /** The operator's part of the signature, in the session with this hash. */
  z.strictObject({ kind: z.literal("share"), ...cosigning, session: wordSchema, share: wordSchema }),
] as const;

/** A message of the agreement on one epoch's report. */
export type AgreementMessage = z.infer<typeof agreementMessageSchema>;
export type MessageOf<Kind extends OperatorMessage["kind"]> = Extract<OperatorMessage, { readonly kind: Kind }>;
export type Inclusion = z.infer<typeof inclusionSchema>;

/** A message by which operators sign together the report on which they agreed. */
export type CosigningMessage = MessageOf<"nonces" | "session" | "share">;

const messageSchema = z.discriminatedUnion("kind", [...agreementKinds, ...cosigningKinds]);
/** What operators say to each other. */
export type OperatorMessage = z.infer<typeof messageSchema>;

/** EIP-191 signature of {@link messageHash} by the operator. It can never be one of a report, which is EIP-712. */
const envelope = z
  .string()
  .regex(/^0x[0-9a-f]{130}$/)
  .transform((text) => text as Hex);

export const signedMessageSchema = z.strictObject({ message: messageSchema, envelope });

/** One that belongs to the agreement: the only ones that a report follows from. */
export const signedAgreementSchema = z.strictObject({ message: agreementMessageSchema, envelope });
export type SignedAgreement = z.infer<typeof signedAgreementSchema>;

export function isCosigning(message: OperatorMessage): message is CosigningMessage {
  return message.kind === "nonces" || message.kind === "session" || message.kind === "share";
}

export function isOfAgreement(signed: SignedMessage): signed is SignedAgreement {
  return !isCosigning(signed.message);
}

/** A message that anyone can relay and everyone can attribute. */
export type SignedMessage = z.infer<typeof signedMessageSchema>;

/** What an operator signs for a message. Bound to the configuration digest, and through it to chain, contract and set. */
export function messageHash(configurationDigest: Hex, message: OperatorMessage): Hex {
  return documentHash({ kind: "mandate.agreement/1", configuration: configurationDigest, message });
}
