import { effectiveValue, isLooser, type Stricter } from "./effective-value.ts";

/** Seconds for which an announced change can be enacted. */
export const enactableForSeconds = 14 * 86_400;
/** The office among the numbers of teams. */
export const office = 0;
/** The root office's number. */
const rootTeam = 1;

/** `IConstitution.Terms`: what a parameter is, for good. Bounds are inclusive. */
export interface Terms {
  readonly stricter: Stricter;
  readonly kernel: boolean;
  readonly minimum: bigint;
  readonly maximum: bigint;
}

/** `IConstitution.Change`, with the teams that consented and the newest team that has a say. */
export interface PendingChange {
  readonly value: bigint;
  readonly enactableFrom: number;
  readonly expiresAt: number;
  readonly required: number;
  readonly consented: ReadonlySet<number>;
  readonly electorate: number;
}

/** One parameter: its terms, the values of the office (0) and of teams that have one, and what waits. */
export interface Parameter {
  readonly terms: Terms;
  readonly values: ReadonlyMap<number, bigint>;
  readonly pending: ReadonlyMap<number, PendingChange>;
}

/** A change of a parameter, or the name of the error with which the constitution refuses it. */
export type ParameterChange =
  { readonly done: true; readonly parameter: Parameter } | { readonly done: false; readonly error: string };

/** What applies to `team` now; the office's value for team 0. */
export function effectiveOf(parameter: Parameter, team: number): bigint {
  const { terms, values } = parameter;
  return effectiveValue(terms.stricter, officeValueOf(parameter), team === office ? undefined : values.get(team));
}

/** The change that waits for a team, or for the office, at `now`. */
export function pendingOf(parameter: Parameter, team: number, now: number): PendingChange | undefined {
  const change = parameter.pending.get(team);
  return change !== undefined && now < change.expiresAt ? change : undefined;
}

/** The policy office announces another office value. */
export function proposeChange(
  parameter: Parameter,
  proposal: { readonly value: bigint; readonly openTeams: number; readonly teamCount: number; readonly delay: number },
  now: number,
): ParameterChange {
  if (!isInBounds(parameter.terms, proposal.value)) return refused("ConstitutionOutOfBounds");
  const required = parameter.terms.kernel ? Math.floor(proposal.openTeams / 2) + 1 : 0;
  return announce(parameter, office, { ...proposal, required, electorate: proposal.teamCount }, now);
}

/** A team's live anchor consents to the office's pending change of a kernel parameter. */
export function consent(parameter: Parameter, team: number, now: number): ParameterChange {
  const change = pendingOf(parameter, office, now);
  if (change === undefined) return refused("ConstitutionNothingPending");
  if (change.required === 0) return refused("ConstitutionNotKernel");
  if (team > change.electorate) return refused("ConstitutionNotInElectorate");
  if (change.consented.has(team)) return refused("ConstitutionAlreadyConsented");
  const consented = new Set(change.consented).add(team);
  return done(withPending(parameter, office, { ...change, consented }));
}

/** How many consents count: the root office's stands for all that are required. */
export function consentsOf({ consented, required }: PendingChange): number {
  return consented.has(rootTeam) ? Math.max(consented.size, required) : consented.size;
}

/** Whoever may, withdraws what waits. */
export function cancelChange(parameter: Parameter, team: number, now: number): ParameterChange {
  if (pendingOf(parameter, team, now) === undefined) return refused("ConstitutionNothingPending");
  return done(withPending(parameter, team, undefined));
}

/** Anyone lets apply what was announced long enough ago, and consented to. */
export function enactChange(parameter: Parameter, team: number, now: number): ParameterChange {
  const change = pendingOf(parameter, team, now);
  if (change === undefined) return refused("ConstitutionNothingPending");
  if (now < change.enactableFrom) return refused("ConstitutionTooEarly");
  if (consentsOf(change) < change.required) return refused("ConstitutionConsensusMissing");
  // The office may have become stricter since the team's change was announced.
  if (team !== office && isLooserThanOffice(parameter, change.value)) return refused("ConstitutionLooserThanOffice");
  return done(withValue(withPending(parameter, team, undefined), team, change.value));
}

/** A team's live anchor gives it a value of its own: at once where that binds no less than what applies, else announced. */
export function setTeamValue(
  parameter: Parameter,
  { team, value, delay }: { readonly team: number; readonly value: bigint; readonly delay: number },
  now: number,
): ParameterChange {
  if (!isInBounds(parameter.terms, value)) return refused("ConstitutionOutOfBounds");
  if (isLooserThanOffice(parameter, value)) return refused("ConstitutionLooserThanOffice");
  if (isLooser(parameter.terms.stricter, value, effectiveOf(parameter, team))) {
    return announce(parameter, team, { value, delay, required: 0, electorate: 0 }, now);
  }
  // What was to loosen the team is not what its anchor wants any more.
  return done(withValue(withPending(parameter, team, undefined), team, value));
}

function announce(
  parameter: Parameter,
  team: number,
  change: { readonly value: bigint; readonly delay: number; readonly required: number; readonly electorate: number },
  now: number,
): ParameterChange {
  if (pendingOf(parameter, team, now) !== undefined) return refused("ConstitutionChangePending");
  const { value, required, electorate } = change;
  const enactableFrom = now + change.delay;
  const expiresAt = enactableFrom + enactableForSeconds;
  const consented = new Set<number>();
  return done(withPending(parameter, team, { value, enactableFrom, expiresAt, required, consented, electorate }));
}

function officeValueOf({ values }: Parameter): bigint {
  const value = values.get(office);
  if (value === undefined) throw new RangeError("a parameter without an office value is not defined");
  return value;
}

function isLooserThanOffice(parameter: Parameter, value: bigint): boolean {
  return isLooser(parameter.terms.stricter, value, officeValueOf(parameter));
}

function isInBounds({ minimum, maximum }: Terms, value: bigint): boolean {
  return minimum <= value && value <= maximum;
}

function withValue(parameter: Parameter, team: number, value: bigint): Parameter {
  return { ...parameter, values: new Map(parameter.values).set(team, value) };
}

function withPending(parameter: Parameter, team: number, change: PendingChange | undefined): Parameter {
  const pending = new Map(parameter.pending);
  if (change === undefined) pending.delete(team);
  else pending.set(team, change);
  return { ...parameter, pending };
}

function done(parameter: Parameter): ParameterChange {
  return { done: true, parameter };
}

function refused(error: string): ParameterChange {
  return { done: false, error };
}
