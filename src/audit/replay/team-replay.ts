import { toFunctionSelector } from "viem";
import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import type { Cone } from "./limit-check.ts";
import type { RuleContext } from "./rule-context.ts";

interface ReplayedTeam {
  readonly open: boolean;
  readonly place: Hex;
  readonly anchor: Hex;
  readonly tier: number;
  readonly cones: readonly Cone[];
  readonly triggers: number;
  readonly version: number;
  /** Every path that it had; the last one applies. */
  readonly paths: readonly (readonly number[])[];
  readonly members: ReadonlySet<Hex>;
}

/** What the teams' replay reads of the others. */
export interface TeamWorld {
  readonly requireMayCall: (log: PlacedLog, by: Hex, selector: Hex) => void;
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  /** What the constitution has for `team`; undefined where the parameter is not defined. */
  readonly effective: (team: number, parameter: Hex) => bigint | undefined;
}

/** The history of the teams. */
export interface TeamReplay {
  apply(event: EventOf<"Teams">): void;
  /** The anchor of an open team. */
  readonly anchorOf: (team: number) => Hex | undefined;
  readonly openTeams: () => number;
  readonly isMember: (team: number, account: Hex) => boolean;
  /** The open team at a place of the organization. */
  readonly teamAt: (place: Hex) => number | undefined;
  /** Numbers of all teams that there ever were. */
  readonly all: () => readonly number[];
  /** The path that the team has had as number `version`, counted from 1. */
  readonly pathAt: (team: number, version: number) => readonly number[] | undefined;
  /** The present path. */
  readonly pathOf: (team: number) => readonly number[];
  readonly pathVersion: (team: number) => number;
  /** What the authority must enforce: the tier's cone, no looser than the constitution, and nothing for a closed team. */
  readonly coneOf: (team: number) => (Cone & { readonly anchor: Hex }) | undefined;
}

const ROOT = 1;
const MAX_TIERS = 4;
const TRIGGERS = 3;
const PERCENT = 100;
const MAX_BYTE = 255n;
const nobody: Hex = "0x0000000000000000000000000000000000000000";
const maxImpactId = keccak256Text("cone.maxImpact");
const minReversibilityId = keccak256Text("cone.minReversibility");

const cone = "(uint48,uint32,uint8)[]";
const selectors: Readonly<Record<string, Hex>> = {
  TeamOpened: toFunctionSelector(`openTeam(bytes32,address,${cone},uint8,uint16[],uint8,bytes32)`),
  TeamClosed: toFunctionSelector("closeTeam(uint16,bytes32)"),
  TeamAnchorSet: toFunctionSelector("setAnchor(uint16,address,bytes32)"),
  TeamPathSet: toFunctionSelector("setPath(uint16,uint16[],bytes32)"),
  TeamConesSet: toFunctionSelector(`setCones(uint16,${cone},bytes32)`),
  TeamTriggersSet: toFunctionSelector("setTriggers(uint16,uint8,bytes32)"),
  MemberAdded: toFunctionSelector("addMember(uint16,address,bytes32)"),
  MemberRemoved: toFunctionSelector("removeMember(uint16,address,bytes32)"),
  TierLowered: toFunctionSelector("lowerTier(uint16,uint8,bytes32)"),
};

/** Whether `inner` allows nothing that `outer` does not. */
export function contains(outer: Cone, inner: Cone): boolean {
  return (
    inner.maxImpact <= outer.maxImpact &&
    (BigInt(inner.scopes) & ~BigInt(outer.scopes)) === 0n &&
    inner.minReversibility >= outer.minReversibility
  );
}

export function replayTeams(context: RuleContext, world: TeamWorld): TeamReplay {
  const teams = new Map<number, ReplayedTeam>();
  const rule = "policy-team";
  const anchorOf = (team: number): Hex | undefined => {
    const found = teams.get(team);
    return found?.open === true ? found.anchor : undefined;
  };

  function requirePath(log: PlacedLog, team: number, path: readonly number[]): void {
    const ends = path.at(-1) === ROOT && path.indexOf(ROOT) === path.length - 1;
    const distinct = new Set(path).size === path.length;
    const open = path.every((each) => each === team || teams.get(each)?.open === true);
    const own = team === ROOT ? path.length === 1 : !path.includes(team);
    const valid = ends && distinct && open && own;
    context.require(valid, "policy-path", log, "open teams, each once, the root last", path.join(" → "));
  }

  function requireCones(log: PlacedLog, cones: readonly Cone[]): void {
    const ascend = cones.every((each, i) => {
      const below = cones[i - 1];
      return each.minReversibility <= PERCENT && (below === undefined || contains(each, below));
    });
    const counted = cones.length >= 1 && cones.length <= MAX_TIERS;
    context.require(ascend && counted, rule, log, "1 to 4 cones, each contained in the next", `${cones.length} cones`);
  }

  function requireTriggers(log: PlacedLog, triggers: number): void {
    const some = triggers > 0 && triggers < 2 ** TRIGGERS;
    context.require(some, rule, log, "at least one trigger that exists", triggers);
  }

  /** Changes an open team; `version` where the event counts one. */
  function change(log: PlacedLog, id: number, to: Partial<ReplayedTeam>, version?: number): void {
    const team = teams.get(id);
    context.require(team?.open === true, rule, log, `team ${id} open`, team === undefined ? "unknown" : "closed");
    if (team === undefined) return;
    if (version !== undefined) context.requireEqual(rule, log, "version", team.version + 1, version);
    teams.set(id, { ...team, ...to, version: version ?? team.version });
  }

  function requireLive(log: PlacedLog, anchor: Hex): void {
    context.require(world.isLive(anchor, log.blockTimestamp), rule, log, "a live anchor", anchor);
  }

  function opened(log: PlacedLog, args: EventArgs<"Teams", "TeamOpened">): void {
    const { team, place, anchor, tier, triggers, path, cones } = args;
    context.requireEqual(rule, log, "team", teams.size + 1, team);
    requireLive(log, anchor);
    requireCones(log, cones);
    requireTriggers(log, triggers);
    requirePath(log, team, path);
    context.require(tier < cones.length, rule, log, `a tier below ${cones.length}`, tier);
    const rest = { place, anchor, tier, cones, triggers, version: 1, paths: [path], members: new Set<Hex>() };
    teams.set(team, { open: true, ...rest });
  }

  function closed(log: PlacedLog, { team }: EventArgs<"Teams", "TeamClosed">): void {
    const inUse = [...teams].filter(([id, each]) => id !== team && each.open && each.paths.at(-1)?.includes(team));
    const free = team !== ROOT && inUse.length === 0;
    context.require(free, "policy-path", log, "a team that no path needs", `on the path of ${inUse.length} teams`);
    change(log, team, { open: false });
  }

  function conesSet(log: PlacedLog, { team, cones, tier, version }: EventArgs<"Teams", "TeamConesSet">): void {
    requireCones(log, cones);
    const before = teams.get(team);
    const present = before?.cones[before.tier];
    const own = cones[tier];
    const kept = present !== undefined && own !== undefined && contains(present, own) && tier <= (before?.tier ?? 0);
    context.require(kept, "policy-tier", log, "a tier whose new cone is within the present one", `tier ${tier}`);
    change(log, team, { cones, tier }, version);
  }

  function memberChanged(
    log: PlacedLog,
    { team: id, member }: EventArgs<"Teams", "MemberAdded">,
    added: boolean,
  ): void {
    const members = new Set(teams.get(id)?.members);
    const known = members.has(member);
    context.require(known !== added, rule, log, added ? "a new member" : "a member", member);
    if (added) members.add(member);
    else members.delete(member);
    const team = teams.get(id);
    if (team !== undefined) teams.set(id, { ...team, members });
  }

  function lowered(log: PlacedLog, { team, tier, trigger }: EventArgs<"Teams", "TierLowered">): void {
    const found = teams.get(team);
    context.requireEqual("policy-tier", log, "tier", (found?.tier ?? 0) - 1, tier);
    const own = found !== undefined && ((found.triggers >> trigger) & 1) === 1;
    context.require(own, "policy-tier", log, "a trigger of the team", `trigger ${trigger}`);
    change(log, team, { tier });
  }

  function raised(log: PlacedLog, { team, tier, by }: EventArgs<"Teams", "TierRaised">): void {
    const found = teams.get(team);
    const up = (found?.paths.at(-1) ?? []).some((each) => anchorOf(each) === by);
    const other = team === ROOT || by !== found?.anchor;
    const may = up && other && world.isLive(by, log.blockTimestamp);
    context.require(may, "policy-tier", log, "another live anchor up the path", by);
    context.requireEqual("policy-tier", log, "tier", (found?.tier ?? 0) + 1, tier);
    const exists = tier < (found?.cones.length ?? 0);
    context.require(exists, "policy-tier", log, `a tier below ${found?.cones.length}`, tier);
    change(log, team, { tier });
  }

  return {
    apply(event) {
      const { log } = event;
      const selector = selectors[event.eventName];
      if (selector !== undefined && "by" in event.args) world.requireMayCall(log, event.args.by, selector);
      switch (event.eventName) {
        case "TeamOpened": {
          opened(log, event.args);
          return;
        }
        case "TeamClosed": {
          closed(log, event.args);
          return;
        }
        case "TeamAnchorSet": {
          const { team, anchor, version } = event.args;
          requireLive(log, anchor);
          change(log, team, { anchor }, version);
          return;
        }
        case "TeamPathSet": {
          const { team, path, version } = event.args;
          requirePath(log, team, path);
          change(log, team, { paths: [...(teams.get(team)?.paths ?? []), path] }, version);
          return;
        }
        case "TeamConesSet": {
          conesSet(log, event.args);
          return;
        }
        case "TeamTriggersSet": {
          const { team, triggers, version } = event.args;
          requireTriggers(log, triggers);
          change(log, team, { triggers }, version);
          return;
        }
        case "MemberAdded": {
          memberChanged(log, event.args, true);
          return;
        }
        case "MemberRemoved": {
          memberChanged(log, event.args, false);
          return;
        }
        case "TierLowered": {
          lowered(log, event.args);
          return;
        }
        case "TierRaised": {
          raised(log, event.args);
          return;
        }
        default: // changes nothing that a rule reads
          return;
      }
    },
    anchorOf,
    isMember: (team, account) => teams.get(team)?.members.has(account) === true,
    openTeams: () => [...teams.values()].filter(({ open }) => open).length,
    teamAt: (place) => [...teams].find(([, each]) => each.open && each.place === place)?.[0],
    all: () => [...teams.keys()],
    pathAt: (team, version) => teams.get(team)?.paths[version - 1],
    pathOf: (team) => teams.get(team)?.paths.at(-1) ?? [],
    pathVersion: (team) => teams.get(team)?.paths.length ?? 0,
    coneOf(id) {
      const team = teams.get(id);
      if (team === undefined) return undefined;
      if (!team.open) return { anchor: nobody, maxImpact: 0, scopes: 0, minReversibility: PERCENT };
      const own = team.cones[team.tier] ?? { maxImpact: 0, scopes: 0, minReversibility: PERCENT };
      const impact = world.effective(id, maxImpactId) ?? BigInt(own.maxImpact);
      const reversibility = world.effective(id, minReversibilityId) ?? 0n;
      const least = reversibility > MAX_BYTE ? MAX_BYTE : reversibility;
      return {
        anchor: team.anchor,
        maxImpact: impact < BigInt(own.maxImpact) ? Number(impact) : own.maxImpact,
        scopes: own.scopes,
        minReversibility: Math.max(Number(least), own.minReversibility),
      };
    },
  };
}
