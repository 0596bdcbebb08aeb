import { address, coins, date, describe, innerCall, proof, raw, type CallDescriptions } from "../description.ts";
import { plan, reportHeader } from "./budget-vault.ts";

const verdict = [raw("operation", "Operation"), raw("position", "Your place on the path"), raw("reason", "Reason")];

const challenge = raw("challenge", "Challenge");
const ruling = [challenge, raw("position", "Your place on the path"), raw("reason", "Reason")];
const terms = [
  raw("bond", "Bond (wei)"),
  raw("reward", "Most that is earned (wei)"),
  address("anchor", "Accountable anchor"),
];

export const anchors: CallDescriptions = {
  enrol: describe("Propose an anchor, an accountable human", [
    address("anchor", "Anchor"),
    raw("identity", "Hash of the identity record"),
  ]),
  accept: describe("Hand in an anchor's oath", [
    address("anchor", "Anchor"),
    date("deadline", "Oath valid until"),
    proof("signature"),
  ]),
  checkIn: describe("Check in as an anchor: you answer for your teams", []),
  resign: describe("Resign as an anchor", []),
  remove: describe("Remove an anchor that a quorum agreed on", [address("anchor", "Anchor")]),
  approve: describe("Approve an operation of the anchors' quorum", [raw("operation", "Operation")]),
  setSubstitute: describe("Name your substitute", [address("substitute", "Substitute")]),
};

export const escalations: CallDescriptions = {
  open: describe("Ask the humans of a path to let this call pass once", [
    address("target", "Contract"),
    innerCall("data", "target", "Call"),
    raw("recommendation", "Recommendation"),
    raw("context", "Context"),
  ]),
  approve: describe("Let an escalated call pass once", verdict),
  reject: describe("Reject an escalated call", verdict),
  withdraw: describe("Withdraw your escalation", [address("target", "Contract"), innerCall("data", "target", "Call")]),
};

export const challenges: CallDescriptions = {
  open: describe("Challenge a project's score, with a bond", [
    raw("leaf.project", "Challenged project"),
    raw("leaf.definition", "Score definition of the leaf"),
    raw("leaf.outcome", "Outcome"),
    raw("leaf.grade", "Grade"),
    raw("leaf.score", "Score (1e18 = 1)"),
    ...reportHeader,
    ...plan,
    proof("proof.[]"),
    raw("evidence", "Evidence"),
    raw("leastReward", "Least reward (wei)"),
    coins(),
  ]),
  uphold: describe("Uphold a challenge: the team loses a tier", ruling),
  reject: describe("Reject a challenge: its bond is forfeited", ruling),
  withdraw: describe("Withdraw your challenge, and lose half of its bond", [challenge]),
  returnBond: describe("Return the bond of a challenge on which nobody ruled", [challenge]),
  fund: describe("Give coin to the pot for rewards", [coins()]),
  claim: describe("Claim what your challenges are owed", [address("to", "Receiver")]),
  setTerms: describe("Set what a challenge costs and earns", terms),
  withdrawPot: describe("Take coin out of the pot for rewards", [
    raw("amount", "Amount (wei)"),
    address("to", "Receiver"),
    address("anchor", "Accountable anchor"),
  ]),
};
