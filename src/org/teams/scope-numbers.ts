import type { ActionDefinition } from "./organization.ts";

/**
 * The number of each scope's bit, by name: the catalog numbers a name when the first action of that scope is registered.
 * @param known Names that it has numbered already, in that order.
 */
export function scopeNumbers(
  known: readonly string[],
  actions: readonly Pick<ActionDefinition, "scope">[],
): ReadonlyMap<string, number> {
  const names = new Set([...known, ...actions.map(({ scope }) => scope)]);
  return new Map([...names].map((name, number) => [name, number]));
}

/** The set that a cone carries on chain. Names without a number have no bit: no action could be inside by them. */
export function scopeBits(scopes: readonly string[], numbers: ReadonlyMap<string, number>): number {
  return scopes.reduce((bits, scope) => {
    const number = numbers.get(scope);
    return number === undefined ? bits : (bits | (1 << number)) >>> 0;
  }, 0);
}
