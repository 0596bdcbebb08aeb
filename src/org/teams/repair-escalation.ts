import { governanceCycles } from "./governance.ts";
import type { Organization } from "./organization.ts";

/**
 * Teams that govern each other in a circle report to the root instead. Whom they escalate to first stays: it is the second
 * hop, and silence, that climb past the circle.
 */
export function repairEscalation(organization: Organization): Organization {
  const circling = new Set(governanceCycles(organization).flat());
  const teams = organization.teams.map((team) =>
    circling.has(team.id) ? { ...team, reportsTo: organization.root } : team,
  );
  return { ...organization, teams };
}
