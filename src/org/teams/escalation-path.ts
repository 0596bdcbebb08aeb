import { teamById, type Organization, type TeamDefinition } from "./organization.ts";

/** Longest path that the contract Teams takes. */
export const MAX_PATH = 7;

export type EscalationPath =
  | { readonly ends: "human"; readonly path: readonly string[] }
  /** It comes back to a team, stops at one that has nobody above it, or names one that is not there. */
  | { readonly ends: "nowhere"; readonly path: readonly string[] };

/**
 * Offices that may decide what is outside a team's cone, in order: first the one that it escalates to, then, on silence,
 * whoever governs that one, up to an office of humans. The root's path is itself.
 */
export function escalationPath(organization: Organization, team: TeamDefinition): EscalationPath {
  if (team.id === organization.root) return { ends: team.human ? "human" : "nowhere", path: [team.id] };
  const path: string[] = [];
  let next = team.escalatesTo;
  while (next !== null) {
    const above = teamById(organization, next);
    if (above === undefined || next === team.id || path.includes(next)) return { ends: "nowhere", path };
    path.push(next);
    if (above.id === organization.root) return { ends: above.human ? "human" : "nowhere", path };
    next = above.reportsTo;
  }
  return { ends: "nowhere", path };
}
