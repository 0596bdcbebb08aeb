import {
  address,
  choice,
  coins,
  date,
  describe,
  innerCall,
  money,
  proof,
  raw,
  type CallDescriptions,
} from "../description.ts";

const batch = [
  address("targets.[]", "Contract"),
  raw("values.[]", "Coins sent along (wei)"),
  innerCall("calldatas.[]", "targets.[]", "Call"),
  raw("descriptionHash", "Hash of the description"),
];
const vote = [raw("proposalId", "Proposal"), choice("support", "vote", "Vote")];

export const strategyForks: CallDescriptions = {
  openFork: describe("Open a fork: branches that compete with budgets of their own", [
    raw("parentPool", "Pool that pays"),
    address("asset", "Asset"),
    date("deadline", "Deadline"),
    address("anchor", "Accountable anchor"),
    address("branches.[].steward", "Branch steward"),
    money("branches.[].budget", "asset", "Branch budget"),
    raw("branches.[].strategy", "Branch strategy"),
  ]),
  merge: describe("Merge a fork by its vote", [raw("fork", "Fork")]),
  archive: describe("Archive a fork that nobody merged", [raw("fork", "Fork")]),
  sweep: describe("Return a branch's money to the parent pool", [
    raw("fork", "Fork"),
    raw("branch", "Branch (from 0)"),
  ]),
};

export const mergeGovernor: CallDescriptions = {
  proposeMerge: describe("Call the vote on a fork", [raw("fork", "Fork")]),
  castVote: describe("Vote", vote, "Vote {support} on proposal {proposalId}"),
  castVoteWithReason: describe("Vote", [...vote, raw("reason", "Reason")]),
  castVoteWithReasonAndParams: describe("Vote", [...vote, raw("reason", "Reason"), raw("params", "Parameters")]),
  castVoteBySig: describe("Hand in a vote that was signed", [...vote, address("voter", "Voter"), proof("signature")]),
  castVoteWithReasonAndParamsBySig: describe("Hand in a vote that was signed", [
    ...vote,
    address("voter", "Voter"),
    raw("reason", "Reason"),
    raw("params", "Parameters"),
    proof("signature"),
  ]),
  queue: describe("Queue what a vote decided", batch),
  execute: describe("Carry out what a vote decided", [...batch, coins()]),
  cancel: describe("Cancel a proposal", batch),
};

export const membership: CallDescriptions = {
  seat: describe("Give a member a vote", [address("member", "Member")]),
  unseat: describe("Take a member's vote away", [address("member", "Member")]),
};

export const heartbeatOracle: CallDescriptions = {
  scheduleOperatorSet: describe("Set the operators from an epoch on", [
    address("operators.[]", "Operator"),
    raw("fromEpoch", "From epoch"),
    address("anchor", "Accountable anchor"),
  ]),
  scheduleRuleset: describe("Set the rules of measuring and scoring from an epoch on", [
    raw("hash", "Hash of the ruleset"),
    raw("fromEpoch", "From epoch"),
    address("anchor", "Accountable anchor"),
  ]),
  reinstate: describe("Let a suspended operator be seated again", [
    address("operator", "Operator"),
    address("anchor", "Accountable anchor"),
  ]),
};

export const reportFund: CallDescriptions = {
  setTerms: describe("Set what submitting a report is refunded at most", [
    raw("limitGwei", "Limit of a refund (gwei)"),
    raw("maxTipWei", "Most beyond the base fee (wei a unit of gas)"),
    address("anchor", "Accountable anchor"),
  ]),
  withdraw: describe("Take coin out of the fund that refunds reports", [
    raw("amount", "Amount (wei)"),
    address("to", "Receiver"),
    address("anchor", "Accountable anchor"),
  ]),
};

export const reviewCalendar: CallDescriptions = {
  begin: describe("Begin the review period that runs", []),
};
