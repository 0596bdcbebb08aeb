import { encodeAbiParameters, keccak256, parseAbiParameters, toFunctionSelector } from "viem";
import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import type { ActionFacts } from "./limit-check.ts";
import type { RuleContext } from "./rule-context.ts";

/** The history of an action catalog. */
export interface CatalogReplay {
  apply(event: EventOf<"ActionCatalog">): void;
  /** Facts that the catalog gave the action last, and in which transaction. */
  facts(target: Hex, selector: Hex): { readonly facts: ActionFacts; readonly transaction: Hex } | undefined;
  /** Hash of the capability's last version, and its transaction. */
  capability(capability: Hex): { readonly hash: Hex; readonly transaction: Hex } | undefined;
}

const MAX_ACTIONS = 16;
const PERCENT = 100;
const nothing: ActionFacts = { impact: 0, scope: 0, reversibility: 0, fixedImpact: 0, amountWord: 0, assetWord: 0 };

const registration = "(address,string,uint8,uint48,uint8,uint8,bytes32,uint8,address,bytes4)";
const selectors = {
  register: toFunctionSelector(`registerAction(${registration},bytes32)`),
  retire: toFunctionSelector("retireAction(address,bytes4,bytes32)"),
  define: toFunctionSelector("defineCapability(bytes32,(address,bytes4)[],bytes32)"),
} as const;
const actionList = parseAbiParameters("(address target, bytes4 selector)[]");

export function replayCatalog(
  context: RuleContext,
  requireMayCall: (log: PlacedLog, by: Hex, selector: Hex) => void,
): CatalogReplay {
  const actions = new Map<string, { facts: ActionFacts; version: number; transaction: Hex }>();
  const capabilities = new Map<Hex, { hash: Hex; version: number; transaction: Hex }>();
  const scopes: Hex[] = [];
  const rule = "policy-catalog";
  const keyOf = (target: Hex, selector: Hex): string => `${target} ${selector}`;

  function registered(log: PlacedLog, args: EventArgs<"ActionCatalog", "ActionRegistered">): void {
    const { target, selector, version, registration: told } = args;
    const key = keyOf(target, selector);
    context.requireEqual(rule, log, "version", (actions.get(key)?.version ?? 0) + 1, version);
    context.requireEqual(rule, log, "selector", keccak256Text(told.signature).slice(0, 10), selector);
    context.requireEqual(rule, log, "target", told.target, target);
    const percent = told.reversibility <= PERCENT;
    context.require(percent, rule, log, "a reversibility of at most 100 percent", told.reversibility);
    const scope = scopes.indexOf(told.scope);
    context.require(scope !== -1, rule, log, "a scope that has a number", told.scope);
    const { impact, reversibility, fixedImpact, amountWord, assetWord } = told;
    const facts = { impact, scope, reversibility, fixedImpact, amountWord, assetWord };
    actions.set(key, { facts, version, transaction: log.transaction });
  }

  function defined(log: PlacedLog, args: EventArgs<"ActionCatalog", "CapabilityDefined">): void {
    const { capability, version, actions: list } = args;
    const capabilityRule = "policy-capability";
    context.requireEqual(capabilityRule, log, "version", (capabilities.get(capability)?.version ?? 0) + 1, version);
    const keys = list.map(({ target, selector }) => keyOf(target, selector));
    const distinct = new Set(keys).size === keys.length && keys.length >= 1 && keys.length <= MAX_ACTIONS;
    context.require(distinct, capabilityRule, log, `1 to ${MAX_ACTIONS} different actions`, `${keys.length}`);
    const unlisted = keys.filter((key) => (actions.get(key)?.facts.impact ?? nothing.impact) === nothing.impact);
    context.require(unlisted.length === 0, capabilityRule, log, "actions that are listed", unlisted.join(", "));
    const hash = keccak256(encodeAbiParameters(actionList, [list]));
    capabilities.set(capability, { hash, version, transaction: log.transaction });
  }

  return {
    apply(event) {
      const { log } = event;
      switch (event.eventName) {
        case "ScopeNamed": {
          requireMayCall(log, event.args.by, selectors.register); // whoever may, may name a scope by itself as well
          context.requireEqual(rule, log, "scope", scopes.length, event.args.scope);
          context.require(!scopes.includes(event.args.name), rule, log, "a new name", event.args.name);
          scopes.push(event.args.name);
          return;
        }
        case "ActionRegistered": {
          requireMayCall(log, event.args.by, selectors.register);
          registered(log, event.args);
          return;
        }
        case "ActionRetired": {
          const { target, selector, version, by } = event.args;
          requireMayCall(log, by, selectors.retire);
          const before = actions.get(keyOf(target, selector));
          const listed = before !== undefined && before.facts.impact !== nothing.impact;
          context.require(listed, rule, log, "an action that is listed", selector);
          context.requireEqual(rule, log, "version", (before?.version ?? 0) + 1, version);
          actions.set(keyOf(target, selector), { facts: nothing, version, transaction: log.transaction });
          return;
        }
        case "CapabilityDefined": {
          requireMayCall(log, event.args.by, selectors.define);
          defined(log, event.args);
          return;
        }
        default: // changes nothing that a rule reads
          return;
      }
    },
    facts: (target, selector) => actions.get(keyOf(target, selector)),
    capability: (capability) => capabilities.get(capability),
  };
}
