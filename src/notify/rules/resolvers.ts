import type { Hex } from "../../core/hex.ts";
import type { Entities, State } from "../model/rows.ts";

/** Who may decide what waits on a path, from when on. */
export interface Resolver {
  readonly team: number;
  /** Place in the path, from 0. */
  readonly position: number;
  readonly anchor: Hex;
  /** The anchor, and its substitute where it named one. */
  readonly addresses: readonly Hex[];
  readonly opensAt: number;
}

/** What climbs the path that `team` had as its `pathVersion`-th. */
export type OnPath = Pick<Entities["escalation"], "team" | "pathVersion" | "openedAt" | "deadline">;

/**
 * Position `i` of the path that the team had at the opening opens at `openedAt + i * (deadline - openedAt) / length`,
 * rounded down, for the present anchor of the team there. The twin of the contract's rule.
 */
export function resolversOf(state: State, { team, pathVersion, openedAt, deadline }: OnPath): readonly Resolver[] {
  const path = state.get("team", team.toString())?.paths[pathVersion - 1] ?? [];
  return path.flatMap((each, position) => {
    const anchor = state.get("team", each.toString())?.anchor;
    if (anchor === undefined) return [];
    const substitute = state.get("anchor", anchor)?.substitute ?? null;
    const opensAt = openedAt + Math.floor((position * (deadline - openedAt)) / path.length);
    return [
      { team: each, position, anchor, addresses: substitute === null ? [anchor] : [anchor, substitute], opensAt },
    ];
  });
}
