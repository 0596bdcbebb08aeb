/** Random steps with what a function is: its role, granters, facts, target and members. */
import type { Hex } from "../../../src/core/hex.ts";
import {
  actionKey,
  actionOf,
  impactKinds,
  memberKey,
  withEntry,
  type Action,
  type ActionFacts,
} from "../../../src/org/authority/state.ts";
import { assets, GRANT, granterRole, memberRoles, PUBLIC, reason, selectors } from "./scenery.ts";
import { day } from "./stage.ts";
import { stepOf, type Step, type StepContext } from "./step.ts";
import { effectiveGrants, type World } from "./world.ts";

export function setSomeFacts(context: StepContext, world: World, now: number): Step {
  const random = context.random;
  const effective = random.chance(0.5) ? effectiveGrants(world.authority, now) : [];
  const [target = "0x", selector = "0x"] =
    effective.length > 0 ? random.pick(effective).slice(1) : [random.pick(context.targets), random.pick(selectors)];
  return factsStep(context, world, target, selector, someFacts(context, 0.15));
}

export function someFacts(context: StepContext, unlistedChance: number): ActionFacts {
  const random = context.random;
  const none = { scope: 0, reversibility: 0, fixedImpact: 0n, amountWord: 0, assetWord: 0 };
  if (random.chance(unlistedChance)) return { impact: "Unlisted", ...none };
  const impact = random.pick(["None", "None", "Fixed", "Amount", "Amount", "AssetAmount", "AssetAmount"] as const);
  const hasAmount = impact === "Amount" || impact === "AssetAmount";
  return {
    impact,
    scope: random.pick([0, 0, 1, 1, 2, 30, 31]),
    reversibility: random.pick([0, 30, 50, 60, 60, 99, 100, 100]),
    fixedImpact: impact === "Fixed" ? random.pick([1n, 10n ** 6n, 10n ** 8n, 2n ** 48n - 1n]) : 0n,
    amountWord: hasAmount ? random.pick([0, 1, 3, random.below(12)]) : 0,
    assetWord: impact === "AssetAmount" ? random.pick([0, 1, 2, random.below(12)]) : 0,
  };
}

export function factsStep(context: StepContext, world: World, target: Hex, selector: Hex, facts: ActionFacts): Step {
  const args = [target, selector, { ...facts, impact: impactKinds.indexOf(facts.impact) }];
  const expected = { world: withAction(world, target, selector, { facts }) };
  return stepOf(context, "setActionFacts", context.stage.people.admin, "authority", args, expected);
}

export function setSomeRole(context: StepContext, world: World): Step | undefined {
  const random = context.random;
  const otherwise = [...world.authority.actions].filter(([, { role }]) => role !== GRANT).map(([key]) => key);
  // Not more than a few at a time: most functions are to stay under grants.
  const [target = "0x", selector = "0x"] =
    otherwise.length > 2
      ? (random.pick(otherwise).split("/") as Hex[])
      : [random.pick(context.targets), random.pick(selectors)];
  const role = otherwise.length > 2 ? GRANT : random.pick([PUBLIC, 0n, ...memberRoles, ...memberRoles]);
  return roleStep(context, world, target, selector, role);
}

export function roleStep(context: StepContext, world: World, target: Hex, selector: Hex, role: bigint): Step {
  const expected = { world: withAction(world, target, selector, { role }) };
  return stepOf(
    context,
    "setTargetFunctionRole",
    context.stage.people.admin,
    "authority",
    [target, [selector], role],
    expected,
  );
}

export function setSomeGranter(context: StepContext, world: World): Step | undefined {
  const random = context.random;
  const role = random.chance(0.9) ? granterRole : 0n;
  return granterStep(context, world, random.pick(context.targets), random.pick(selectors), role);
}

export function granterStep(context: StepContext, world: World, target: Hex, selector: Hex, role: bigint): Step {
  const expected = { world: withAction(world, target, selector, { granterRole: role }) };
  return stepOf(
    context,
    "setActionGranter",
    context.stage.people.admin,
    "authority",
    [target, selector, role],
    expected,
  );
}

function withAction(world: World, target: Hex, selector: Hex, changes: Partial<Action>): World {
  const action = { ...actionOf(world.authority, target, selector), ...changes };
  const actions = withEntry(world.authority.actions, actionKey(target, selector), action);
  return { ...world, authority: { ...world.authority, actions } };
}

export function closeOrReopen(context: StepContext, world: World): Step | undefined {
  const closed = [...world.authority.closedTargets];
  const target = closed[0] ?? context.random.pick(context.targets);
  const isClosed = closed.length > 0;
  if (!isClosed && context.random.chance(0.5)) return undefined;
  const closedTargets = new Set(isClosed ? closed.slice(1) : [target]);
  const expected = { world: { ...world, authority: { ...world.authority, closedTargets } } };
  return stepOf(context, "setTargetClosed", context.stage.people.admin, "authority", [target, !isClosed], expected);
}

/** Joins a role at once, with or without a delay, or leaves it. */
export function joinOrLeave(context: StepContext, world: World, now: number): Step | undefined {
  const random = context.random;
  const [role, account] = [random.pick(memberRoles), random.pick(context.stage.people.agents)];
  const key = memberKey(role, account);
  const members = new Map(world.authority.members);
  const isMember = members.delete(key);
  const executionDelay = random.pick([0, 0, 3_600]);
  if (!isMember) members.set(key, { since: now, executionDelay });
  const expected = { world: { ...world, authority: { ...world.authority, members } } };
  const { admin } = context.stage.people;
  if (isMember) return stepOf(context, "revokeRole", admin, "authority", [role, account], expected);
  return stepOf(context, "grantRole", admin, "authority", [role, account, executionDelay], expected);
}

export function setSomeRate(context: StepContext, world: World, now: number): Step {
  return rateStep(context, world, now, context.random.pick(assets));
}

export function rateStep(context: StepContext, world: World, now: number, asset: Hex): Step {
  const random = context.random;
  const rate = random.pick([1n, 10n ** 4n, 10n ** 16n, 10n ** 18n, 10n ** 18n + 1n, 10n ** 22n, 2n ** 128n - 1n]);
  const validUntil = now + random.pick([600, 7_200, day, 5 * day, 30 * day]);
  const rates = withEntry(world.authority.rates, asset, { rate, validUntil });
  const expected = { world: { ...world, authority: { ...world.authority, rates } } };
  return stepOf(
    context,
    "setRate",
    context.stage.people.admin,
    "constitution",
    [asset, rate, validUntil, reason],
    expected,
  );
}
