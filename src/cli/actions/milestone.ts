import { readFileSync } from "node:fs";
import { z } from "zod";
import { collectProof, type CollectedProof } from "../../attestor/collect.ts";
import {
  storedEvidenceSchema,
  submittedEvidenceSchema,
  type SubmittedEvidence,
} from "../../attestor/evidence/evidence.ts";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { contractCall, type ContractCall } from "../chain/contract-call.ts";
import { addressOf, fromBlockOf, type Session } from "../chain/session.ts";

/** A document that people wrote. @throws {MandateError} `EvidenceInvalid`. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("EvidenceInvalid", `cannot read ${path} as JSON: ${messageOf(cause)}`, {
      kind: "input",
      cause,
    });
  }
}

/** What attestor services are asked to check, or where it is stored. @throws {MandateError} `EvidenceInvalid`. */
export function readEvidence(path: string): SubmittedEvidence {
  const parsed = submittedEvidenceSchema.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  throw new MandateError("EvidenceInvalid", `${path}: ${z.prettifyError(parsed.error)}`, {
    kind: "input",
    cause: parsed.error,
  });
}

/** How an evidence file names what it does not hold itself, for the texts of options. */
export const orStored = 'or { "kind": "stored", "hash": "0x…" } for what lies in an evidence store';

/** Evidence by the hash that is signed: a document, or what an evidence store keeps under that hash. */
export interface NamedEvidence {
  readonly hash: Hex;
  /** The document itself, where it is here; what is stored is read by those who may, in the store. */
  readonly document?: unknown;
}

/** Evidence that people judge themselves, whatever it says. @throws {MandateError} `EvidenceInvalid`. */
export function nameEvidence(path: string): NamedEvidence {
  const document = readJson(path);
  const stored = storedEvidenceSchema.safeParse(document);
  return stored.success ? { hash: stored.data.hash } : { hash: documentHash(document), document };
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
  const { part, ...whole } = claim;
  return part === undefined
    ? contractCall(session, "BudgetVault", iBudgetVaultAbi, "release", [whole, attestors, signatures])
    : contractCall(session, "BudgetVault", iBudgetVaultAbi, "releasePart", [whole, part, attestors, signatures]);
}
