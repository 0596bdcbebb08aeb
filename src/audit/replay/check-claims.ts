import { recoverTransactionAddress, type TransactionSerialized } from "viem";
import type { SignatureReader } from "../../chain/signature/signature-reader.ts";
import { verifySignature, type SignatureKind } from "../../chain/signature/verify-signature.ts";
import { finding, type Finding } from "../finding.ts";
import { inParallel } from "../reader/in-parallel.ts";
import type { SenderClaim, SignatureClaim } from "./rule-context.ts";

/** How many signatures of each scheme were checked. */
export type SignatureCounts = Readonly<Record<SignatureKind, number>>;

/** Checks every signature that events rest on, each at the block of its event. */
export async function checkSignatureClaims(
  claims: readonly SignatureClaim[],
  readerAt: (blockNumber: bigint) => SignatureReader,
): Promise<{
  readonly findings: readonly Finding[];
  /** Claims of hearsay that are no signatures. */
  readonly doubtful: readonly SignatureClaim[];
  readonly counts: SignatureCounts;
}> {
  const counts: Record<SignatureKind, number> = { eoa: 0, erc1271: 0, p256: 0, webauthn: 0, verifier: 0 };
  const verdicts = await inParallel(claims, ({ log, ...claim }) => verifySignature(readerAt(log.blockNumber), claim));
  const findings: Finding[] = [];
  const doubtful: SignatureClaim[] = [];
  for (const [i, verdict] of verdicts.entries()) {
    const claim = claims[i];
    counts[verdict.kind] += 1;
    if (verdict.valid || claim === undefined) continue;
    const { rule, log, signer, digest } = claim;
    if (claim.hearsay === true) doubtful.push(claim);
    else findings.push(finding(rule, log, `a signature of ${signer} over ${digest}`, verdict.reason));
  }
  return { findings, doubtful, counts };
}

/** Checks every sender that events rest on by the signature of the transaction itself. */
export async function checkSenderClaims(claims: readonly SenderClaim[]): Promise<readonly Finding[]> {
  const findings = await inParallel(claims, async ({ rule, log, sender, transaction }) => {
    const serializedTransaction = transaction.serialized as TransactionSerialized;
    const actual = await recoverTransactionAddress({ serializedTransaction });
    return actual.toLowerCase() === sender ? [] : [finding(rule, log, `sent by ${sender}`, `sent by ${actual}`)];
  });
  return findings.flat();
}
