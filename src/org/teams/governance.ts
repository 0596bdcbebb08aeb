import { teamById, type Organization } from "./organization.ts";

/**
 * The circles among "reports to", each as the teams on it, starting with the first in the organization's order. A team has
 * one edge at most, so that no team is on two of them; there are none where governance is a directed acyclic graph.
 */
export function governanceCycles(organization: Organization): string[][] {
  const cycles: string[][] = [];
  const seen = new Set<string>();
  for (const { id } of organization.teams) {
    const walked: string[] = [];
    let next: string | null = id;
    while (next !== null && !seen.has(next)) {
      seen.add(next);
      walked.push(next);
      next = teamById(organization, next)?.reportsTo ?? null;
    }
    const start = next === null ? -1 : walked.indexOf(next);
    if (start >= 0) cycles.push(walked.slice(start));
  }
  return cycles;
}
