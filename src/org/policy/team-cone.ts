/** `ITeams.Cone`: limits of autonomy. */
export interface Cone {
  /** Impact in any 24 hours, in units of account (4 decimals). */
  readonly maxImpact: bigint;
  /** Bit set. */
  readonly scopes: number;
  /** Percent. */
  readonly minReversibility: number;
}

/** Whether everything that `inner` allows is allowed by `outer`, too. */
export function contains(outer: Cone, inner: Cone): boolean {
  const isInScope = (inner.scopes & ~outer.scopes) === 0;
  return isInScope && inner.maxImpact <= outer.maxImpact && inner.minReversibility >= outer.minReversibility;
}

/** Whether each tier's cone is contained in the next one's: a higher tier never takes anything away. */
export function areAscending(cones: readonly Cone[]): boolean {
  return cones.every((cone, tier) => {
    const below = cones[tier - 1];
    return below === undefined || contains(cone, below);
  });
}

/** The cone that the authority enforces: the tier's, no looser than what the constitution says to the team. */
export function coneOf(cone: Cone, effective: { readonly maxImpact: bigint; readonly minReversibility: bigint }): Cone {
  return {
    scopes: cone.scopes,
    maxImpact: effective.maxImpact < cone.maxImpact ? effective.maxImpact : cone.maxImpact,
    minReversibility: Math.max(cone.minReversibility, Number(effective.minReversibility)), // at most 100
  };
}

/** A trigger lowers the tier by one, down to 0. */
export function loweredTier(tier: number): number {
  return Math.max(tier - 1, 0);
}

/** The tier after an anchor up the path raised it, or undefined at the highest of `tiers`. */
export function raisedTier(tier: number, tiers: number): number | undefined {
  return tier + 1 < tiers ? tier + 1 : undefined;
}

/**
 * The tier after a team's cones were replaced: the highest, no higher than before, whose cone does not widen the present one;
 * undefined where there is none, upon which the contract refuses.
 */
export function tierAfterNewCones(present: Cone, tier: number, cones: readonly Cone[]): number | undefined {
  for (let next = Math.min(tier, cones.length - 1); next >= 0; next--) {
    const cone = cones[next];
    if (cone !== undefined && contains(present, cone)) return next;
  }
  return undefined;
}
