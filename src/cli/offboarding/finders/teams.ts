import { iTeamsAbi } from "../../../chain/abi.ts";
import type { Hex } from "../../../core/hex.ts";
import type { Holding } from "../holding.ts";
import { callOf, type SystemView } from "../system-view.ts";
import { restricted } from "../ways.ts";
import type { Finder, Leaver } from "./finder.ts";

/** As `ITeams.TeamStatus` counts them. */
const OPEN = 1;

async function inTeam(view: SystemView, teams: Hex, team: number, leaver: Leaver): Promise<Holding[]> {
  const { account, successor, reason } = leaver;
  const [facts, isMember] = await Promise.all([
    view.read(teams, iTeamsAbi, "getTeam", [team]),
    view.read(teams, iTeamsAbi, "isMember", [team, account]),
  ]);
  if (facts.status !== OPEN) return [];
  const holdings: Holding[] = [];
  if (facts.anchor.toLowerCase() === account) {
    const sentence = `is the anchor of team ${team}, accountable for it and resolving what escalates to it`;
    const id = `team-anchor/${team}`;
    if (successor === undefined) {
      const what = "a team is never without an anchor: name a live one with --successor";
      holdings.push({ kind: "team-anchor", id, sentence, ending: { kind: "open", what } });
    } else {
      const call = callOf("Teams", teams, iTeamsAbi, "setAnchor", [team, successor, reason]);
      holdings.push({
        kind: "team-anchor",
        id,
        sentence,
        ending: { kind: "call", ways: await restricted(view, call) },
      });
    }
  }
  if (isMember) {
    const call = callOf("Teams", teams, iTeamsAbi, "removeMember", [team, account, reason]);
    holdings.push({
      kind: "team-member",
      id: `team-member/${team}`,
      sentence: `is a member of team ${team}`,
      ending: { kind: "call", ways: await restricted(view, call) },
    });
  }
  return holdings;
}

/** Teams that it leads or belongs to. */
export const findTeams: Finder = async (view, leaver) => {
  const found = await Promise.all(
    view.all("Teams").map(async (teams) => {
      const count = await view.read(teams, iTeamsAbi, "teamCount", []);
      const numbers = Array.from({ length: count }, (_, index) => index + 1);
      return (await Promise.all(numbers.map((team) => inTeam(view, teams, team, leaver)))).flat();
    }),
  );
  return found.flat();
};
