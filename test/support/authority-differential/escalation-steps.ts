/** Random steps with escalations of calls that cross a limit. */
import { AbiCoder, keccak256 } from "ethers";

import type { Hex } from "../../../src/core/hex.ts";
import {
  approveEscalation,
  openEscalation,
  opensAt,
  rejectEscalation,
  withdrawEscalation,
} from "../../../src/org/accountability/escalation.ts";
import { decideCall } from "../../../src/org/authority/decide-call.ts";
import { operationKey, type Call } from "../../../src/org/authority/state.ts";
import { effectiveOf } from "../../../src/org/policy/constitution.ts";
import { someData } from "./call-data.ts";
import { reason } from "./scenery.ts";
import { stepOf, type Expected, type Step, type StepContext } from "./step.ts";
import {
  effectiveGrants,
  everyGrant,
  liveUntilIn,
  withEscalation,
  type OpenedEscalation,
  type World,
} from "./world.ts";

export function escalateSomething(context: StepContext, world: World, now: number): Step | undefined {
  const random = context.random;
  const live = liveUntilIn(world.authority);
  const known = [...world.escalations.values()].slice(-6);
  const way = random.next();
  if (known.length === 0 || way < 0.4) return openSomeEscalation(context, world, now);
  const opened = mostlyPending(context, known);
  const { call, escalation, path } = opened;
  const operation = operationOf(call);
  const settle = (made: string, from: Hex, args: readonly unknown[], change: ReturnType<typeof withdrawEscalation>) =>
    stepOf(
      context,
      made,
      from,
      "escalations",
      args,
      change.done
        ? { world: withEscalation(world, { ...opened, escalation: change.escalation }) }
        : { error: change.error },
    );
  if (way < 0.44) {
    return settle("withdraw", call.caller, [call.target, call.data], withdrawEscalation(escalation, live, now));
  }
  const open = path.map((_, index) => index).filter((index) => opensAt(escalation, index) <= now);
  const position = random.chance(0.8) ? random.pick(open) : random.below(path.length);
  const anchor = world.teams.get(path[position] ?? 0)?.anchor;
  if (anchor === undefined) return undefined;
  const by = { caller: anchor, anchor, position };
  if (way < 0.48) {
    return settle("reject", anchor, [operation, position, reason], rejectEscalation(escalation, by, live, now));
  }
  const usableSeconds = Number(effectiveOf(world.parameters["escalation.usableSeconds"], opened.team));
  const change = approveEscalation(escalation, by, { usableSeconds, liveUntil: live }, now);
  return settle("approve", anchor, [operation, position, reason], change);
}

function openSomeEscalation(context: StepContext, world: World, now: number): Step | undefined {
  const random = context.random;
  const state = { ...world.authority, approvals: new Map<string, number>() };
  const given = random.chance(0.9) ? effectiveGrants(state, now) : everyGrant(state);
  if (given.length === 0) return undefined;
  const calls = Array.from({ length: 12 }, () => {
    const [caller = "0x", target = "0x", selector = "0x"] = random.pick(given);
    return { caller, target, data: someData(random, state, { caller, target, selector }, now) };
  });
  // One that crosses a limit, where there is one among some.
  const crossing = calls.filter((each) => {
    const decided = decideCall(state, each, now);
    return !decided.passes && decided.because === "limit";
  });
  const call = crossing.length > 0 && random.chance(0.9) ? random.pick(crossing) : random.pick(calls);
  const { caller, target } = call;
  const expected = ((): Expected => {
    const decided = decideCall(state, call, now);
    if (decided.passes && decided.by !== "role") return { error: "EscalationsNothingCrossed" };
    if (decided.passes || decided.because !== "limit") return { error: "EscalationsCallerDenied" };
    const { team } = decided.check;
    const path = world.teams.get(team)?.path ?? [];
    const deadlineSeconds = Number(effectiveOf(world.parameters["escalation.deadlineSeconds"], team));
    const former = world.escalations.get(operationKey(call))?.escalation;
    const request = { requester: caller, deadlineSeconds, pathLength: path.length };
    const change = openEscalation(former, request, liveUntilIn(world.authority), now);
    if (!change.done) return { error: change.error };
    return { world: withEscalation(world, { call, team, path, escalation: change.escalation }) };
  })();
  return stepOf(context, "open", caller, "escalations", [target, call.data, reason, reason], expected);
}

function mostlyPending({ random }: StepContext, known: readonly OpenedEscalation[]): OpenedEscalation {
  const pending = known.filter(({ escalation }) => escalation.status === "Pending");
  return pending.length > 0 && random.chance(0.8) ? random.pick(pending) : random.pick(known);
}

function operationOf({ caller, target, data }: Call): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], [caller, target, data]));
}
