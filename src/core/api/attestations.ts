import { z } from "zod";
import { bytes32Schema, bytesSchema, countSchema, secondsSchema } from "./primitives.ts";

/** `GET /v1/attestor`: who signs here. `signer` is ERC-7913: an account, a contract wallet, or verifier and key. */
export const attestorAnswerSchema = z.strictObject({
  signer: bytesSchema,
  kind: z.enum(["account", "contract", "p256"]),
});
export type AttestorAnswer = z.infer<typeof attestorAnswerSchema>;

/** `POST /v1/attestations`: asks for a signature over a milestone's proof. */
export const attestationRequestSchema = z.strictObject({
  project: bytes32Schema,
  milestone: countSchema,
  /** The evidence document itself; what is signed is its document hash. */
  evidence: z.json(),
  /** First second in which the proof is no longer accepted. */
  deadline: secondsSchema,
});
export type AttestationRequest = z.infer<typeof attestationRequestSchema>;

/** Answer to {@link attestationRequestSchema}; a refusal is a problem (`EvidenceRefused`, …) with status 422. */
export const attestationAnswerSchema = z.strictObject({
  signer: bytesSchema,
  signature: bytesSchema,
  /** Document hash of the evidence. */
  evidence: bytes32Schema,
  /** EIP-712 digest that was signed. */
  digest: bytes32Schema,
  deadline: secondsSchema,
});
export type AttestationAnswer = z.infer<typeof attestationAnswerSchema>;
