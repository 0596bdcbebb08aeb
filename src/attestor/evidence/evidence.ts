import { z } from "zod";
import type { Hex } from "../../core/hex.ts";
import { filePath } from "./specification.ts";

/** Largest content of one delivered file. */
const MAX_BASE64_CHARACTERS = 14_000_000; // 10 MiB

/** What a requester submits, by the kind of the specification that it meets. */
export const evidenceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("git-tag"), commit: z.string().regex(/^[0-9a-f]{40}$/) }),
  z.strictObject({ kind: z.literal("json-assertions"), document: z.json() }),
  z.strictObject({
    kind: z.literal("file-hash"),
    files: z
      .array(z.strictObject({ name: filePath, contentBase64: z.base64().max(MAX_BASE64_CHARACTERS) }))
      .min(1)
      .max(200),
  }),
]);

export type Evidence = z.infer<typeof evidenceSchema>;

/** Evidence that lies in an evidence store: the hash of its manifest, which is the hash that is signed. */
export const storedEvidenceSchema = z.strictObject({
  kind: z.literal("stored"),
  hash: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/)
    .transform((text) => text as Hex),
});
export type StoredEvidence = z.infer<typeof storedEvidenceSchema>;

/** What a request for an attestation carries: the evidence itself, or where it is. */
export const submittedEvidenceSchema = z.discriminatedUnion("kind", [evidenceSchema, storedEvidenceSchema]);
export type SubmittedEvidence = z.infer<typeof submittedEvidenceSchema>;

/** Outcome of checking evidence: the manifest whose hash is signed, or what does not hold. */
export type EvidenceVerdict =
  { readonly met: true; readonly manifest: unknown } | { readonly met: false; readonly problem: string };

export function notMet(problem: string): EvidenceVerdict {
  return { met: false, problem };
}
