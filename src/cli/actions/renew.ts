import { iBudgetVaultAbi, iHeartbeatOracleAbi } from "../../chain/abi.ts";
import { problemSchema } from "../../core/api/problem.ts";
import { outcomeNumber, proofAnswerSchema, type ProofAnswer } from "../../core/api/proofs.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { contractCall, type ContractCall } from "../chain/contract-call.ts";
import { addressOf, type Session } from "../chain/session.ts";

const TIMEOUT_MS = 5_000;

/** The epoch of the latest accepted report; 0 before the first. */
export function lastEpoch(session: Session): Promise<number> {
  return session.client.readContract({
    address: addressOf(session, "HeartbeatOracle"),
    abi: iHeartbeatOracleAbi,
    functionName: "lastEpoch",
  });
}

async function proofFrom(url: string, epoch: number, project: Hex): Promise<ProofAnswer | string> {
  try {
    const response = await fetch(new URL(`/v1/epochs/${epoch}/proofs/${project}`, url), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body: unknown = await response.json();
    if (response.ok) return proofAnswerSchema.parse(body);
    return problemSchema.safeParse(body).data?.message ?? `status ${response.status}`;
  } catch {
    return "it does not answer with a proof";
  }
}

/**
 * A project's proof in the report of an epoch, from the first operator that has it.
 * Operators need not be trusted for it: the contract checks the proof.
 * @throws {MandateError} `ProofMissing` with what each operator said.
 */
export async function findProof(operators: readonly string[], epoch: number, project: Hex): Promise<ProofAnswer> {
  const problems: string[] = [];
  for (const url of operators) {
    const found = await proofFrom(url, epoch, project);
    if (typeof found !== "string") return found;
    problems.push(`\n  ${url}: ${found}`);
  }
  throw new MandateError(
    "ProofMissing",
    `no operator has a proof of the project in the report of epoch ${epoch}${problems.join("")}`,
    {
      kind: "retry",
      data: { project, epoch },
      remedy: "Ask again after the next report, or ask other operators.",
    },
  );
}

export function renewCall(session: Session, project: Hex, { header, leaf, proof }: ProofAnswer): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "renew", [
    project,
    { ...header, threshold: BigInt(header.threshold) },
    { outcome: outcomeNumber(leaf.outcome), grade: leaf.grade, score: BigInt(leaf.score) },
    proof,
  ]);
}
