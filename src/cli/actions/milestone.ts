import { readFileSync } from "node:fs";
import { z } from "zod";
import { collectProof, type CollectedProof } from "../../attestor/collect.ts";
import { submittedEvidenceSchema, type SubmittedEvidence } from "../../attestor/evidence/evidence.ts";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { contractCall, type ContractCall } from "../chain/contract-call.ts";
import { addressOf, fromBlockOf, type Session } from "../chain/session.ts";

/** @throws {MandateError} `EvidenceInvalid`. */
export function readEvidence(path: string): SubmittedEvidence {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("EvidenceInvalid", `cannot read ${path} as JSON: ${messageOf(cause)}`, {
      kind: "input",
      cause,
    });
  }
  const parsed = submittedEvidenceSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MandateError("EvidenceInvalid", `${path}: ${z.prettifyError(parsed.error)}`, {
    kind: "input",
    cause: parsed.error,
  });
}

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

export function releaseCall(session: Session, { claim, attestors, signatures }: CompleteProof): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "release", [claim, attestors, signatures]);
}

/** @param overturned.evidence Hash of what speaks against the proof. */
export function overturnCall(
  session: Session,
  overturned: { readonly project: Hex; readonly milestone: number; readonly evidence: Hex },
): ContractCall {
  const { project, milestone, evidence } = overturned;
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "overturn", [project, milestone, evidence]);
}
