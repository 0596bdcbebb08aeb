import { proofDigest } from "../../attestor/signing/proof-message.ts";
import { signatureReaderOf } from "../../chain/signature/signature-reader.ts";
import { verifySignature } from "../../chain/signature/verify-signature.ts";
import { combineSignatures } from "../../core/attestation/combine-signatures.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { CompleteProof } from "../../sdk/milestone.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { milestoneOf } from "./project-terms.ts";
import { attestationFile, readSignatureFile } from "./signature-file.ts";

export type Claim = CompleteProof["claim"];

function sameClaim(a: Claim, b: Claim): boolean {
  return (
    a.project.toLowerCase() === b.project.toLowerCase() &&
    a.milestone === b.milestone &&
    a.evidence.toLowerCase() === b.evidence.toLowerCase() &&
    a.deadline === b.deadline &&
    a.part === b.part
  );
}

function invalid(code: string, message: string, remedy: string): MandateError {
  return new MandateError(code, message, { kind: "refused", remedy });
}

/**
 * The proof that the files of several attestors make, every signature checked: one that is false would make the vault
 * refuse the whole.
 * @throws {MandateError} `ClaimsDiffer`, `SignerWithoutSeat`, `SignatureFalse`, `AttestationsMissing`.
 */
export async function proofOfFiles(
  session: Session,
  project: Hex,
  milestone: number,
  paths: readonly string[],
): Promise<CompleteProof> {
  const facts = await milestoneOf(session, project, milestone);
  const place = { chainId: session.deployment.chainId, verifyingContract: addressOf(session, "BudgetVault") };
  const files = paths.map((path) => ({ path, ...readSignatureFile(session, path, attestationFile) }));
  const [first] = files;
  if (first === undefined) throw new MandateError("AttestationsMissing", "no file is named", { kind: "input" });
  if (first.claim.project.toLowerCase() !== project.toLowerCase() || first.claim.milestone !== milestone) {
    throw invalid(
      "ClaimsDiffer",
      `${first.path} is about milestone ${first.claim.milestone} of ${first.claim.project}`,
      "Name the project and the milestone that it was signed for.",
    );
  }
  const digest = proofDigest(place, facts, first.claim);
  for (const { path, claim, signer, signature } of files) {
    if (!sameClaim(claim, first.claim)) {
      throw invalid(
        "ClaimsDiffer",
        `${path} and ${first.path} sign different evidence, parts or deadlines`,
        `Have it signed again: mandate milestone attest … --same-as ${first.path}`,
      );
    }
    const seat = facts.attestors.indexOf(signer.toLowerCase() as Hex);
    if (seat === -1 || ((facts.revoked >> BigInt(seat)) & 1n) === 1n) {
      throw invalid("SignerWithoutSeat", `${path}: ${signer} has no live seat among the attestors`, "Leave it out.");
    }
    const verdict = await verifySignature(signatureReaderOf(session.client), { signer, digest, signature });
    if (!verdict.valid) throw invalid("SignatureFalse", `${path} is not signed by ${signer}`, "Have it signed again.");
  }
  const seats = facts.attestors.map((signer, seat) => ({
    seat,
    signer,
    revoked: ((facts.revoked >> BigInt(seat)) & 1n) === 1n,
  }));
  const combined = combineSignatures(seats, facts.threshold, files);
  if (!combined.complete) {
    throw new MandateError("AttestationsMissing", `${combined.collected} of ${combined.required} attestors signed`, {
      kind: "refused",
      data: { have: combined.collected, need: combined.required },
      remedy: `Have another attestor sign the same: mandate milestone attest … --same-as ${first.path}`,
    });
  }
  const { attestors, signatures } = combined;
  return { complete: true, claim: first.claim, attestors, signatures, refusals: [] };
}
