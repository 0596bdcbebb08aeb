import { findAnchorhood } from "./finders/anchor.ts";
import { findAttestors } from "./finders/attestors.ts";
import { findEscalations } from "./finders/escalations.ts";
import type { Finder, Leaver } from "./finders/finder.ts";
import { findGrants } from "./finders/grants.ts";
import { findClaims, findForks, findPools, findProjects } from "./finders/money.ts";
import { findOperations } from "./finders/operations.ts";
import { findRoles } from "./finders/roles.ts";
import { findRulesets } from "./finders/rulesets.ts";
import { findMembership, findOperatorSeat } from "./finders/seats.ts";
import { findTeams } from "./finders/teams.ts";
import { findTimelockRoles } from "./finders/timelock.ts";
import { kinds, type Holding } from "./holding.ts";
import type { SystemView } from "./system-view.ts";

const finders: readonly Finder[] = [
  findEscalations,
  findGrants,
  findOperations,
  findTeams,
  findMembership,
  findOperatorSeat,
  findRulesets,
  findAttestors,
  findAnchorhood,
  findTimelockRoles,
  findRoles,
  findPools,
  findForks,
  findProjects,
  findClaims,
];

/** Everything that an address holds or is at a block, in the order in which it is ended. */
export async function findHoldings(view: SystemView, leaver: Leaver): Promise<readonly Holding[]> {
  const found = (await Promise.all(finders.map((find) => find(view, leaver)))).flat();
  return found.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.id < b.id ? -1 : 1));
}
