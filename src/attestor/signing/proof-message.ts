import { hashTypedData } from "viem";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf, type SigningPlace } from "../../core/signing/typed-data.ts";
import type { MilestoneFacts } from "../chain/milestone-facts.ts";

/** What attestors choose; everything else in a proof is the plan's. */
export interface ProofClaim {
  readonly project: Hex;
  readonly milestone: number;
  readonly evidence: Hex;
  /** First second in which the proof is no longer accepted. */
  readonly deadline: number;
  /** What is due of the milestone so far, cumulative, in base units; without it, all of it. */
  readonly part?: bigint | undefined;
}

type Terms = Pick<MilestoneFacts, "plan" | "milestone">;

/** The `MilestoneProof` that `claim` makes of a milestone, for its whole amount or a part of it, as wallets take it. Pure. */
export function proofMessage(place: SigningPlace, { plan, milestone }: Terms, { part, ...claim }: ProofClaim) {
  return {
    ...typedDataOf("MilestoneProof", place),
    message: {
      ...claim,
      planVersion: plan.version,
      payee: plan.payee,
      asset: plan.asset,
      amount: part ?? milestone.amount,
      attestorSet: milestone.attestorSet,
      attestorSetVersion: milestone.attestorSetVersion,
    },
  };
}

/** EIP-712 digest of {@link proofMessage}. */
export function proofDigest(place: SigningPlace, facts: Terms, claim: ProofClaim): Hex {
  return hashTypedData(proofMessage(place, facts, claim));
}
