import { scopesIn } from "../state/teams.ts";
import type { Boundary } from "../../sdk/contract-enums.ts";
import { timeText } from "../values/time.ts";
import { unitsText } from "../values/units.ts";

/** A boundary that a call crosses: `actual` against `limit`, in the unit that the boundary says. */
export interface CrossedBoundary {
  readonly boundary: Boundary | `${number}`;
  readonly limit: bigint;
  readonly actual: bigint;
}

/** Which limit a call crosses, and by how much, as a clause of a sentence. Pure. */
export function boundaryText({ boundary, limit, actual }: CrossedBoundary, scopeNames: readonly string[]): string {
  switch (boundary) {
    case "none":
      return "it crosses no limit";
    case "unlisted":
      return "the catalog does not list the action";
    case "scope": {
      const own = scopesIn(Number(limit), scopeNames).join(", ") || "none";
      return `its scope ${scopeNames[Number(actual)] ?? actual} is not among the team's (${own})`;
    }
    case "reversibility":
      return `it is reversible to ${actual} %, and the team may decide alone from ${limit} % on`;
    case "unreadable":
      return "its arguments are too short for its impact to be read";
    case "rate-missing":
      return limit === 0n
        ? "its asset was never valued, so that its impact is not known"
        : `the valuation of its asset ended at ${timeText(limit)}, so that its impact is not known`;
    case "grant-cap":
      return `its impact of ${unitsText(actual)} exceeds the ${unitsText(limit)} left of the grant's cap, by ${unitsText(actual - limit)}`;
    case "team-impact":
      return (
        `it would bring the team's impact to ${unitsText(actual)} in 24 hours, and ${unitsText(limit)} is the limit: ` +
        `${unitsText(actual - limit)} too much`
      );
    default:
      return `it crosses a limit that this program does not know (${boundary})`;
  }
}
