import type { PlacedLog } from "../reader/verified-block.ts";
import type { AuditedEvent, EventArgs } from "./audited-event.ts";
import type { CatalogReplay } from "./catalog-replay.ts";
import type { ActionFacts, Cone } from "./limit-check.ts";
import type { LimitReplay } from "./limit-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import { contains, type TeamReplay } from "./team-replay.ts";

/** What is compared: the authority's state with what the policy contracts decided. */
export interface PolicyWriteWorld {
  readonly limits: LimitReplay;
  readonly teams: () => TeamReplay | undefined;
  readonly catalog: () => CatalogReplay | undefined;
}

/** Holds what the authority enforces against what the policy contracts decided, transaction by transaction. */
export interface PolicyWrites {
  /** Before an event is applied: what the transaction before it left is judged. */
  before(event: AuditedEvent): void;
  /** After it was applied. */
  after(event: AuditedEvent): void;
  end(): void;
}

function factsText({ impact, scope, reversibility, fixedImpact, amountWord, assetWord }: ActionFacts): string {
  return [impact, scope, reversibility, fixedImpact, amountWord, assetWord].join("/");
}

function coneText({ maxImpact, scopes, minReversibility }: Cone): string {
  return [maxImpact, scopes, minReversibility].join("/");
}

export function checkPolicyWrites(context: RuleContext, world: PolicyWriteWorld): PolicyWrites {
  const rule = "authority-policy-write";
  let last: PlacedLog | undefined;
  let changed = false;
  /** Rates that the constitution set in the running transaction. */
  let rates = new Set<string>();

  function rateText({ asset, rate, validUntil }: EventArgs<"Authority" | "Constitution", "RateSet">): string {
    return `${asset} ${rate} ${validUntil}`;
  }

  /** No team's limits in the authority are looser than its cone. */
  function judge(): void {
    const teams = world.teams();
    if (!changed || last === undefined || teams === undefined) return;
    for (const team of teams.all()) {
      const [own, enforced] = [teams.coneOf(team), world.limits.team(team)];
      if (own === undefined || enforced === undefined) continue;
      const strict = contains(own, enforced) && enforced.anchor === own.anchor;
      const told = `team ${team}: ${enforced.anchor} ${coneText(enforced)}`;
      context.require(strict, "policy-cone", last, `within ${own.anchor} ${coneText(own)}`, told);
    }
  }

  function checkWrite(event: Extract<AuditedEvent, { kind: "Authority" }>): void {
    const { log } = event;
    switch (event.eventName) {
      case "ActionFactsSet": {
        const { target, selector, facts } = event.args;
        const told = world.catalog()?.facts(target, selector);
        const expected = told?.transaction === log.transaction ? factsText(told.facts) : "none";
        context.requireEqual(rule, log, "facts from the catalog", expected, factsText(facts));
        return;
      }
      case "CapabilitySet": {
        const told = world.catalog()?.capability(event.args.capability);
        const expected = told?.transaction === log.transaction ? told.hash : "none";
        context.requireEqual(rule, log, "the capability's hash", expected, event.args.actionsHash);
        return;
      }
      case "RateSet": {
        const told = rates.has(rateText(event.args));
        context.require(told, rule, log, "a rate from the constitution", rateText(event.args));
        return;
      }
      case "TeamLimitsSet": {
        const { team, anchor, limits } = event.args;
        const own = world.teams()?.coneOf(team);
        const expected = own === undefined ? "none" : `${own.anchor} ${coneText(own)}`;
        context.requireEqual(rule, log, `team ${team}`, expected, `${anchor} ${coneText(limits)}`);
        return;
      }
      default: // is no write of a policy contract
        return;
    }
  }

  return {
    before({ log }) {
      if (last?.transaction === log.transaction) return;
      judge();
      changed = false;
      rates = new Set();
    },
    after(event) {
      last = event.log;
      if (event.kind === "Constitution" && event.eventName === "RateSet") rates.add(rateText(event.args));
      if (event.kind === "Authority") checkWrite(event);
      const limits = event.eventName === "TeamLimitsSet";
      changed ||= limits || event.kind === "Teams" || event.kind === "Constitution";
    },
    end: judge,
  };
}
