import { iAnchorsAbi } from "../chain/abi.ts";
import type { Hex } from "../core/hex.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import type { Session } from "./session.ts";

export function checkInCall(session: Session): ContractCall {
  return contractCall(session, "Anchors", iAnchorsAbi, "checkIn", []);
}

export function resignCall(session: Session): ContractCall {
  return contractCall(session, "Anchors", iAnchorsAbi, "resign", []);
}

/** Removes an anchor, once a quorum of live anchors approved it. */
export function removeAnchorCall(session: Session, anchor: Hex): ContractCall {
  return contractCall(session, "Anchors", iAnchorsAbi, "remove", [anchor]);
}

export function approveOperationCall(session: Session, operation: Hex): ContractCall {
  return contractCall(session, "Anchors", iAnchorsAbi, "approve", [operation]);
}

/** @param substitute Who may resolve escalations in the sender's place; the zero address names nobody. */
export function setSubstituteCall(session: Session, substitute: Hex): ContractCall {
  return contractCall(session, "Anchors", iAnchorsAbi, "setSubstitute", [substitute]);
}
