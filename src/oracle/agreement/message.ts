import { z } from "zod";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { compactSignatureSchema, lowerAddressSchema, wordSchema } from "../hex-schema.ts";
import { observationSchema } from "../observations/observation.ts";

const epoch = z.int().positive();
const view = z.int().nonnegative().max(10_000);
const operator = lowerAddressSchema;

const inclusionSchema = z
  .array(z.strictObject({ operator: lowerAddressSchema, observation: wordSchema }))
  .min(1)
  .max(31);

const messageSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("observation"), epoch, operator, observation: observationSchema }),
  /** The proposer of a view names observations, and the digest of the report that they evaluate to. */
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
  /** The operator's signature of the report itself, as the contract verifies it. */
  z.strictObject({
    kind: z.literal("signature"),
    epoch,
    operator,
    digest: wordSchema,
    signature: compactSignatureSchema,
  }),
]);

/** A message of the agreement on one epoch's report. */
export type AgreementMessage = z.infer<typeof messageSchema>;
export type MessageOf<Kind extends AgreementMessage["kind"]> = Extract<AgreementMessage, { readonly kind: Kind }>;
export type Inclusion = z.infer<typeof inclusionSchema>;

export const signedMessageSchema = z.strictObject({
  message: messageSchema,
  /** EIP-191 signature of {@link messageHash} by the operator. It can never be one of a report, which is EIP-712. */
  envelope: z
    .string()
    .regex(/^0x[0-9a-f]{130}$/)
    .transform((text) => text as Hex),
});

/** A message that anyone can relay and everyone can attribute. */
export type SignedMessage = z.infer<typeof signedMessageSchema>;

/** What an operator signs for a message. Bound to the configuration digest, and through it to chain, contract and set. */
export function messageHash(configurationDigest: Hex, message: AgreementMessage): Hex {
  return documentHash({ kind: "mandate.agreement/1", configuration: configurationDigest, message });
}
