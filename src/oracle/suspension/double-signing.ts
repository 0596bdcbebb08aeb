import { encodeFunctionData } from "viem";
import { z } from "zod";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import type { SignedMessage } from "../agreement/message.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import { compactSignatureSchema, lowerAddressSchema } from "../hex-schema.ts";
import { reportOf, reportSchema } from "../report-schema.ts";
import { recoverCompact, reportDigest } from "../signing/operator-signer.ts";

/** Two reports of one epoch and one operator set that an operator signed: what `HeartbeatOracle.suspend` takes its seat for. */
export const doubleSigningSchema = z.strictObject({
  operator: lowerAddressSchema,
  seat: z.int().min(0).max(30),
  report: reportSchema,
  signature: compactSignatureSchema,
  other: reportSchema,
  otherSignature: compactSignatureSchema,
});
export type DoubleSigning = z.infer<typeof doubleSigningSchema>;

/**
 * What two authentic messages prove together; undefined where that is nothing to the contract: another kind of message, one report, a report
 * of another set than `set`, which reports their epoch, or an operator without a seat in it.
 */
export function doubleSigningOf(
  { message: first }: SignedMessage,
  { message: second }: SignedMessage,
  set: Pick<OperatorSet, "configuration" | "seats">,
): DoubleSigning | undefined {
  if (first.kind !== "signature" || second.kind !== "signature") return undefined;
  const { operator, epoch, report, signature } = first;
  const { report: other, signature: otherSignature } = second;
  const seat = set.seats.indexOf(operator);
  if (seat < 0 || report === undefined || other === undefined) return undefined;
  if (second.operator !== operator || second.epoch !== epoch || second.digest === first.digest) return undefined;
  if (report.configuration !== set.configuration || other.configuration !== set.configuration) return undefined;
  return { operator, seat, report: reportOf(report), signature, other: reportOf(other), otherSignature };
}

/**
 * What a second signature proves together with one that is held, and how many operators of the epoch's order have their turn to say so
 * before `self`, which accuses others only.
 */
export function accusationOf(
  held: Iterable<SignedMessage>,
  second: SignedMessage,
  {
    self,
    order,
    set,
  }: { readonly self: Hex; readonly order: readonly Hex[]; readonly set: Pick<OperatorSet, "configuration" | "seats"> },
): { readonly evidence: DoubleSigning; readonly turn: number } | undefined {
  const turn = order.filter((each) => each !== second.message.operator).indexOf(self);
  if (turn < 0) return undefined;
  for (const first of held) {
    const evidence = doubleSigningOf(first, second, set);
    if (evidence !== undefined) return { evidence, turn };
  }
  return undefined;
}

/** The call of `HeartbeatOracle.suspend`, which anyone may send. */
export function suspendArguments({ report, other, seat, signature, otherSignature }: DoubleSigning) {
  return [report, other, seat, signature, otherSignature] as const;
}

export function suspendData(doubleSigning: DoubleSigning): Hex {
  const args = suspendArguments(doubleSigning);
  return encodeFunctionData({ abi: heartbeatOracleAbi, functionName: "suspend", args });
}

/**
 * Checks what somebody says that an operator signed, as the contract will.
 * @throws {MandateError} `DoubleSigningInvalid` with what is wrong.
 */
export async function verifyDoubleSigning(
  { operator, seat, report, signature, other, otherSignature }: DoubleSigning,
  set: OperatorSet,
  place: SigningPlace,
): Promise<void> {
  const refuse = (problem: string): MandateError =>
    new MandateError("DoubleSigningInvalid", problem, {
      kind: "refused",
      data: { operator, epoch: report.epoch },
      remedy: "Ask another operator for its evidence.",
    });
  const digest = reportDigest(place, report);
  const otherDigest = reportDigest(place, other);
  if (digest === otherDigest) throw refuse("both signatures are of one report");
  if (report.epoch !== other.epoch || report.configuration !== other.configuration) {
    throw refuse("the reports are of different epochs or operator sets");
  }
  if (report.configuration !== set.configuration) {
    throw refuse(`the reports are of operator set ${report.configuration}; set ${set.configuration} reports the epoch`);
  }
  if (set.seats[seat] !== operator) throw refuse(`seat ${seat} is not that of ${operator}`);
  if ((await recoverCompact(digest, signature)) !== operator) throw refuse("the first signature is not the operator's");
  if ((await recoverCompact(otherDigest, otherSignature)) !== operator) {
    throw refuse("the second signature is not the operator's");
  }
}
