import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { decideCall, type CallDecision } from "./decide-call.ts";
import { GRANT_ROLE } from "./decide-role.ts";
import { endGrant, giveGrant } from "./grant-life.ts";
import {
  actionKey,
  emptyAuthority,
  memberKey,
  operationKey,
  unlisted,
  type ActionFacts,
  type AuthorityState,
  type Limits,
} from "./state.ts";
import { endTask, openTask, setAnchorLiveness, type Change } from "./task-life.ts";

const [caller, target, anchor, granter] = ["0a", "0b", "0c", "0d"].map((each): Hex => `0x${each.repeat(20)}`) as [
  Hex,
  Hex,
  Hex,
  Hex,
];
const selector: Hex = "0x12345678";
const now = 1_000_000;
const end = now + 10_000;
const granterRole = 8n;
const facts: ActionFacts = { ...unlisted, impact: "Amount", scope: 31, reversibility: 50 };
const limits: Limits = { maxImpact: 100n, scopes: 0x80000000, minReversibility: 50 };

interface Setting {
  readonly facts?: Partial<ActionFacts>;
  readonly limits?: Partial<Limits>;
  readonly uses?: number;
  readonly cap?: bigint;
}

function settled(change: Change): AuthorityState {
  if (!change.done) throw new Error(change.error);
  return change.state;
}

const request = { caller: granter, task: 1, grantee: caller, target, selector, notBefore: 0, notAfter: end };

/** One team, one task, one grant. */
function stateOf(setting: Setting = {}): AuthorityState {
  const founded: AuthorityState = {
    ...emptyAuthority,
    actions: new Map([
      [actionKey(target, selector), { role: GRANT_ROLE, granterRole, facts: { ...facts, ...setting.facts } }],
    ]),
    members: new Map([[memberKey(granterRole, granter), { since: 0, executionDelay: 0 }]]),
    anchors: new Map([[anchor, end]]),
    teams: new Map([
      [1, { anchor, limits: { ...limits, ...setting.limits }, impact: { window: 0, used: [0n, 0n, 0n] } }],
    ]),
  };
  const opened = settled(openTask(founded, { caller: anchor, team: 1, deadline: end }, now));
  return settled(giveGrant(opened, { ...request, uses: setting.uses ?? 0, cap: setting.cap ?? 0n }, now));
}

function callOf(amount: bigint) {
  return { caller, target, data: `${selector}${amount.toString(16).padStart(64, "0")}` as Hex };
}

function boundaryOf(decision: CallDecision): string {
  if (decision.passes) return "none";
  return decision.because === "limit" ? decision.check.boundary : decision.because;
}

describe("a call by grant", () => {
  it.each<[string, Setting, bigint, string]>([
    ["at the team's limit", {}, 100n, "none"],
    ["one above it", {}, 101n, "TeamImpact"],
    ["at its own cap", { cap: 60n }, 60n, "none"],
    ["one above its cap", { cap: 60n }, 61n, "GrantCap"],
    ["above both, its cap first", { cap: 200n }, 201n, "GrantCap"],
    ["at the least reversibility", { limits: { minReversibility: 50 } }, 1n, "none"],
    ["below it", { limits: { minReversibility: 51 } }, 1n, "Reversibility"],
    ["outside the scopes", { limits: { scopes: 0x7fffffff } }, 1n, "Scope"],
    ["of an empty set of scopes", { limits: { scopes: 0, minReversibility: 100 } }, 1n, "Scope"],
    ["of scope 32, which no set holds", { facts: { scope: 32 }, limits: { scopes: 0xffffffff } }, 1n, "Scope"],
    ["without impact, where nothing is left", { limits: { maxImpact: 0n } }, 0n, "none"],
    ["of the least impact, where nothing is left", { limits: { maxImpact: 0n } }, 1n, "TeamImpact"],
  ])("%s", (_what, setting, amount, boundary) => {
    expect(boundaryOf(decideCall(stateOf(setting), callOf(amount), now))).toBe(boundary);
  });

  it("names the first boundary that it crosses", () => {
    const state = stateOf({ limits: { scopes: 0, minReversibility: 100, maxImpact: 0n }, cap: 1n });
    const at = (changes: Partial<Limits>, more: Partial<AuthorityState> = {}) => {
      const team = {
        anchor,
        limits: { scopes: 0, minReversibility: 100, maxImpact: 0n, ...changes },
        impact: { window: 0, used: [0n, 0n, 0n] as const },
      };
      return boundaryOf(decideCall({ ...state, teams: new Map([[1, team]]), ...more }, callOf(9n), now));
    };
    const retired = { role: GRANT_ROLE, granterRole, facts: unlisted };
    expect(at({}, { actions: new Map([[actionKey(target, selector), retired]]) })).toBe("Unlisted");
    expect(at({})).toBe("Scope");
    expect(at({ scopes: 0x80000000 })).toBe("Reversibility");
    expect(at({ scopes: 0x80000000, minReversibility: 0 })).toBe("GrantCap");
    const short = { ...callOf(0n), data: `${selector}00` as Hex };
    const open = {
      anchor,
      limits: { ...limits, minReversibility: 0 },
      impact: { window: 0, used: [0n, 0n, 0n] as const },
    };
    expect(boundaryOf(decideCall({ ...state, teams: new Map([[1, open]]) }, short, now))).toBe("Unreadable");
  });

  it("takes a use, and its impact of cap and team", () => {
    const decision = decideCall(stateOf({ uses: 2, cap: 60n }), callOf(40n), now);
    if (!decision.passes) throw new Error("denied");
    expect(decision).toMatchObject({
      by: "grant",
      charge: { uses: 1, impact: 40n },
      canCall: { immediate: false, delay: 1 },
    });
    const then = (amount: bigint) => boundaryOf(decideCall(decision.next, callOf(amount), now));
    expect([then(20n), then(21n)]).toEqual(["none", "GrantCap"]);
    const last = decideCall(decision.next, callOf(20n), now);
    if (!last.passes) throw new Error("denied");
    expect(decideCall(last.next, callOf(0n), now)).toMatchObject({ passes: false, verdict: "GrantUsedUp" });
  });

  it("that changes nothing and has no impact is let through at once", () => {
    const none = { facts: { impact: "None" as const } };
    const immediate = (setting: Setting) => {
      const decision = decideCall(stateOf(setting), callOf(0n), now);
      return decision.passes || decision.because !== "data-too-short" ? decision.canCall : undefined;
    };
    expect(immediate(none)).toEqual({ immediate: true, delay: 0 });
    for (const setting of [{ ...none, uses: 1 }, { ...none, cap: 1n }, {}, { ...none, limits: { scopes: 1 } }]) {
      expect(immediate(setting)).toEqual({ immediate: false, delay: 1 });
    }
  });

  it("passes by approval where it crosses a limit, once, at the price of a use and nothing else", () => {
    const approved = { ...stateOf({ uses: 5 }), approvals: new Map([[operationKey(callOf(500n)), 1]]) };
    const decision = decideCall(approved, callOf(500n), now);
    if (!decision.passes) throw new Error("denied");
    expect(decision).toMatchObject({ by: "approval", charge: { uses: 1, impact: 0n } });
    expect(boundaryOf(decideCall(decision.next, callOf(500n), now))).toBe("TeamImpact");
    expect(decideCall(decision.next, callOf(100n), now)).toMatchObject({ passes: true, by: "grant" });
    expect(boundaryOf(decideCall(approved, callOf(501n), now))).toBe("TeamImpact");
  });

  it("does not pass by what the humans of another team approved", () => {
    const approved = { ...stateOf(), approvals: new Map([[operationKey(callOf(500n)), 2]]) };
    expect(boundaryOf(decideCall(approved, callOf(500n), now))).toBe("TeamImpact");
  });

  it("inside its limits leaves an approval that it does not need", () => {
    const approved = { ...stateOf(), approvals: new Map([[operationKey(callOf(50n)), 1]]) };
    const decision = decideCall(approved, callOf(50n), now);
    expect(decision.passes && decision.next.approvals.size).toBe(1);
  });

  it("is refused from the second in which its grant, task or anchor is over, approval or not", () => {
    const approvals = new Map([500n, 1n].map((amount) => [operationKey(callOf(amount)), 1]));
    const state = { ...stateOf(), approvals };
    const verdict = (from: AuthorityState, time: number) => {
      const decision = decideCall(from, callOf(1n), time);
      return decision.passes || decision.because !== "data-too-short" ? decision.verdict : undefined;
    };
    expect(verdict(state, end - 1)).toBe("Allowed");
    expect(verdict(state, end)).toBe("TaskExpired");
    const completed = settled(endTask(state, { caller: anchor, task: 1, status: "Completed" }, now + 5));
    expect(verdict(completed, now + 5)).toBe("TaskCompleted");
    const ended = settled(endGrant(state, { caller, grantee: caller, target, selector }, now + 5));
    expect(verdict(ended, now + 5)).toBe("GrantEnded");
    expect(verdict(setAnchorLiveness(state, anchor, end - 1, now + 5), now + 5)).toBe("TaskFailed");
    expect(verdict({ ...state, closedTargets: new Set([target]) }, now)).toBe("TargetClosed");
  });

  it("iMO-005: never has less to say where it is split: parts that pass together were no more than the whole may be", () => {
    const amounts = fc.array(fc.bigInt(0n, 60n), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(amounts, fc.option(fc.bigInt(1n, 120n)), (parts, cap) => {
        const whole = parts.reduce((sum, part) => sum + part, 0n);
        const start = stateOf(cap === null ? {} : { cap });
        let state = start;
        const passed = parts.every((part) => {
          const decision = decideCall(state, callOf(part), now);
          if (decision.passes) state = decision.next;
          return decision.passes;
        });
        expect(passed).toBe(decideCall(start, callOf(whole), now).passes);
      }),
    );
  });
});

describe("a call by role", () => {
  const actions = new Map([[actionKey(target, selector), { role: 5n, granterRole: 0n, facts: unlisted }]]);
  const state = (since: number, executionDelay: number): AuthorityState => ({
    ...emptyAuthority,
    actions,
    members: new Map([[memberKey(5n, caller), { since, executionDelay }]]),
  });

  it("is let through for members, after their delay, from the first second of their membership", () => {
    expect(decideCall(state(now, 0), callOf(1n), now)).toMatchObject({
      passes: true,
      by: "role",
      verdict: "AllowedByRole",
    });
    expect(decideCall(state(now + 1, 0), callOf(1n), now)).toMatchObject({ passes: false, verdict: "RoleMissing" });
    expect(decideCall(state(now, 60), callOf(1n), now)).toMatchObject({
      passes: false,
      verdict: "RoleDelayed",
      canCall: { immediate: false, delay: 60 },
    });
    expect(decideCall({ ...emptyAuthority, actions }, callOf(1n), now)).toMatchObject({ verdict: "RoleMissing" });
  });

  it("needs a function's name", () => {
    expect(decideCall(emptyAuthority, { caller, target, data: "0x123456" }, now)).toEqual({
      passes: false,
      because: "data-too-short",
    });
  });
});
