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
}

/** EIP-712 digest of the `MilestoneProof` that `claim` makes of a milestone, for its whole amount. */
export function proofDigest(
  place: SigningPlace,
  facts: Pick<MilestoneFacts, "plan" | "milestone">,
  claim: ProofClaim,
): Hex {
  const { plan, milestone } = facts;
  return hashTypedData({
    ...typedDataOf("MilestoneProof", place),
    message: {
      ...claim,
      planVersion: plan.version,
      payee: plan.payee,
      asset: plan.asset,
      amount: milestone.amount,
      attestorSet: milestone.attestorSet,
      attestorSetVersion: milestone.attestorSetVersion,
    },
  });
}
