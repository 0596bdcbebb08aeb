import type { Log } from "viem";
import { parseEventLogs } from "viem";
import { iBudgetVaultAbi, iChallengesAbi, iTeamsAbi } from "../chain/abi.ts";
import { outcomeNumber, type ProofAnswer } from "../core/api/proofs.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import { read } from "./read.ts";
import { addressOf, fromBlockOf, type Session } from "./session.ts";

/** What a challenge costs and earns, in wei; all zero before terms were set. */
export interface ChallengeTerms {
  readonly bond: bigint;
  /** At most: what of it is free in the pot. */
  readonly reward: bigint;
  /** Who answers for the terms. */
  readonly anchor: Hex;
}

export async function challengeTerms(session: Session): Promise<ChallengeTerms> {
  const [bond, reward, anchor] = await read(session, "Challenges", iChallengesAbi, "terms", []);
  return { bond, reward, anchor };
}

/** In wei. */
export interface ChallengeBooks {
  /** Of challenges that did not end. */
  readonly bonds: bigint;
  readonly claims: bigint;
  /** What rewards come from. */
  readonly pot: bigint;
  /** Of the pot: what is promised to challenges that did not end. */
  readonly reserved: bigint;
}

export async function challengeBooks(session: Session): Promise<ChallengeBooks> {
  const [bonds, claims, pot, reserved] = await read(session, "Challenges", iChallengesAbi, "books", []);
  return { bonds, claims, pot, reserved };
}

/**
 * The plan that opened a project, which the contract holds against the project's id: a challenge names the team by it.
 * @throws {MandateError} `ProjectUnknown`.
 */
export async function firstPlan(session: Session, project: Hex) {
  const [opened] = await session.client.getContractEvents({
    address: addressOf(session, "BudgetVault"),
    abi: iBudgetVaultAbi,
    eventName: "ProjectOpened",
    args: { project },
    fromBlock: fromBlockOf(session),
    strict: true,
  });
  if (opened !== undefined) return opened.args.plan;
  throw new MandateError("ProjectUnknown", `no project has the id ${project}`, { kind: "input", data: { project } });
}

/** What a challenge of a project costs and earns now. */
export interface ChallengeOffer {
  readonly plan: Awaited<ReturnType<typeof firstPlan>>;
  readonly bond: bigint;
  /** Wei, by the terms; 0 where the plan names no team that there is, as no tier can fall. */
  readonly reward: bigint;
  /** Wei of the pot that is reserved for no other challenge. */
  readonly free: bigint;
}

/** @throws {MandateError} `ProjectUnknown`. */
export async function challengeOffer(session: Session, project: Hex): Promise<ChallengeOffer> {
  const [plan, { bond, reward }, { pot, reserved }] = await Promise.all([
    firstPlan(session, project),
    challengeTerms(session),
    challengeBooks(session),
  ]);
  const team = await read(session, "Teams", iTeamsAbi, "teamAt", [plan.team]);
  return { plan, bond, reward: team === 0 ? 0n : reward, free: pot - reserved };
}

/**
 * @param evidence Hash of the document that shows that the score was gamed.
 * @param leastReward Wei; the contract refuses the challenge where it cannot reserve as much.
 */
export function openChallengeCall(
  session: Session,
  { header, leaf, proof }: ProofAnswer,
  { plan, bond, evidence, leastReward }: ChallengeOffer & { evidence: Hex; leastReward: bigint },
): ContractCall {
  const scored = { ...leaf, outcome: outcomeNumber(leaf.outcome), score: BigInt(leaf.score) };
  const reported = { ...header, threshold: BigInt(header.threshold) };
  const args = [plan, reported, scored, proof, evidence, leastReward] as const;
  return contractCall(session, "Challenges", iChallengesAbi, "open", args, bond);
}

/** A ruling by the anchor at `position` of the path. */
export interface ChallengeRuling {
  readonly challenge: Hex;
  readonly position: number;
  /** Hash of the document that says why. */
  readonly reason: Hex;
  readonly upheld: boolean;
}

export function ruleChallengeCall(
  session: Session,
  { challenge, position, reason, upheld }: ChallengeRuling,
): ContractCall {
  const args = [challenge, BigInt(position), reason] as const;
  return contractCall(session, "Challenges", iChallengesAbi, upheld ? "uphold" : "reject", args);
}

export function withdrawChallengeCall(session: Session, challenge: Hex): ContractCall {
  return contractCall(session, "Challenges", iChallengesAbi, "withdraw", [challenge]);
}

/** Credits the bond of a challenge on which nobody ruled; anyone may. */
export function returnBondCall(session: Session, challenge: Hex): ContractCall {
  return contractCall(session, "Challenges", iChallengesAbi, "returnBond", [challenge]);
}

/** Sends all that the caller can claim. */
export function claimChallengesCall(session: Session, to: Hex): ContractCall {
  return contractCall(session, "Challenges", iChallengesAbi, "claim", [to]);
}

/** What `account` can claim, in wei. */
export function challengeClaim(session: Session, account: Hex): Promise<bigint> {
  return read(session, "Challenges", iChallengesAbi, "claimable", [account]);
}

/** Gives coin to the pot; wei. */
export function fundChallengesCall(session: Session, amount: bigint): ContractCall {
  return contractCall(session, "Challenges", iChallengesAbi, "fund", [], amount);
}

export function setChallengeTermsCall(session: Session, { bond, reward, anchor }: ChallengeTerms): ContractCall {
  return contractCall(session, "Challenges", iChallengesAbi, "setTerms", [bond, reward, anchor]);
}

/** Events of challenges in a transaction's log. Pure. */
export function challengeEventsIn(session: Session, logs: readonly Log[]) {
  const address = addressOf(session, "Challenges").toLowerCase();
  const own = logs.filter((log) => log.address.toLowerCase() === address);
  return parseEventLogs({ abi: iChallengesAbi, logs: own, strict: true });
}
