import { collectProof, type CollectedProof } from "../attestor/collect.ts";
import type { SubmittedEvidence } from "../attestor/evidence/evidence.ts";
import { iBudgetVaultAbi } from "../chain/abi.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import { addressOf, fromBlockOf, type Session } from "./session.ts";

/** What has to be proved, to whom. */
export interface ReleaseRequest {
  readonly project: Hex;
  readonly milestone: number;
  readonly evidence: SubmittedEvidence;
  /** First second in which the proof is no longer accepted. */
  readonly deadline: number;
}

/** Signatures of a quorum, as `BudgetVault.release` takes them. */
export type CompleteProof = Extract<CollectedProof, { complete: true }>;

/**
 * Asks the attestors to check the evidence and to sign.
 * @throws {MandateError} `AttestationsMissing` below the set's threshold, with what each attestor said.
 */
export async function collectAttestations(
  session: Session,
  request: ReleaseRequest,
  attestors: readonly string[],
): Promise<CompleteProof> {
  const vault = addressOf(session, "BudgetVault");
  const proof = await collectProof({
    client: session.client,
    vault,
    fromBlock: fromBlockOf(session),
    attestorUrls: attestors,
    request,
  });
  if (proof.complete) return proof;
  const refusals = proof.refusals.map(({ url, code, message }) => `\n  ${url}: ${code}: ${message}`);
  throw new MandateError("AttestationsMissing", `${proof.have} of ${proof.need} attestors signed${refusals.join("")}`, {
    kind: "refused",
    data: { have: proof.have, need: proof.need },
    remedy: "Correct the evidence, or ask attestors that answer.",
  });
}

/** Relays a quorum's proof: of the whole milestone, or of what is due so far where the claim names a part. */
export function releaseCall(
  session: Session,
  { claim, attestors, signatures }: Pick<CompleteProof, "claim" | "attestors" | "signatures">,
): ContractCall {
  const { part, ...whole } = claim;
  return part === undefined
    ? contractCall(session, "BudgetVault", iBudgetVaultAbi, "release", [whole, attestors, signatures])
    : contractCall(session, "BudgetVault", iBudgetVaultAbi, "releasePart", [whole, part, attestors, signatures]);
}
