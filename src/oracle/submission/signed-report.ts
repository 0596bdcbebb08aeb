import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import { reportSchema } from "../report-schema.ts";
import { recoverCompact, reportDigest } from "../signing/operator-signer.ts";

/** Bytes of a signature (EIP-2098). */
const SIGNATURE_BYTES = 64;

/** A report with a quorum of signatures, ready for the contract: what an operator serves and anyone may submit. */
export const signedReportSchema = z.strictObject({
  report: reportSchema,
  /** Bitmap of seats. */
  signers: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .transform((text) => BigInt(text)),
  signatures: z
    .string()
    .regex(/^0x(?:[0-9a-f]{128}){1,32}$/i)
    .transform((text) => text as Hex),
});

export type SignedReport = z.infer<typeof signedReportSchema>;

/**
 * Checks that a quorum of the epoch's operators signed the report, as the contract will.
 * @returns the operators that signed, in the order of their seats.
 * @throws {MandateError} `SignedReportInvalid` with what is wrong.
 */
export async function verifySignedReport(
  { report, signers, signatures }: SignedReport,
  set: OperatorSet,
  place: SigningPlace,
): Promise<readonly Hex[]> {
  const refuse = (problem: string): MandateError =>
    new MandateError("SignedReportInvalid", problem, {
      kind: "refused",
      data: { epoch: report.epoch },
      remedy: "Ask another operator for it.",
    });
  if (report.configuration !== set.configuration) {
    throw refuse(`the report is of operator set ${report.configuration}; set ${set.configuration} reports its epoch`);
  }
  if (signers >> BigInt(set.seats.length) !== 0n) throw refuse("it names a seat that the set does not have");
  const signed = set.seats.filter((_, seat) => (signers >> BigInt(seat)) & 1n);
  const suspended = signed.find((operator) => !set.operators.includes(operator));
  if (suspended !== undefined) throw refuse(`it names ${suspended}, which is suspended`);
  if (signed.length < set.quorum) throw refuse(`${signed.length} operators signed; the quorum is ${set.quorum}`);
  const count = (signatures.length - 2) / 2 / SIGNATURE_BYTES;
  if (count !== signed.length) throw refuse(`it has ${count} signatures of ${signed.length} operators`);
  const digest = reportDigest(place, report);
  for (const [index, operator] of signed.entries()) {
    const start = 2 + index * SIGNATURE_BYTES * 2;
    const signer = await recoverCompact(digest, `0x${signatures.slice(start, start + SIGNATURE_BYTES * 2)}`);
    if (signer !== operator) throw refuse(`signature ${index + 1} is not by ${operator}`);
  }
  return signed;
}
