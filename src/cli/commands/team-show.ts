import { Command } from "commander";
import type { Hex } from "../../core/hex.ts";
import { iAuthorityAbi, iEscalationsAbi, iTeamsAbi } from "../../chain/abi.ts";
import { chainTime, read } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { outputOf } from "../output.ts";
import { allTeams, placesOf, scopeNames, teamState, teamText } from "../state/teams.ts";
import { factsText, tableText } from "../text/table.ts";
import { addressBookOf } from "../values/address-book.ts";
import { coneWords } from "../values/cone.ts";
import { teamOf } from "../values/team.ts";
import { countdownText } from "../values/time.ts";
import { unitsText } from "../values/units.ts";

/** `mandate team list` */
export function teamListCommand(): Command {
  const command = addSessionOptions(new Command("list")).description(
    "show every team: anchor, tier, impact used, path",
  );
  return command.action(async () => {
    const session = await sessionOf(command);
    const [teams, places] = await Promise.all([allTeams(session), placesOf(session)]);
    const book = addressBookOf(session);
    const rows = teams.map((each) => [
      `${each.team}`,
      each.place,
      each.status,
      book.short(each.anchor),
      `${each.tier} of ${each.tiers - 1}`,
      `${unitsText(each.usedImpact)} of ${unitsText(each.cone.maxImpact)}`,
      each.path.map((team) => places.get(team) ?? `${team}`).join(" > "),
    ]);
    const head = ["team", "place", "status", "anchor", "tier", "impact in 24 h", "escalates to"];
    outputOf(command).result({ teams }, tableText(head, rows, "There is no team yet."));
  });
}

async function liveText(session: Session, anchor: Hex, now: number): Promise<string> {
  const until = await read(session, "Authority", iAuthorityAbi, "anchorLiveUntil", [anchor]);
  return until > now ? `live, lapses ${countdownText(until, now)}` : "not live: its tasks cannot be opened";
}

/** `mandate team show` */
export function teamShowCommand(): Command {
  const base = new Command("show").argument("<team>", "number or place of the team");
  const command = addSessionOptions(base).description("show a team: who answers, what are the limits, where it climbs");
  return command.action(async (text: string) => {
    const session = await sessionOf(command);
    const number = await teamOf(session, text);
    const [team, cones, members, path, scopes, places, now] = await Promise.all([
      teamState(session, number),
      read(session, "Teams", iTeamsAbi, "conesOf", [number]),
      read(session, "Teams", iTeamsAbi, "membersOf", [number]),
      read(session, "Escalations", iEscalationsAbi, "pathOf", [number]),
      scopeNames(session),
      placesOf(session),
      chainTime(session),
    ]);
    const book = addressBookOf(session);
    const tiers = cones.map((cone, tier) => {
      return `${tier === team.tier ? "now  " : "     "}${tier}: ${coneWords(cone, scopes)}`;
    });
    const climbs = path.map(({ team: at, anchor, substitute, opensAt }) => {
      const instead = /^0x0+$/.test(substitute) ? "" : `, or ${book.short(substitute)}`;
      return `${teamText(places, at)}: ${book.short(anchor)}${instead}, ${opensAt > now ? countdownText(opensAt, now) : "at once"}`;
    });
    const facts = factsText([
      ["team", `${team.team} (${team.place}), ${team.status}, version ${team.version}`],
      ["anchor", `${book.full(team.anchor)}, ${await liveText(session, team.anchor, now)}`],
      ["limits", coneWords(team.cone, scopes)],
      ["used", `${unitsText(team.usedImpact)} of ${unitsText(team.cone.maxImpact)}`],
      ["tiers", tiers.join("\n")],
      ["falls by", team.triggers.join(", ") || "nothing"],
      ["escalates to", climbs.join("\n") || team.path.map((at) => teamText(places, at)).join("\n")],
      ["members", members.map((each) => book.full(each)).join("\n") || "nobody"],
    ]);
    outputOf(command).result({ ...team, cones, members, escalation: path }, facts);
  });
}
