import { address, date, describe, innerCall, proof, raw, type CallDescriptions } from "../description.ts";

const verdict = [raw("operation", "Operation"), raw("position", "Your place on the path"), raw("reason", "Reason")];

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
