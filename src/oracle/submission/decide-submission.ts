import type { Hex } from "../../core/hex.ts";

export interface SubmissionInput {
  readonly chainSeconds: number;
  /** End of the window in which the report is accepted. */
  readonly closesAt: number;
  readonly isAccepted: boolean;
  readonly signatures: number;
  readonly quorum: number;
  /** Chain time at which this operator first held a quorum of signatures. */
  readonly quorumSince: number;
  /** This operator's place in the epoch's order among those who signed, from 0: who is away keeps nobody waiting. Undefined before it signed. */
  readonly position: number | undefined;
  /** How much later each next operator submits, so that usually only one pays. */
  readonly stageSeconds: number;
  /** How many of the set may be silent. */
  readonly faults: number;
  /** The operators' common signature: it is here, may still come, or is not tried for. */
  readonly aggregate: "held" | "awaited" | "none";
}

export type SubmissionDecision =
  | { readonly submit: true; readonly reason: "first-in-order" | "others-were-silent" }
  | {
      readonly submit: false;
      readonly reason: "already-accepted" | "deadline-passed" | "no-quorum" | "not-my-turn" | "signing-together";
    };

/** Whether this operator should submit the epoch's report now, and why. Pure: no clock, no network. */
export function decideSubmission(input: SubmissionInput): SubmissionDecision {
  if (input.isAccepted) return { submit: false, reason: "already-accepted" };
  if (input.chainSeconds >= input.closesAt) return { submit: false, reason: "deadline-passed" };
  if (input.signatures < input.quorum) return { submit: false, reason: "no-quorum" };
  if (input.position === undefined) return { submit: false, reason: "not-my-turn" };
  const turnAt = input.quorumSince + input.position * input.stageSeconds;
  if (input.position === 0) {
    return input.aggregate === "awaited" && input.chainSeconds < turnAt + graceSeconds(input)
      ? { submit: false, reason: "signing-together" }
      : { submit: true, reason: "first-in-order" };
  }
  return input.chainSeconds >= turnAt + graceSeconds(input)
    ? { submit: true, reason: "others-were-silent" }
    : { submit: false, reason: "not-my-turn" };
}

/**
 * How much later everybody submits, so that the operators can sign together first: a stage, and nothing where after it the first honest
 * operator, behind as many silent ones as there may be, would not have a stage of its own before the deadline.
 */
function graceSeconds({ aggregate, quorumSince, faults, stageSeconds, closesAt }: SubmissionInput): number {
  return aggregate !== "none" && quorumSince + (faults + 2) * stageSeconds <= closesAt ? stageSeconds : 0;
}

/** A quorum of signatures as the contract takes them: a bitmap of seats, and 64 bytes each in ascending seat order. */
export interface PackedSignatures {
  readonly signers: bigint;
  readonly signatures: Hex;
}

/**
 * Packs exactly `quorum` signatures, of the lowest seats: more cost gas and add nothing. Undefined where there are fewer.
 * @param seats Every seat of the set, the vacant ones as well: a signature's place is its seat's number.
 */
export function packSignatures(
  seats: readonly Hex[],
  signatures: ReadonlyMap<Hex, Hex>,
  quorum: number,
): PackedSignatures | undefined {
  let signers = 0n;
  let packed: Hex = "0x";
  let count = 0;
  for (const [seat, operator] of seats.entries()) {
    const signature = signatures.get(operator);
    if (signature === undefined || count === quorum) continue;
    signers |= 1n << BigInt(seat);
    packed = `${packed}${signature.slice(2)}`;
    count += 1;
  }
  return count === quorum ? { signers, signatures: packed } : undefined;
}
