import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { asciiWordOf } from "../ascii-word.ts";
import { escalationPath } from "./escalation-path.ts";
import {
  triggerNames,
  type ActionDefinition,
  type NamedCone,
  type Organization,
  type TeamDefinition,
  type TriggerName,
} from "./organization.ts";
import { scopeBits, scopeNumbers } from "./scope-numbers.ts";
import { foundingTier, tierCones } from "./tier-cones.ts";

/** `ITeams.Cone`. */
export interface ConeArgument {
  readonly maxImpact: number;
  readonly scopes: number;
  readonly minReversibility: number;
}

/** `IActionCatalog.Action`. */
export interface ActionArgument {
  readonly target: Hex;
  readonly selector: Hex;
}

/** `IActionCatalog.Registration`. */
export interface RegistrationArgument {
  readonly target: Hex;
  readonly signature: string;
  /** `IAuthorityLimits.ImpactKind`. */
  readonly impact: number;
  readonly fixedImpact: number;
  readonly amountWord: number;
  readonly assetWord: number;
  readonly scope: Hex;
  readonly reversibility: number;
  readonly inverseTarget: Hex;
  readonly inverseSelector: Hex;
}

/** A call that founds a part of an organization, as plain data: contract, function, arguments in the order of the interface. */
export type FoundingCall =
  | {
      readonly contract: "ActionCatalog";
      readonly functionName: "nameScope";
      readonly args: readonly [Hex];
    }
  | {
      readonly contract: "ActionCatalog";
      readonly functionName: "registerAction";
      readonly args: readonly [RegistrationArgument, Hex];
    }
  | {
      readonly contract: "ActionCatalog";
      readonly functionName: "defineCapability";
      readonly args: readonly [Hex, readonly ActionArgument[], Hex];
    }
  | {
      readonly contract: "Teams";
      readonly functionName: "openTeam";
      readonly args: readonly [Hex, Hex, readonly ConeArgument[], number, readonly number[], number, Hex];
    }
  | {
      readonly contract: "Teams";
      readonly functionName: "setPath";
      readonly args: readonly [number, readonly number[], Hex];
    };

/** What is not in the file. */
export interface FoundingInput {
  readonly organization: Organization;
  /** Account of the live anchor of each team, by the team's id. */
  readonly anchors: Readonly<Record<string, Hex>>;
  /** Addresses of the targets that actions name, by name; a target that is an address stands for itself. */
  readonly targets: Readonly<Record<string, Hex>>;
  /** Names of the scopes that the catalog knows already, by number. */
  readonly knownScopes: readonly string[];
  /** Hash of the document that says why: the organization's file. */
  readonly reason: Hex;
}

export type FoundingPlan =
  | {
      readonly planned: true;
      readonly calls: readonly FoundingCall[];
      /** Number of each team in the contract Teams, by id. */
      readonly teamNumbers: Readonly<Record<string, number>>;
    }
  | {
      readonly planned: false;
      readonly missing: readonly { readonly kind: "anchor" | "target"; readonly name: string }[];
    };

const impactKinds = { none: 1, fixed: 2, amount: 3, assetAmount: 4 } as const;
const noAddress: Hex = "0x0000000000000000000000000000000000000000";
const noSelector: Hex = "0x00000000";
const rootNumber = 1;

/**
 * The calls that found a checked organization on contracts that have no team yet, in the order in which they succeed: names of
 * scopes first, because cones hold their numbers; then actions; then capabilities; then teams, the root first; then the paths
 * that name a team that was opened later.
 */
export function foundingCalls(input: FoundingInput): FoundingPlan {
  const { organization, anchors, reason } = input;
  const missing = missingOf(input);
  if (missing.length > 0) return { planned: false, missing };

  const scopes = scopeNumbers(input.knownScopes, organization);
  const known = new Set(input.knownScopes);
  const names = [...scopes.keys()].filter((scope) => !known.has(scope));
  const naming = names.map((scope): FoundingCall => {
    return { contract: "ActionCatalog", functionName: "nameScope", args: [asciiWordOf(scope)] };
  });
  const order = openingOrder(organization);
  const teamNumbers = Object.fromEntries(order.map(({ id }, index) => [id, rootNumber + index]));
  const numbersOf = (team: TeamDefinition): number[] =>
    escalationPath(organization, team).path.map((id) => teamNumbers[id] ?? 0);

  const opened = new Set<number>();
  const teams: FoundingCall[] = [];
  const paths: FoundingCall[] = [];
  for (const team of order) {
    const number = teamNumbers[team.id] ?? 0;
    opened.add(number);
    const path = numbersOf(team);
    const isOpen = path.every((each) => opened.has(each));
    const place = asciiWordOf(team.place);
    const cones = tierCones(team.cone).map((cone) => coneArgument(cone, scopes));
    const anchor = anchors[team.id] ?? noAddress;
    const first = isOpen ? path : [rootNumber];
    const args = [place, anchor, cones, foundingTier, first, triggerBits(team.triggers), reason] as const;
    teams.push({ contract: "Teams", functionName: "openTeam", args });
    if (!isOpen) paths.push({ contract: "Teams", functionName: "setPath", args: [number, path, reason] });
  }
  return {
    planned: true,
    calls: [...naming, ...catalogCalls(input), ...teams, ...paths],
    teamNumbers,
  };
}

function missingOf({ organization, anchors, targets }: FoundingInput): { kind: "anchor" | "target"; name: string }[] {
  const unanswered = organization.teams.map(({ id }) => id).filter((id) => anchors[id] === undefined);
  const named = organization.actions.flatMap(({ target, inverse }) => [target, ...(inverse ? [inverse.target] : [])]);
  const unknown = [...new Set(named)].filter((name) => targetOf(name, targets) === undefined);
  return [
    ...unanswered.map((name) => ({ kind: "anchor" as const, name })),
    ...unknown.map((name) => ({ kind: "target" as const, name })),
  ];
}

/** The root, then each team as soon as its path is open; teams that wait for each other in the organization's order. */
function openingOrder(organization: Organization): TeamDefinition[] {
  const order = organization.teams.filter(({ id }) => id === organization.root);
  let waiting = organization.teams.filter(({ id }) => id !== organization.root);
  while (waiting.length > 0) {
    const open = new Set(order.map(({ id }) => id));
    const next =
      waiting.find((team) => escalationPath(organization, team).path.every((id) => open.has(id))) ?? waiting[0];
    if (next === undefined) break;
    order.push(next);
    waiting = waiting.filter((team) => team !== next);
  }
  return order;
}

function catalogCalls({ organization, targets, reason }: FoundingInput): FoundingCall[] {
  const addressOf = (target: string): Hex => targetOf(target, targets) ?? noAddress;
  const registrations = organization.actions.map((action): FoundingCall => {
    const args = [registrationArgument(action, addressOf), reason] as const;
    return { contract: "ActionCatalog", functionName: "registerAction", args };
  });
  const capabilities = organization.capabilities.map(({ name, actions }): FoundingCall => {
    const list = actions.map(({ target, signature }) => ({
      target: addressOf(target),
      selector: selectorOf(signature),
    }));
    return { contract: "ActionCatalog", functionName: "defineCapability", args: [asciiWordOf(name), list, reason] };
  });
  return [...registrations, ...capabilities];
}

function registrationArgument(action: ActionDefinition, addressOf: (target: string) => Hex): RegistrationArgument {
  const { impact, inverse } = action;
  return {
    target: addressOf(action.target),
    signature: action.signature,
    impact: impactKinds[impact.kind],
    fixedImpact: impact.kind === "fixed" ? Number(impact.amount) : 0,
    amountWord: impact.kind === "amount" || impact.kind === "assetAmount" ? impact.amountWord : 0,
    assetWord: impact.kind === "assetAmount" ? impact.assetWord : 0,
    scope: asciiWordOf(action.scope),
    reversibility: action.reversibility,
    inverseTarget: inverse === null ? noAddress : addressOf(inverse.target),
    inverseSelector: inverse === null ? noSelector : selectorOf(inverse.signature),
  };
}

function coneArgument(cone: NamedCone, scopes: ReadonlyMap<string, number>): ConeArgument {
  return {
    maxImpact: Number(cone.maxImpact), // 48 bits fit a double exactly
    scopes: scopeBits(cone.scopes, scopes),
    minReversibility: cone.minReversibility,
  };
}

function triggerBits(triggers: readonly TriggerName[]): number {
  return triggers.reduce((bits, trigger) => bits | (1 << triggerNames.indexOf(trigger)), 0);
}

function targetOf(target: string, targets: Readonly<Record<string, Hex>>): Hex | undefined {
  return /^0x[0-9a-fA-F]{40}$/.test(target) ? `0x${target.slice(2)}` : targets[target];
}

function selectorOf(signature: string): Hex {
  return `0x${keccak256Text(signature).slice(2, 10)}`;
}
