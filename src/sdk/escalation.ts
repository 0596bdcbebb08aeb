import { encodeAbiParameters, keccak256 } from "viem";
import { iEscalationsAbi } from "../chain/abi.ts";
import type { Hex } from "../core/hex.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import type { Session } from "./session.ts";

/** A call that somebody wants to make. */
export interface WantedCall {
  readonly caller: Hex;
  readonly target: Hex;
  readonly data: Hex;
}

/** The id of an operation, as OpenZeppelin's AccessManager derives it. */
export function operationOf({ caller, target, data }: WantedCall): Hex {
  const parameters = [{ type: "address" }, { type: "address" }, { type: "bytes" }] as const;
  return keccak256(encodeAbiParameters(parameters, [caller, target, data]));
}

/** @param documents Hashes of what the caller recommends and of the decision's full context. */
export function openEscalationCall(
  session: Session,
  wanted: Omit<WantedCall, "caller">,
  documents: { readonly recommendation: Hex; readonly context: Hex },
): ContractCall {
  const { recommendation, context } = documents;
  return contractCall(session, "Escalations", iEscalationsAbi, "open", [
    wanted.target,
    wanted.data,
    recommendation,
    context,
  ]);
}

/** A resolution by the anchor at `position` of the path. */
export interface Resolution {
  readonly operation: Hex;
  readonly position: number;
  /** Hash of the document that says why. */
  readonly reason: Hex;
}

export function approveEscalationCall(session: Session, { operation, position, reason }: Resolution): ContractCall {
  return contractCall(session, "Escalations", iEscalationsAbi, "approve", [operation, BigInt(position), reason]);
}

export function rejectEscalationCall(session: Session, { operation, position, reason }: Resolution): ContractCall {
  return contractCall(session, "Escalations", iEscalationsAbi, "reject", [operation, BigInt(position), reason]);
}

export function withdrawEscalationCall(session: Session, wanted: Omit<WantedCall, "caller">): ContractCall {
  return contractCall(session, "Escalations", iEscalationsAbi, "withdraw", [wanted.target, wanted.data]);
}
