import { formatUnits } from "viem";
import type { ProofAnswer } from "../../core/api/proofs.ts";

/** Fixed point of scores and thresholds: 1e18 = 1. */
const SCORE_DECIMALS = 18;

/** What a report says of a project, beside the score that renews a lease. */
export function proofText({ leaf, header }: ProofAnswer): string {
  const decimal = (value: string): string => formatUnits(BigInt(value), SCORE_DECIMALS);
  return leaf.outcome === "value"
    ? `score ${decimal(leaf.score)}, threshold ${decimal(header.threshold)}`
    : `${leaf.outcome}, no score`;
}
