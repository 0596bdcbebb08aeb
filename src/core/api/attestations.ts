import { z } from "zod";
import { bytes32Schema, bytesSchema, countSchema, secondsSchema } from "./primitives.ts";

/** Answer of an attestor to `POST /v1/attestations`: its signature over a milestone's proof, with what it signed. */
export const attestationSchema = z.strictObject({
  /** ERC-7913 signer: an account, a contract wallet, or verifier and key. */
  signer: bytesSchema,
  kind: z.string(),
  seat: countSchema,
  /** Document hash of the evidence manifest that the attestor checked. */
  evidence: bytes32Schema,
  /** First second in which the proof is no longer accepted. */
  deadline: secondsSchema,
  /** EIP-712 digest that was signed. */
  digest: bytes32Schema,
  signature: bytesSchema,
});
export type AttestationAnswer = z.infer<typeof attestationSchema>;

/** Answer of an attestor that does not sign, and why. */
export const attestationRefusalSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string() }),
});
