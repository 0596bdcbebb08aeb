/** Random steps with tasks, grants and anchors' lives, and calls by what was granted. */
import type { Hex } from "../../../src/core/hex.ts";
import { executedEscalation } from "../../../src/org/accountability/escalation.ts";
import { decideCall } from "../../../src/org/authority/decide-call.ts";
import { endGrant, giveGrant } from "../../../src/org/authority/grant-life.ts";
import { operationKey, type AuthorityState, type Call } from "../../../src/org/authority/state.ts";
import { endTask, openTask, setAnchorLiveness } from "../../../src/org/authority/task-life.ts";
import { taskStatusAt } from "../../../src/org/authority/verdict.ts";
import { someData } from "./call-data.ts";
import { reason, selectors, teamNumbers } from "./scenery.ts";
import { day } from "./stage.ts";
import { afterChange, anybody, mostly, stepOf, type Expected, type Step, type StepContext } from "./step.ts";
import { approvedCalls, authorityAt, effectiveGrants, everyGrant, withEscalation, type World } from "./world.ts";

export function openSomeTask(context: StepContext, world: World, now: number): Step | undefined {
  const random = context.random;
  const team = random.chance(0.95) ? random.pick(teamNumbers) : 9;
  const caller = mostly(context, world.teams.get(team)?.anchor ?? anybody(context));
  const liveUntil = world.authority.anchors.get(caller) ?? 0;
  const deadline = Math.max(
    0,
    random.pick([
      now + 600,
      ...[1, 3, 9].map((days) => Math.min(now + days * day, liveUntil)),
      liveUntil,
      liveUntil + 1,
    ]),
  );
  const expected = afterChange(world, openTask(world.authority, { caller, team, deadline }, now));
  return stepOf(context, "openTask", caller, "authority", [team, reason, deadline], expected);
}

export function endSomeTask(context: StepContext, world: World, now: number): Step | undefined {
  const { tasks } = world.authority;
  if (tasks.size === 0) return undefined;
  const task = recentTask(context, tasks.size);
  const caller = mostly(context, tasks.get(task)?.anchor ?? anybody(context));
  const completes = context.random.chance(0.5);
  const status = completes ? "Completed" : "Failed";
  const expected = afterChange(world, endTask(world.authority, { caller, task, status }, now));
  if (completes) return stepOf(context, "completeTask", caller, "authority", [task], expected);
  return stepOf(context, "failTask", caller, "authority", [task, reason], expected);
}

/** Mostly a task that is open. */
function openOrRecentTask(context: StepContext, { authority }: World, now: number): number {
  const open = [...authority.tasks].filter(([, task]) => taskStatusAt(task, now) === "Open").map(([id]) => id);
  return open.length > 0 && context.random.chance(0.9)
    ? context.random.pick(open)
    : recentTask(context, authority.tasks.size);
}

/** One of the latest tasks. */
function recentTask(context: StepContext, count: number): number {
  return Math.max(1, count - context.random.below(Math.min(count, 14)));
}

export function giveSomeGrant(context: StepContext, world: World, now: number): Step | undefined {
  const random = context.random;
  if (world.authority.tasks.size === 0) return undefined;
  const caller = mostly(context, random.pick(context.stage.people.granters));
  const task = openOrRecentTask(context, world, now);
  const deadline = world.authority.tasks.get(task)?.deadline ?? now;
  const grantee = random.pick(context.stage.people.agents);
  const target = random.pick(context.targets);
  const selector = random.pick(selectors);
  const notBefore = random.pick([0, 0, 0, 0, now, now + 60, now + 7_200]);
  const notAfter = Math.max(0, random.pick([deadline, deadline, deadline, now + 3_600, now + day, deadline + 1, now]));
  const uses = random.pick([0, 0, 1, 1, 2, 5, 65_535]);
  const cap = random.pick([0n, 0n, 0n, 0n, 1n, random.belowBig(10n ** 9n), 2n ** 48n - 1n]);
  const request = { task, grantee, target, selector, notBefore, notAfter, uses, cap };
  const expected = afterChange(world, giveGrant(world.authority, { caller, ...request }, now));
  return stepOf(context, "grant", caller, "authority", [request], expected);
}

export function endSomeGrant(context: StepContext, world: World, now: number): Step | undefined {
  const random = context.random;
  const effective = random.chance(0.8) ? effectiveGrants(world.authority, now) : [];
  const [grantee = "0x", target = "0x", selector = "0x"] =
    effective.length > 0
      ? random.pick(effective)
      : [random.pick(context.stage.people.agents), random.pick(context.targets), random.pick(selectors)];
  const caller = mostly(
    context,
    random.pick([grantee, ...context.stage.people.granters, ...context.stage.people.anchors]),
  );
  const expected = afterChange(world, endGrant(world.authority, { caller, grantee, target, selector }, now));
  return stepOf(context, "endGrant", caller, "authority", [grantee, target, selector], expected);
}

export function setSomeLiveness(context: StepContext, world: World, now: number): Step | undefined {
  const random = context.random;
  const anchor = random.pick(context.stage.people.anchors);
  const present = world.authority.anchors.get(anchor) ?? 0;
  const longer = Math.max(present, now) + random.below(12) * day;
  const until = random.chance(0.15) ? random.pick([0, now, now + 1, Math.max(0, present - day)]) : longer;
  return livenessStep(context, world, now, anchor, until);
}

export function livenessStep(context: StepContext, world: World, now: number, anchor: Hex, liveUntil: number): Step {
  const authority = setAnchorLiveness(world.authority, anchor, liveUntil, now);
  const { liveness } = context.stage.people;
  return stepOf(context, "setAnchorLiveness", liveness, "authority", [anchor, liveUntil], {
    world: { ...world, authority },
  });
}

/** A call to a target that asks the authority, as any AccessManaged does. */
export function callSomething(context: StepContext, world: World, now: number): Step | undefined {
  const random = context.random;
  const state = authorityAt(world, now);
  const given = random.chance(0.85) ? effectiveGrants(state, now) : everyGrant(state);
  const isKnown = given.length > 0 && random.chance(0.95);
  const [caller = "0x", target = "0x", selector = "0x"] = isKnown
    ? random.pick(given)
    : [anybody(context), random.pick(context.targets), random.pick(selectors)];
  const approved = random.chance(0.2) ? approvedCalls(world, now) : [];
  const call: Call =
    approved.length > 0
      ? random.pick(approved)
      : { caller, target, data: someData(random, state, { caller, target, selector }, now) };
  if (!context.stage.withCode.includes(call.target)) return undefined;
  return {
    name: "call",
    from: call.caller,
    to: call.target,
    data: call.data,
    expected: afterCall(world, state, call, now),
  };
}

function afterCall(world: World, state: AuthorityState, call: Call, now: number): Expected {
  const decided = decideCall(state, call, now);
  if (decided.passes) {
    const authority = { ...decided.next, approvals: world.authority.approvals };
    const called = { ...world, authority };
    if (decided.by !== "approval") return { world: called };
    const opened = world.escalations.get(operationKey(call));
    if (opened === undefined) throw new Error("approved without an escalation");
    return { world: withEscalation(called, { ...opened, escalation: executedEscalation(opened.escalation) }) };
  }
  if (decided.because === "limit") return { error: "AuthorityOutsideLimits" };
  const isDelayed = decided.because === "verdict" && decided.verdict === "RoleDelayed";
  return { error: isDelayed ? "AccessManagerNotScheduled" : "AccessManagedUnauthorized" };
}
