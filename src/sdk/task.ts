import { iAuthorityAbi } from "../chain/abi.ts";
import { documentHash } from "../core/documents/document-hash.ts";
import type { Hex } from "../core/hex.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import type { Session } from "./session.ts";

/** What a task is for: the document of which the chain keeps the hash. */
export interface Purpose {
  readonly purpose: string;
}

/** Opens a task of a team; who opens it, the team's live anchor, is accountable for it. */
export function openTaskCall(
  session: Session,
  terms: Purpose & { readonly team: number; readonly deadline: number },
): ContractCall {
  const purpose = documentHash({ purpose: terms.purpose } satisfies Purpose);
  return contractCall(session, "Authority", iAuthorityAbi, "openTask", [terms.team, purpose, terms.deadline]);
}

export function completeTaskCall(session: Session, task: number): ContractCall {
  return contractCall(session, "Authority", iAuthorityAbi, "completeTask", [task]);
}

/** @param reason Hash of the document that says why. */
export function failTaskCall(session: Session, task: number, reason: Hex): ContractCall {
  return contractCall(session, "Authority", iAuthorityAbi, "failTask", [task, reason]);
}

/** One function of one contract. */
export interface Action {
  readonly target: Hex;
  readonly selector: Hex;
}

export interface GrantTerms extends Action {
  readonly task: number;
  readonly grantee: Hex;
  /** First second of effect, and first second without. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Number of calls; 0 is "not counted". */
  readonly uses: number;
  /** Impact that the grant's calls may have together, in parts of the unit of account; 0 is "no cap of its own". */
  readonly cap: number;
}

/** A grant as its holder has it. */
export interface HeldGrant extends Action {
  readonly grantee: Hex;
}

export function grantCall(session: Session, terms: GrantTerms): ContractCall {
  return contractCall(session, "Authority", iAuthorityAbi, "grant", [terms]);
}

export function endGrantCall(session: Session, grant: HeldGrant): ContractCall {
  return contractCall(session, "Authority", iAuthorityAbi, "endGrant", [grant.grantee, grant.target, grant.selector]);
}
