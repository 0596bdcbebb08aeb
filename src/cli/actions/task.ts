import { iAuthorityAbi } from "../../chain/abi.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { contractCall, type ContractCall } from "../chain/contract-call.ts";
import type { Session } from "../chain/session.ts";

/** Opens a task of a team; its purpose is a document, of which the chain keeps the hash. */
export function openTaskCall(
  session: Session,
  terms: { team: number; purpose: string; deadline: number },
): ContractCall {
  const purpose = documentHash({ purpose: terms.purpose });
  return contractCall(session, "Authority", iAuthorityAbi, "openTask", [terms.team, purpose, terms.deadline]);
}

export function completeTaskCall(session: Session, task: number): ContractCall {
  return contractCall(session, "Authority", iAuthorityAbi, "completeTask", [task]);
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
  /** Units of account, 4 decimals; 0 is "no cap". */
  readonly cap: number;
}

export function grantCall(session: Session, terms: GrantTerms): ContractCall {
  return contractCall(session, "Authority", iAuthorityAbi, "grant", [terms]);
}

export function endGrantCall(session: Session, grant: Action & { grantee: Hex }): ContractCall {
  return contractCall(session, "Authority", iAuthorityAbi, "endGrant", [grant.grantee, grant.target, grant.selector]);
}
