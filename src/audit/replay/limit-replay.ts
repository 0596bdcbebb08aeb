import type { Hex } from "../../core/hex.ts";
import type { EventArgs } from "./audited-event.ts";
import { checkLimits, type ActionFacts, type Cone, type LimitMet, type Rate } from "./limit-check.ts";

const WINDOW_SECONDS = 43_200n;

/** A team's limits as the authority enforces them, and who may open its tasks. */
export interface EnforcedTeam extends Cone {
  readonly anchor: Hex;
}

/** What the authority enforces, and what teams used of it. */
export interface LimitReplay {
  factsSet(args: EventArgs<"Authority", "ActionFactsSet">): void;
  teamLimitsSet(args: EventArgs<"Authority", "TeamLimitsSet">): void;
  rateSet(args: EventArgs<"Authority", "RateSet">): void;
  capabilitySet(args: EventArgs<"Authority", "CapabilitySet">): void;
  facts(target: Hex, selector: Hex): ActionFacts | undefined;
  team(team: number): EnforcedTeam | undefined;
  capabilityHash(capability: Hex): Hex | undefined;
  rateOf(asset: Hex): Rate | undefined;
  /** What the call meets; `cap` is what its grant has left. */
  check(call: {
    readonly target: Hex;
    readonly data: Hex;
    readonly team: number;
    readonly cap: bigint | undefined;
    readonly now: bigint;
  }): LimitMet;
  /** A call of the team had its impact at `now`. */
  charge(team: number, impact: bigint, now: bigint): void;
}

const nothing: Cone = { maxImpact: 0, scopes: 0, minReversibility: 0 };

export function replayLimits(): LimitReplay {
  const facts = new Map<string, ActionFacts>();
  const teams = new Map<number, EnforcedTeam>();
  const rates = new Map<Hex, Rate>();
  const capabilities = new Map<Hex, Hex>();
  /** Impact by half-day, of each team. */
  const impacts = new Map<number, Map<bigint, bigint>>();

  /** In the half-day of `now` and the two before. */
  function used(team: number, now: bigint): bigint {
    const current = now / WINDOW_SECONDS;
    return [...(impacts.get(team) ?? [])]
      .filter(([window]) => window + 2n >= current)
      .reduce((sum, [, impact]) => sum + impact, 0n);
  }

  return {
    factsSet: ({ target, selector, facts: set }) => void facts.set(`${target} ${selector}`, set),
    teamLimitsSet: ({ team, anchor, limits }) => void teams.set(team, { anchor, ...limits }),
    rateSet: ({ asset, rate, validUntil }) => void rates.set(asset, { rate, validUntil: BigInt(validUntil) }),
    capabilitySet: ({ capability, actionsHash }) => void capabilities.set(capability, actionsHash),
    facts: (target, selector) => facts.get(`${target} ${selector}`),
    team: (team) => teams.get(team),
    capabilityHash: (capability) => capabilities.get(capability),
    rateOf: (asset) => rates.get(asset),
    check: ({ target, data, team, cap, now }) =>
      checkLimits({
        data,
        now,
        cap,
        facts: facts.get(`${target} ${data.slice(0, 10)}`),
        limits: teams.get(team) ?? nothing,
        used: used(team, now),
        rateOf: (asset) => rates.get(asset),
      }),
    charge(team, impact, now) {
      const windows = impacts.get(team) ?? new Map<bigint, bigint>();
      const current = now / WINDOW_SECONDS;
      impacts.set(team, windows.set(current, (windows.get(current) ?? 0n) + impact));
    },
  };
}
