/** Standing roles of the authority, as in contracts/types/Roles.sol (a test compares the two). */
export const roles = {
  ADMIN_ROLE: 0n,
  TREASURY_ROLE: 1n,
  ANCHORS_ROLE: 2n,
  FORKS_ROLE: 3n,
  MERGE_ROLE: 4n,
  STRATEGY_ROLE: 5n,
  MEMBERSHIP_ROLE: 6n,
  ORACLE_ROLE: 7n,
  GRANTER_ROLE: 8n,
  ENROLMENT_ROLE: 9n,
  CATALOG_ROLE: 10n,
  TEAMS_ROLE: 11n,
  RATES_ROLE: 12n,
  STRUCTURE_ROLE: 13n,
  POLICY_ROLE: 14n,
  VALUATION_ROLE: 15n,
  RATCHET_ROLE: 16n,
  BREAKER_ROLE: 17n,
  GUARDIAN_ROLE: 18n,
  /** Reachable by just-in-time grants only; nobody can be a member. */
  GRANT_ROLE: 2n ** 64n - 2n,
} as const;

export type RoleName = keyof typeof roles;

/** The name of a role, or its number where the system has no name for it. */
export function roleNameOf(id: bigint): string {
  const entry = Object.entries(roles).find(([, each]) => each === id);
  return entry?.[0] ?? `role ${id}`;
}
