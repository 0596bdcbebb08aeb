import { iActionCatalogAbi, iAuthorityLimitsAbi, iTeamsAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { textOfAsciiWord } from "../../org/ascii-word.ts";
import type { Cone } from "../../sdk/team.ts";
import { read } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import { nameIn, teamStatuses, triggers } from "../../sdk/contract-enums.ts";

/** A team as the chain has it now. */
export interface TeamState {
  readonly team: number;
  readonly place: string;
  readonly status: string;
  readonly anchor: Hex;
  readonly tier: number;
  readonly tiers: number;
  readonly version: number;
  readonly triggers: readonly string[];
  readonly path: readonly number[];
  /** What applies: the tier's cone, no looser than the constitution. */
  readonly cone: Cone;
  /** Impact of the calls by grants in the last 24 to 36 hours, which counts against the cone. */
  readonly usedImpact: bigint;
}

export async function teamState(session: Session, team: number): Promise<TeamState> {
  const [found, cone, [, , usedImpact]] = await Promise.all([
    read(session, "Teams", iTeamsAbi, "getTeam", [team]),
    read(session, "Teams", iTeamsAbi, "coneOf", [team]),
    read(session, "Authority", iAuthorityLimitsAbi, "teamLimits", [team]),
  ]);
  return {
    ...found,
    team,
    place: textOfAsciiWord(found.place),
    status: nameIn(teamStatuses, found.status),
    triggers: triggers.filter((_name, bit) => (found.triggers & (1 << bit)) !== 0),
    cone,
    usedImpact,
  };
}

export async function allTeams(session: Session): Promise<TeamState[]> {
  const count = await read(session, "Teams", iTeamsAbi, "teamCount", []);
  return Promise.all(Array.from({ length: count }, (_none, index) => teamState(session, index + 1)));
}

/** Places of teams by their number, so that a path reads as places. */
export async function placesOf(session: Session): Promise<ReadonlyMap<number, string>> {
  const count = await read(session, "Teams", iTeamsAbi, "teamCount", []);
  const teams = Array.from({ length: count }, (_none, index) => index + 1);
  const places = await Promise.all(
    teams.map(async (team) => textOfAsciiWord((await read(session, "Teams", iTeamsAbi, "getTeam", [team])).place)),
  );
  return new Map(teams.map((team, index) => [team, places[index] ?? ""]));
}

/** A team's number with its place: `3 (G1.U1.P3)`. */
export function teamText(places: ReadonlyMap<number, string>, team: number): string {
  const place = places.get(team);
  return place === undefined ? `${team}` : `${team} (${place})`;
}

/** Names of the catalog's scopes, by their number. */
export async function scopeNames(session: Session): Promise<string[]> {
  return (await read(session, "ActionCatalog", iActionCatalogAbi, "scopes", [])).map(textOfAsciiWord);
}

/** The scopes of a bit set, by name. */
export function scopesIn(set: number, names: readonly string[]): string[] {
  return Array.from({ length: 32 }, (_none, bit) => bit)
    .filter((bit) => ((set >>> bit) & 1) === 1)
    .map((bit) => names[bit] ?? `scope ${bit}`);
}
