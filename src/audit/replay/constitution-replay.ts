import { toFunctionSelector } from "viem";
import { roles } from "../../chain/roles.ts";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import type { RuleContext } from "./rule-context.ts";

type Terms = EventArgs<"Constitution", "ParameterDefined">["terms"];

interface Change {
  readonly value: bigint;
  readonly enactableFrom: bigint;
  readonly expiresAt: bigint;
  readonly required: number;
  /** Number of the newest team that there was when it was proposed. */
  readonly electorate: number;
  readonly consents: number;
  readonly consented: ReadonlySet<number>;
}

interface Value {
  readonly value: bigint;
  readonly version: number;
}

/** What the constitution's replay reads of the others. */
export interface ConstitutionWorld {
  readonly requireMayCall: (log: PlacedLog, by: Hex, selector: Hex) => void;
  readonly holdsRole: (role: bigint, account: Hex, time: bigint) => boolean;
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  /** The anchor of an open team. */
  readonly anchorOf: (team: number) => Hex | undefined;
  readonly openTeams: () => number;
  /** Number of teams that there ever were. */
  readonly teams: () => number;
}

/** The history of a constitution. */
export interface ConstitutionReplay {
  apply(event: EventOf<"Constitution">): void;
  /** What applies to `team` now; undefined where the parameter is not defined. */
  effective(team: number, parameter: Hex): bigint | undefined;
}

/** Number of `IConstitution.Stricter.Lower`. */
const LOWER = 0;
const ROOT = 1;
const MAX_VALIDITY_SECONDS = 31n * 86_400n;

const selectors = {
  define: toFunctionSelector("defineParameter(bytes32,(uint8,bool,bool,uint128,uint128),uint128,bytes32)"),
  propose: toFunctionSelector("proposeChange(bytes32,uint128,bytes32)"),
  defineAsset: toFunctionSelector("defineAsset(address,uint128,uint128)"),
  setRate: toFunctionSelector("setRate(address,uint128,uint48,bytes32)"),
  wire: toFunctionSelector("wireTeams(address)"),
} as const;

function stricterOf({ stricter }: Terms, a: bigint, b: bigint): bigint {
  return (stricter === LOWER) === a < b ? a : b;
}

/** @param delaySeconds Time between a change's announcement and its effect. */
export function replayConstitution(
  context: RuleContext,
  world: ConstitutionWorld,
  delaySeconds: bigint,
): ConstitutionReplay {
  const terms = new Map<Hex, Terms>();
  const values = new Map<string, Value>();
  const pending = new Map<string, Change>();
  const bounds = new Map<Hex, { minimum: bigint; maximum: bigint }>();
  const keyOf = (parameter: Hex, team: number): string => `${parameter} ${team}`;

  function isAnchor(team: number, account: Hex, now: bigint): boolean {
    return world.anchorOf(team) === account && world.isLive(account, now);
  }

  function pendingAt(log: PlacedLog, parameter: Hex, team: number): Change | undefined {
    const change = pending.get(keyOf(parameter, team));
    return change !== undefined && log.blockTimestamp < change.expiresAt ? change : undefined;
  }

  function effective(team: number, parameter: Hex): bigint | undefined {
    const known = terms.get(parameter);
    const office = values.get(keyOf(parameter, 0))?.value;
    if (known === undefined || office === undefined) return undefined;
    const own = team === 0 ? undefined : values.get(keyOf(parameter, team))?.value;
    return own === undefined ? office : stricterOf(known, office, own);
  }

  function requireInBounds(log: PlacedLog, parameter: Hex, value: bigint): Terms | undefined {
    const known = terms.get(parameter);
    context.require(known !== undefined, "policy-parameter", log, "a parameter that is defined", parameter);
    if (known === undefined) return undefined;
    const inside = value >= known.minimum && value <= known.maximum;
    context.require(inside, "policy-parameter", log, `a value in [${known.minimum}, ${known.maximum}]`, value);
    return known;
  }

  function requireNotLooser(log: PlacedLog, known: Terms, parameter: Hex, team: number, value: bigint): void {
    const office = values.get(keyOf(parameter, 0))?.value ?? value;
    const strict = team === 0 || stricterOf(known, value, office) === value;
    context.require(strict, "policy-team-value", log, `a value no looser than the office's ${office}`, value);
  }

  function proposed(log: PlacedLog, args: EventArgs<"Constitution", "ChangeProposed">): void {
    const { parameter, team, value, by } = args;
    const rule = "policy-change";
    const now = log.blockTimestamp;
    const known = requireInBounds(log, parameter, value);
    context.requireEqual(rule, log, "enactable from", now + delaySeconds, BigInt(args.enactableFrom));
    const waiting = pendingAt(log, parameter, team);
    context.require(waiting === undefined, rule, log, "nothing pending", `a change to ${waiting?.value}`);
    if (team === 0) world.requireMayCall(log, by, selectors.propose);
    else context.require(isAnchor(team, by, now), rule, log, `the live anchor of team ${team}`, by);
    const required = team === 0 && known?.kernel === true ? Math.floor(world.openTeams() / 2) + 1 : 0;
    context.requireEqual("policy-consent", log, "required consents", required, args.required);
    if (known !== undefined) requireNotLooser(log, known, parameter, team, value);
    pending.set(keyOf(parameter, team), {
      value,
      enactableFrom: BigInt(args.enactableFrom),
      expiresAt: BigInt(args.expiresAt),
      required,
      electorate: world.teams(),
      consents: 0,
      consented: new Set(),
    });
  }

  function consented(log: PlacedLog, args: EventArgs<"Constitution", "ChangeConsented">): void {
    const { parameter, team, by } = args;
    const rule = "policy-consent";
    const change = pendingAt(log, parameter, 0);
    context.require(change !== undefined, rule, log, "a pending change", parameter);
    context.require(isAnchor(team, by, log.blockTimestamp), rule, log, `the live anchor of team ${team}`, by);
    if (change === undefined) return;
    context.require(!change.consented.has(team), rule, log, "one consent of each team", `a second of team ${team}`);
    const entitled = team <= change.electorate;
    context.require(entitled, rule, log, `one of the ${change.electorate} teams that there were`, `team ${team}`);
    const next = change.consents + 1;
    const consents = team === ROOT ? Math.max(next, change.required) : next;
    context.requireEqual(rule, log, "consents", consents, args.consents);
    const everyone = new Set([...change.consented, team]);
    pending.set(keyOf(parameter, 0), { ...change, consents, consented: everyone });
  }

  function cancelled(log: PlacedLog, args: EventArgs<"Constitution", "ChangeCancelled">): void {
    const { parameter, team, by } = args;
    const now = log.blockTimestamp;
    const rule = "policy-change";
    context.require(pendingAt(log, parameter, team) !== undefined, rule, log, "a pending change", "none");
    const may =
      world.holdsRole(roles.POLICY_ROLE, by, now) || isAnchor(ROOT, by, now) || (team !== 0 && isAnchor(team, by, now));
    context.require(may, rule, log, "the policy office, or a live anchor of root or team", by);
    pending.delete(keyOf(parameter, team));
  }

  function valueSet(log: PlacedLog, args: EventArgs<"Constitution", "ValueSet">): void {
    const { parameter, team, version, value, by } = args;
    const rule = "policy-change";
    const now = log.blockTimestamp;
    const known = requireInBounds(log, parameter, value);
    const before = values.get(keyOf(parameter, team));
    context.requireEqual("policy-parameter", log, "version", (before?.version ?? 0) + 1, version);
    if (known !== undefined) {
      requireNotLooser(log, known, parameter, team, value);
      const change = pendingAt(log, parameter, team);
      const due = change?.value === value && now >= change.enactableFrom;
      if (due) {
        const enough = change.consents >= change.required;
        context.require(enough, "policy-consent", log, `${change.required} consents`, change.consents);
        pending.delete(keyOf(parameter, team));
      } else {
        // At once, only a team's own value may be set, by its anchor, and to what is stricter.
        const applies = effective(team, parameter) ?? value;
        const atOnce = team !== 0 && isAnchor(team, by, now) && stricterOf(known, value, applies) === value;
        context.require(atOnce, rule, log, "a change that was announced, and has waited", `${value} by ${by}`);
      }
    }
    values.set(keyOf(parameter, team), { value, version });
  }

  function rateSet(log: PlacedLog, args: EventArgs<"Constitution", "RateSet">): void {
    const rule = "policy-rate";
    world.requireMayCall(log, args.by, selectors.setRate);
    const allowed = bounds.get(args.asset);
    const inside = allowed !== undefined && args.rate >= allowed.minimum && args.rate <= allowed.maximum;
    context.require(inside, rule, log, `a rate in [${allowed?.minimum}, ${allowed?.maximum}]`, args.rate);
    const [now, until] = [log.blockTimestamp, BigInt(args.validUntil)];
    const latest = now + MAX_VALIDITY_SECONDS;
    context.require(until > now && until <= latest, rule, log, `valid until (${now}, ${latest}]`, until);
  }

  return {
    apply(event) {
      const { log } = event;
      switch (event.eventName) {
        case "ParameterDefined": {
          const { parameter, value, by } = event.args;
          world.requireMayCall(log, by, selectors.define);
          context.require(!terms.has(parameter), "policy-parameter", log, "a new parameter", parameter);
          terms.set(parameter, event.args.terms);
          values.set(keyOf(parameter, 0), { value, version: 1 });
          requireInBounds(log, parameter, value);
          return;
        }
        case "ChangeProposed": {
          proposed(log, event.args);
          return;
        }
        case "ChangeConsented": {
          consented(log, event.args);
          return;
        }
        case "ChangeCancelled": {
          cancelled(log, event.args);
          return;
        }
        case "ValueSet": {
          valueSet(log, event.args);
          return;
        }
        case "AssetDefined": {
          const { asset, minimumRate, maximumRate, by } = event.args;
          world.requireMayCall(log, by, selectors.defineAsset);
          const valid = !bounds.has(asset) && minimumRate > 0n && minimumRate <= maximumRate;
          context.require(valid, "policy-rate", log, "bounds that are set once", `${minimumRate} to ${maximumRate}`);
          bounds.set(asset, { minimum: minimumRate, maximum: maximumRate });
          return;
        }
        case "RateSet": {
          rateSet(log, event.args);
          return;
        }
        case "TeamsWired": {
          world.requireMayCall(log, event.args.by, selectors.wire);
          return;
        }
        default: // changes nothing that a rule reads
          return;
      }
    },
    effective,
  };
}
