import { triggers, type ConeAnswer } from "../../core/api/limits.ts";
import type { AnchorAnswer, TeamAnswer } from "../../core/api/teams.ts";
import type { Hex } from "../../core/hex.ts";
import type { ConeRow, Entities } from "../fold/rows.ts";
import type { Identified } from "./snapshot.ts";
import { checksummed, nameOf, placesOf } from "./spelling.ts";

/** What a team's answer is made of, beside its own row. */
export interface TeamContext {
  readonly now: number;
  readonly anchors: ReadonlyMap<Hex, Entities["anchor"]>;
  readonly limits: ReadonlyMap<string, Entities["teamLimits"]>;
  readonly members: ReadonlyMap<number, readonly Entities["teamMember"][]>;
  /** Names of the scopes, by their number. */
  readonly scopes: ReadonlyMap<number, string>;
}

function describeCone(cone: ConeRow, scopes: ReadonlyMap<number, string>): ConeAnswer {
  return {
    maxImpact: cone.maxImpact,
    scopes: placesOf(BigInt(cone.scopes)).map((scope) => scopes.get(scope) ?? `scope ${scope}`),
    minReversibility: cone.minReversibility,
  };
}

/** A team in an answer, as of `context.now`. Pure. */
export function describeTeam(team: Identified<"team">, context: TeamContext): TeamAnswer {
  const enforced = context.limits.get(team.id);
  const anchor = context.anchors.get(team.anchor);
  return {
    team: Number(team.id),
    place: nameOf(team.place),
    status: team.status,
    anchor: checksummed(team.anchor),
    anchorLive: anchor?.status === "accepted" && context.now < anchor.liveUntil,
    tier: team.tier,
    cones: team.cones.map((cone) => describeCone(cone, context.scopes)),
    enforced: enforced === undefined ? null : describeCone(enforced, context.scopes),
    triggers: placesOf(BigInt(team.triggers)).flatMap((bit) => triggers[bit] ?? []),
    path: [...team.path],
    members: (context.members.get(Number(team.id)) ?? []).map(({ account }) => checksummed(account)),
    version: team.version,
    reason: team.reason,
    openedAt: team.openedAt,
    closedAt: team.closedAt,
  };
}

/** Who may resolve in place of `anchor`; null where it named nobody, or somebody whose enrolment is over since. Pure. */
export function substituteOf(
  anchor: Entities["anchor"] | undefined,
  anchors: ReadonlyMap<Hex, Entities["anchor"]>,
): Hex | null {
  if (anchor === undefined || anchor.substitute === null) return null;
  const substitute = anchors.get(anchor.substitute);
  const holds = substitute?.status === "accepted" && substitute.term === anchor.substituteTerm;
  return holds ? anchor.substitute : null;
}

/** An anchor in an answer, as of `now`. Pure. */
export function describeAnchor(
  anchor: Identified<"anchor">,
  anchors: ReadonlyMap<Hex, Entities["anchor"]>,
  teams: readonly Identified<"team">[],
  now: number,
): AnchorAnswer {
  const substitute = substituteOf(anchor, anchors);
  const live = now < anchor.liveUntil ? ("live" as const) : ("lapsed" as const);
  return {
    anchor: checksummed(anchor.id as Hex),
    status: anchor.status === "accepted" ? live : anchor.status,
    identity: anchor.identity,
    liveUntil: anchor.liveUntil,
    substitute: substitute === null ? null : checksummed(substitute),
    teams: teams.filter((team) => team.status === "open" && team.anchor === anchor.id).map((team) => Number(team.id)),
  };
}
