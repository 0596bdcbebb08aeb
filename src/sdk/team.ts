import { iTeamsAbi } from "../chain/abi.ts";
import type { Hex } from "../core/hex.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import type { Session } from "./session.ts";
import { wordOf } from "./word.ts";

/** Limits of autonomy at one tier: impact in parts of the unit of account, scopes as a bit set, reversibility in percent. */
export interface Cone {
  readonly maxImpact: number;
  readonly scopes: number;
  readonly minReversibility: number;
}

export interface TeamTerms {
  readonly place: string;
  readonly anchor: Hex;
  /** Ascending: each tier contains the one before. */
  readonly cones: readonly Cone[];
  readonly tier: number;
  readonly path: readonly number[];
  readonly triggers: number;
}

/** @param reason Hash of the document that says why; the same below. */
export function openTeamCall(session: Session, terms: TeamTerms, reason: Hex): ContractCall {
  const { anchor, cones, tier, path, triggers } = terms;
  return contractCall(session, "Teams", iTeamsAbi, "openTeam", [
    wordOf(terms.place),
    anchor,
    cones,
    tier,
    path,
    triggers,
    reason,
  ]);
}

export function closeTeamCall(session: Session, team: number, reason: Hex): ContractCall {
  return contractCall(session, "Teams", iTeamsAbi, "closeTeam", [team, reason]);
}

export function setTeamAnchorCall(session: Session, team: number, anchor: Hex, reason: Hex): ContractCall {
  return contractCall(session, "Teams", iTeamsAbi, "setAnchor", [team, anchor, reason]);
}

export function setTeamPathCall(session: Session, team: number, path: readonly number[], reason: Hex): ContractCall {
  return contractCall(session, "Teams", iTeamsAbi, "setPath", [team, path, reason]);
}

export function setTeamConesCall(session: Session, team: number, cones: readonly Cone[], reason: Hex): ContractCall {
  return contractCall(session, "Teams", iTeamsAbi, "setCones", [team, cones, reason]);
}

export function setTeamTriggersCall(session: Session, team: number, triggers: number, reason: Hex): ContractCall {
  return contractCall(session, "Teams", iTeamsAbi, "setTriggers", [team, triggers, reason]);
}

export function addMemberCall(session: Session, team: number, member: Hex, reason: Hex): ContractCall {
  return contractCall(session, "Teams", iTeamsAbi, "addMember", [team, member, reason]);
}

export function removeMemberCall(session: Session, team: number, member: Hex, reason: Hex): ContractCall {
  return contractCall(session, "Teams", iTeamsAbi, "removeMember", [team, member, reason]);
}

/** @param cause What was tripped, overturned or upheld. */
export function lowerTierCall(session: Session, team: number, trigger: number, cause: Hex): ContractCall {
  return contractCall(session, "Teams", iTeamsAbi, "lowerTier", [team, trigger, cause]);
}

/** @param evidence Hash of the record of competence. */
export function raiseTierCall(session: Session, team: number, evidence: Hex): ContractCall {
  return contractCall(session, "Teams", iTeamsAbi, "raiseTier", [team, evidence]);
}
