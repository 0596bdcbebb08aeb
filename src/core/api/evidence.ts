import { z } from "zod";
import { addressSchema, bytes32Schema, bytesSchema, countSchema, secondsSchema } from "./primitives.ts";

/** Largest size that an evidence store can be configured to take, and that a client reads. */
export const LARGEST_EVIDENCE_BYTES = 104_857_600; // 100 MiB

/** A media type with at most one parameter, as it is recorded and served again. */
export const mediaTypeSchema = z
  .string()
  .max(120)
  .regex(/^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.+-]+)?$/, "not a media type");

/** What is known of evidence that is stored for a milestone. */
export const evidenceRecordSchema = z.strictObject({
  /** Keccak-256 of the stored bytes; those of a document are its canonical text (RFC 8785). */
  hash: bytes32Schema,
  sizeBytes: countSchema,
  contentType: mediaTypeSchema,
  /** ERC-7913 signer of the session that uploaded it first. */
  uploadedBy: bytesSchema,
  /** On the store's own clock. */
  uploadedAt: secondsSchema,
});
export type EvidenceRecord = z.infer<typeof evidenceRecordSchema>;

/** Answer to an upload: 201 where it is new for the milestone, 200 where it was there. */
export const evidenceStoredSchema = z.strictObject({ isNew: z.boolean(), record: evidenceRecordSchema });
export type EvidenceStoredAnswer = z.infer<typeof evidenceStoredSchema>;

/** `GET /v1/evidence/:project/:milestone`, oldest first. */
export const evidenceListSchema = z.strictObject({ records: z.array(evidenceRecordSchema) });
export type EvidenceListAnswer = z.infer<typeof evidenceListSchema>;

/** Characters of the longest signer: an address and a key of about 1,000 bytes. */
const LONGEST_SIGNER = 2_050;

/** `POST /v1/sign-in` of an evidence store. */
export const evidenceSignInRequestSchema = z.strictObject({
  message: z.string().max(4_000),
  signature: z.string().max(20_000),
  /** ERC-7913 signer that is no account; the message then names the account that stands for it. */
  signer: bytesSchema.refine((text) => text.length <= LONGEST_SIGNER, "too long").optional(),
});
export const evidenceSignInAnswerSchema = z.strictObject({
  account: addressSchema,
  signer: bytesSchema,
  token: z.string(),
  expiresAt: secondsSchema,
});
export type EvidenceSignInAnswer = z.infer<typeof evidenceSignInAnswerSchema>;
