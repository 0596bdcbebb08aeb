import type { Organization } from "./organization.ts";

/**
 * The number of each scope's bit, by name, in the order in which the catalog is told the names: those of actions, then those of
 * cones.
 * @param known Names that it has numbered already, in that order.
 */
export function scopeNumbers(
  known: readonly string[],
  organization: Pick<Organization, "actions" | "teams">,
): ReadonlyMap<string, number> {
  const ofActions = organization.actions.map(({ scope }) => scope);
  const ofCones = organization.teams.flatMap(({ cone }) => cone.scopes);
  return new Map([...new Set([...known, ...ofActions, ...ofCones])].map((name, number) => [name, number]));
}

/** The set that a cone carries on chain. */
export function scopeBits(scopes: readonly string[], numbers: ReadonlyMap<string, number>): number {
  return scopes.reduce((bits, scope) => {
    const number = numbers.get(scope);
    return number === undefined ? bits : (bits | (1 << number)) >>> 0;
  }, 0);
}
