import { keccak256, stringToHex, type Hex } from "viem";
import { iStrategyForksAbi, mergeGovernorAbi } from "../chain/abi.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import { addressOf, type Session } from "./session.ts";
import { eventsOf } from "./events.ts";

/** A branch of a fork: who leads it, and with how much. */
export interface BranchTerms {
  readonly steward: Hex;
  /** Base units moved from the parent pool. */
  readonly budget: bigint;
  /** Content hash of the strategy. */
  readonly strategy: Hex;
}

export function openForkCall(
  session: Session,
  terms: { parentPool: Hex; asset: Hex; deadline: number; anchor: Hex; branches: readonly BranchTerms[] },
): ContractCall {
  const { parentPool, asset, deadline, anchor, branches } = terms;
  return contractCall(session, "StrategyForks", iStrategyForksAbi, "openFork", [
    parentPool,
    asset,
    deadline,
    anchor,
    [...branches],
  ]);
}

export function readFork(session: Session, fork: Hex) {
  const address = addressOf(session, "StrategyForks");
  return session.client.readContract({ address, abi: iStrategyForksAbi, functionName: "getFork", args: [fork] });
}

export function proposeMergeCall(session: Session, fork: Hex): ContractCall {
  return contractCall(session, "MergeGovernor", mergeGovernorAbi, "proposeMerge", [fork]);
}

/** A vote for a branch, counted from 0. */
export function castVoteCall(session: Session, proposal: bigint, branch: number): ContractCall {
  return contractCall(session, "MergeGovernor", mergeGovernorAbi, "castVote", [proposal, branch]);
}

/** State of a proposal, by OpenZeppelin's numbers. */
export const proposalStates = [
  "pending",
  "active",
  "canceled",
  "defeated",
  "succeeded",
  "queued",
  "expired",
  "executed",
] as const;

export async function readProposalState(session: Session, proposal: bigint): Promise<(typeof proposalStates)[number]> {
  const address = addressOf(session, "MergeGovernor");
  const state = await session.client.readContract({
    address,
    abi: mergeGovernorAbi,
    functionName: "state",
    args: [proposal],
  });
  return proposalStates[state] ?? "pending";
}

/** Executes a proposal that succeeded, with the terms that it was created with. */
export async function executeProposalCall(session: Session, proposal: bigint): Promise<ContractCall> {
  const created = await eventsOf(session, addressOf(session, "MergeGovernor"), mergeGovernorAbi, "ProposalCreated");
  const found = created.find(({ args }) => args.proposalId === proposal);
  if (found === undefined) throw new RangeError(`no proposal ${proposal}`);
  const { targets, values, calldatas, description } = found.args;
  const terms = [targets, values, calldatas, keccak256(stringToHex(description))] as const;
  return contractCall(session, "MergeGovernor", mergeGovernorAbi, "execute", terms);
}
