import type { Log } from "viem";
import { iBudgetVaultAbi, iHeartbeatOracleAbi } from "../chain/abi.ts";
import { vaultEventsIn } from "../chain/treasury/vault-events.ts";
import { problemSchema } from "../core/api/problem.ts";
import { outcomeNumber, proofAnswerSchema, type ProofAnswer } from "../core/api/proofs.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import { bytesOf, hexOf, type Hex } from "../core/hex.ts";
import { leafHash } from "../core/merkle/leaf.ts";
import { combineProofs } from "../core/merkle/multi-proof.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import { addressOf, type Session } from "./session.ts";

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

const headerOf = ({ header }: ProofAnswer) => ({ ...header, threshold: BigInt(header.threshold) });

const scoreOf = ({ leaf }: ProofAnswer) => ({
  outcome: outcomeNumber(leaf.outcome),
  grade: leaf.grade,
  score: BigInt(leaf.score),
});

export function renewCall(session: Session, project: Hex, answer: ProofAnswer): ContractCall {
  const args = [project, headerOf(answer), scoreOf(answer), answer.proof] as const;
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "renewLease", args);
}

/**
 * One call for several projects, from the proof of each.
 * @throws {MandateError} `ProofsDiffer` where they are not proofs of distinct projects in one report.
 */
export function renewBatchCall(session: Session, answers: readonly ProofAnswer[]): ContractCall {
  const ordered = [...answers].sort((a, b) => (a.leaf.project < b.leaf.project ? -1 : 1));
  const [first] = ordered;
  const singles = ordered.map(({ leaf, proof }) => ({
    leaf: leafHash({ ...leaf, score: BigInt(leaf.score) }),
    proof: proof.map(bytesOf),
  }));
  if (first === undefined || ordered.some(({ header }) => header.root !== first.header.root)) throw proofsDiffer();
  try {
    const { proof, flags } = combineProofs(singles);
    const projects = ordered.map(({ leaf }) => leaf.project);
    const args = [headerOf(first), projects, ordered.map(scoreOf), proof.map(hexOf), flags] as const;
    return contractCall(session, "BudgetVault", iBudgetVaultAbi, "renewBatch", args);
  } catch (cause) {
    if (cause instanceof RangeError) throw proofsDiffer(cause);
    throw cause;
  }
}

function proofsDiffer(cause?: RangeError): MandateError {
  return new MandateError("ProofsDiffer", "the operators' proofs do not belong to distinct projects of one report", {
    kind: "retry",
    remedy: "Ask again, or ask other operators.",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Projects whose leases a transaction renewed. */
export function renewedIn(session: Session, logs: readonly Log[]): Hex[] {
  return vaultEventsIn(logs, addressOf(session, "BudgetVault")).flatMap((event) =>
    event.eventName === "LeaseRenewed" ? [event.args.project] : [],
  );
}
