/** Letters of the levels of an organization, outermost first: galaxy, universe, planet (team), zone (unit), agent. */
const LEVELS = ["G", "U", "P", "Z", "A"] as const;

export const teamDepth = 3;
export const zoneDepth = 4;
export const agentDepth = 5;

/** Number of levels that a place names, or 0 where it is not one: "G1.U1.P3" is 3 levels deep. */
export function depthOf(place: string): number {
  const parts = place.split(".");
  const named = parts.length <= LEVELS.length && parts.every((part, level) => isPart(part, LEVELS[level] ?? ""));
  return named ? parts.length : 0;
}

function isPart(part: string, letter: string): boolean {
  return part.startsWith(letter) && /^(0|[1-9][0-9]*)$/.test(part.slice(1));
}

/** Whether `inner` lies in `outer`, at any depth, and is not the same place. */
export function isInside(inner: string, outer: string): boolean {
  return inner.startsWith(`${outer}.`);
}
