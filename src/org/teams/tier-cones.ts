import type { NamedCone } from "./organization.ts";

/**
 * The cones of a team's tiers, strictest first: at tier 0 everything escalates, at tier 1 half the impact is its own,
 * rounded down, at tier 2 it has what its definition says.
 */
export function tierCones(cone: NamedCone): readonly [NamedCone, NamedCone, NamedCone] {
  return [{ maxImpact: 0n, scopes: [], minReversibility: 100 }, { ...cone, maxImpact: cone.maxImpact / 2n }, cone];
}

/** The tier that teams of a new organization start with. */
export const foundingTier = 2;
