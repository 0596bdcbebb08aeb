import type { Organization } from "./organization.ts";

/** Two teams and the number of channels between them; `null` where no message gets from one to the other. */
export interface Distance {
  readonly from: string;
  readonly to: string;
  readonly hops: number | null;
}

/** Teams to which each team sends directly: those that it lists, and the one that it escalates to. */
export function directChannels(organization: Organization): ReadonlyMap<string, readonly string[]> {
  return new Map(
    organization.teams.map(({ id, channels, escalatesTo }) => [
      id,
      [...new Set([...channels, ...(escalatesTo === null ? [] : [escalatesTo])])],
    ]),
  );
}

/** The shortest way from every team to every other. */
export function distances(organization: Organization): Distance[] {
  const channels = directChannels(organization);
  return organization.teams.flatMap(({ id: from }) => {
    const hops = hopsFrom(from, channels);
    return organization.teams
      .filter(({ id }) => id !== from)
      .map(({ id: to }) => ({ from, to, hops: hops.get(to) ?? null }));
  });
}

/** Breadth first: teams in the order in which they are reached come with the least number of channels. */
function hopsFrom(from: string, channels: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const hops = new Map([[from, 0]]);
  for (const [team, away] of hops) {
    for (const next of channels.get(team) ?? []) {
      if (!hops.has(next)) hops.set(next, away + 1);
    }
  }
  return hops;
}
