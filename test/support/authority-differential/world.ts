/** The model's state of everything that decides a call: what the contracts are compared with. */
import type { Hex } from "../../../src/core/hex.ts";
import { escalationStatus, type Escalation } from "../../../src/org/accountability/escalation.ts";
import { operationKey, teamOf, withEntry, type AuthorityState, type Call } from "../../../src/org/authority/state.ts";
import { grantVerdict } from "../../../src/org/authority/verdict.ts";
import { effectiveOf, type Parameter } from "../../../src/org/policy/constitution.ts";
import { coneOf, type Cone } from "../../../src/org/policy/team-cone.ts";

export type ParameterName =
  "cone.maxImpact" | "cone.minReversibility" | "escalation.deadlineSeconds" | "escalation.usableSeconds";

export interface TeamTerms {
  readonly anchor: Hex;
  readonly cones: readonly Cone[];
  readonly tier: number;
  readonly path: readonly number[];
}

export interface OpenedEscalation {
  readonly call: Call;
  readonly team: number;
  readonly path: readonly number[];
  readonly escalation: Escalation;
}

export interface World {
  readonly authority: AuthorityState;
  readonly parameters: Readonly<Record<ParameterName, Parameter>>;
  readonly teams: ReadonlyMap<number, TeamTerms>;
  /** By {@link operationKey}. */
  readonly escalations: ReadonlyMap<string, OpenedEscalation>;
}

/** The authority's state with the approvals that can be used at `now`. */
export function authorityAt({ authority, escalations }: World, now: number): AuthorityState {
  const usable = [...escalations].filter(
    ([, { escalation }]) => escalationStatus(escalation, liveUntilIn(authority), now) === "Approved",
  );
  return { ...authority, approvals: new Map(usable.map(([key, { team }]) => [key, team])) };
}

/** Calls that an approval lets pass at `now`, if the grant has effect. */
export function approvedCalls(world: World, now: number): Call[] {
  const { approvals } = authorityAt(world, now);
  return [...world.escalations].filter(([key]) => approvals.has(key)).map(([, { call }]) => call);
}

/** Grantee, target and selector of every grant that was ever given, in the order of their first time. */
export function everyGrant({ grants }: AuthorityState): Hex[][] {
  return [...grants.keys()].map((key) => key.split("/") as Hex[]);
}

/** The same of those that have effect at `now`. */
export function effectiveGrants(state: AuthorityState, now: number): Hex[][] {
  return everyGrant(state).filter((key) => {
    const grant = state.grants.get(key.join("/"));
    return grant !== undefined && grantVerdict(grant, state.tasks.get(grant.task), now) === "Allowed";
  });
}

export function liveUntilIn(authority: AuthorityState): (account: Hex) => number {
  return (account) => authority.anchors.get(account) ?? 0;
}

/** What the contract Teams writes into the authority: anchor and cone of a team, as tier and constitution have it. */
export function withWrittenLimits(world: World, team: number): World {
  const terms = world.teams.get(team);
  const cone = terms?.cones[terms.tier];
  if (terms === undefined || cone === undefined) throw new Error(`no team ${team}`);
  const limits = coneOf(cone, {
    maxImpact: effectiveOf(world.parameters["cone.maxImpact"], team),
    minReversibility: effectiveOf(world.parameters["cone.minReversibility"], team),
  });
  const { impact } = teamOf(world.authority, team);
  const teams = withEntry(world.authority.teams, team, { anchor: terms.anchor, limits, impact });
  return { ...world, authority: { ...world.authority, teams } };
}

export function withTeam(world: World, team: number, terms: TeamTerms): World {
  return withWrittenLimits({ ...world, teams: withEntry(world.teams, team, terms) }, team);
}

export function withParameter(world: World, name: ParameterName, parameter: Parameter): World {
  const changed = { ...world, parameters: { ...world.parameters, [name]: parameter } };
  return name.startsWith("cone.") ? [...world.teams.keys()].reduce(withWrittenLimits, changed) : changed;
}

export function withEscalation(world: World, opened: OpenedEscalation): World {
  return { ...world, escalations: withEntry(world.escalations, operationKey(opened.call), opened) };
}
