import type { Hex } from "../../core/hex.ts";
import { checkLimits, hasScope, type LimitCheck } from "./check-limits.ts";
import { decideRole, isByGrant } from "./decide-role.ts";
import {
  actionOf,
  grantKey,
  operationKey,
  teamOf,
  withEntry,
  type Action,
  type AuthorityState,
  type Call,
  type Grant,
  type Team,
} from "./state.ts";
import { charged } from "./team-impact.ts";
import { grantVerdict, type Verdict } from "./verdict.ts";

/** What `IAccessManager.canCall` answers: now, after that many seconds of announcement, or not at all (`false`, 0). */
export interface CanCall {
  readonly immediate: boolean;
  readonly delay: number;
}

/** What a call takes of its caller's grant and team. */
export interface Charge {
  readonly uses: 0 | 1;
  /** Units of account (4 decimals), of the team's cone and of the grant's cap where it has one. */
  readonly impact: bigint;
}

interface Decided {
  readonly verdict: Verdict;
  readonly canCall: CanCall;
}

export type CallDecision =
  /** The data is too short to name a function. */
  | { readonly passes: false; readonly because: "data-too-short" }
  | ({ readonly passes: false; readonly because: "verdict" } & Decided)
  | ({ readonly passes: false; readonly because: "limit"; readonly check: LimitCheck } & Decided)
  | ({ readonly passes: true; readonly by: "role"; readonly next: AuthorityState } & Decided)
  | ({
      readonly passes: true;
      readonly by: "grant" | "approval";
      readonly check: LimitCheck;
      readonly charge: Charge;
      readonly next: AuthorityState;
    } & Decided);

const never: CanCall = { immediate: false, delay: 0 };

/**
 * Decides a call as `Authority` does when an AccessManaged target asks it, and says what the call would take: the twin of
 * `canCall`, `consumeScheduledOp`, `verdict` and `checkLimits`. Pure; `next` is the state after the call.
 */
export function decideCall(state: AuthorityState, call: Call, now: number): CallDecision {
  if (call.data.length < 10) return { passes: false, because: "data-too-short" };
  const selector: Hex = `0x${call.data.slice(2, 10)}`;
  const action = actionOf(state, call.target, selector);
  if (state.closedTargets.has(call.target)) {
    return { passes: false, because: "verdict", verdict: "TargetClosed", canCall: never };
  }
  if (!isByGrant(action)) return byRole(state, action, call, now);

  const key = grantKey(call.caller, call.target, selector);
  const grant = state.grants.get(key);
  const task = grant && state.tasks.get(grant.task);
  const verdict = grantVerdict(grant, task, now);
  if (grant === undefined || verdict !== "Allowed") {
    return { passes: false, because: "verdict", verdict, canCall: never };
  }
  const check = checkLimits(state, call, now);
  const team = teamOf(state, check.team);
  const canCall = isPlain(action, grant, team) ? { immediate: true, delay: 0 } : { immediate: false, delay: 1 };
  const isApproved = state.approvals.get(operationKey(call)) === check.team;
  if (check.boundary !== "None" && !isApproved) {
    return { passes: false, because: "limit", verdict, canCall, check };
  }
  // An approved call takes a use, and neither cap nor impact.
  const impact = check.boundary === "None" ? check.impact : 0n;
  const charge: Charge = { uses: grant.uses === null ? 0 : 1, impact };
  const approvals = check.boundary === "None" ? state.approvals : without(state.approvals, operationKey(call));
  const next: AuthorityState = {
    ...state,
    grants: withEntry(state.grants, key, spent(grant, charge)),
    teams: impact === 0n ? state.teams : withEntry(state.teams, check.team, chargedTeam(team, impact, now)),
    approvals,
  };
  const by = check.boundary === "None" ? "grant" : "approval";
  return { passes: true, by, verdict, canCall, check, charge, next };
}

function byRole(state: AuthorityState, action: Action, call: Call, now: number): CallDecision {
  const answer = decideRole(state, action.role, call.caller, now);
  if (!answer.member) return { passes: false, because: "verdict", verdict: "RoleMissing", canCall: never };
  if (answer.delay > 0) {
    const canCall = { immediate: false, delay: answer.delay };
    return { passes: false, because: "verdict", verdict: "RoleDelayed", canCall };
  }
  return { passes: true, by: "role", verdict: "AllowedByRole", canCall: { immediate: true, delay: 0 }, next: state };
}

/** Nothing of it changes by a call, and no argument can matter: the target need not ask a second time. */
function isPlain({ facts }: Action, grant: Grant, { limits }: Team): boolean {
  const isInside = hasScope(limits, facts.scope) && facts.reversibility >= limits.minReversibility;
  return grant.uses === null && grant.cap === null && facts.impact === "None" && isInside;
}

function spent(grant: Grant, { uses, impact }: Charge): Grant {
  return {
    ...grant,
    uses: grant.uses === null ? null : grant.uses - uses,
    cap: grant.cap === null ? null : grant.cap - impact,
  };
}

function chargedTeam(team: Team, impact: bigint, now: number): Team {
  return { ...team, impact: charged(team.impact, impact, now) };
}

function without(approvals: AuthorityState["approvals"], operation: string): AuthorityState["approvals"] {
  return new Map([...approvals].filter(([each]) => each !== operation));
}
