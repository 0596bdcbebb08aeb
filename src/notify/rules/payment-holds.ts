import type { Hex } from "../../core/hex.ts";
import type { Entities, OpenMilestone, State } from "../model/rows.ts";

const nowhere = `0x${"0".repeat(64)}`;
/** Number of the root office. */
const ROOT = "1";

/**
 * Why a payment waits for a co-signature at `now`; undefined where anybody can have it paid, or have the limit tell. That an oracle
 * is stale stands in no event, and is not told here.
 */
export function whyHeld(
  state: State,
  project: Entities["project"],
  milestone: OpenMilestone,
  now: number,
): string | undefined {
  if (milestone.proof !== null && milestone.coSigned.includes(milestone.proof)) return undefined;
  if (milestone.coSignature) return "its plan asks for one";
  const trip = state.get("trip", project.asset);
  if (trip !== undefined && now < trip.until) return "its asset is tripped";
  const oracle = state.get("oracle", project.oracle);
  return oracle !== undefined && now < oracle.trippedUntil ? "its oracle is tripped" : undefined;
}

/**
 * Who may co-sign: those up the path of the plan's team; the plan's anchor and the root's, where it names no team that there is. Never the
 * payee. As the vault decides it.
 */
export function coSignersOf(state: State, project: Entities["project"]): readonly Hex[] {
  const team =
    project.team === nowhere
      ? undefined
      : [...state.all("team")].find(([, { open, place }]) => open && place === project.team)?.[1];
  const anchorsOf = (teams: readonly string[]): readonly Hex[] =>
    teams.flatMap((each) => state.get("team", each)?.anchor ?? []);
  const path = team?.paths.at(-1)?.map(String);
  const anchors = path === undefined ? [project.anchor, ...anchorsOf([ROOT])] : anchorsOf(path);
  return [...new Set(anchors)].filter((each) => each !== project.payee);
}
