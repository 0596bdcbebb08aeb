import type { Hex } from "../../core/hex.ts";
import { decideRole, isByGrant } from "./decide-role.ts";
import { actionOf, grantKey, withEntry, type AuthorityState, type Grant } from "./state.ts";
import type { Change } from "./task-life.ts";
import { grantVerdict, isOver, taskStatusAt } from "./verdict.ts";

/** `IAuthority.GrantRequest`, and who asks. `uses` and `cap` of 0 are "not counted" and "no cap". */
export interface GrantRequest {
  readonly caller: Hex;
  readonly task: number;
  readonly grantee: Hex;
  readonly target: Hex;
  readonly selector: Hex;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly uses: number;
  readonly cap: bigint;
}

/** A granter of the action gives a grant, which ends no later than its task. */
export function giveGrant(state: AuthorityState, request: GrantRequest, now: number): Change {
  const { caller, grantee, target, selector, notBefore, notAfter } = request;
  const action = actionOf(state, target, selector);
  if (!isByGrant(action)) return refused("AuthorityActionNotGrantable");
  if (!mayGrant(state, action.granterRole, caller, now)) return refused("AuthorityNotGranter");
  if (action.facts.impact === "Unlisted") return refused("AuthorityActionUnlisted");
  const task = state.tasks.get(request.task);
  if (task === undefined || taskStatusAt(task, now) !== "Open") return refused("AuthorityUnexpectedTaskStatus");
  if (notAfter <= Math.max(notBefore, now) || notAfter > task.deadline) return refused("AuthorityInvalidDeadline");
  const key = grantKey(grantee, target, selector);
  const former = state.grants.get(key);
  // The same task's grant may be given anew; it then replaces the former.
  if (former !== undefined && former.task !== request.task) {
    if (!isOver(grantVerdict(former, state.tasks.get(former.task), now))) return refused("AuthorityGrantExists");
  }
  const given: Grant = {
    notBefore,
    notAfter,
    task: request.task,
    uses: request.uses === 0 ? null : request.uses,
    ended: false,
    cap: request.cap === 0n ? null : request.cap,
  };
  return { done: true, state: { ...state, grants: withEntry(state.grants, key, given) } };
}

/** Its holder, its task's anchor or a granter of the action ends a grant early. */
export function endGrant(
  state: AuthorityState,
  ending: { readonly caller: Hex; readonly grantee: Hex; readonly target: Hex; readonly selector: Hex },
  now: number,
): Change {
  const { caller, grantee, target, selector } = ending;
  const key = grantKey(grantee, target, selector);
  const grant = state.grants.get(key);
  if (grant === undefined) return refused("AuthorityGrantMissing");
  const task = state.tasks.get(grant.task);
  const { granterRole } = actionOf(state, target, selector);
  if (caller !== grantee && caller !== task?.anchor && !mayGrant(state, granterRole, caller, now)) {
    return refused("AuthorityNotEnder");
  }
  if (isOver(grantVerdict(grant, task, now))) return refused("AuthorityGrantDenied");
  const ended: Grant = { ...grant, notAfter: now, ended: true };
  return { done: true, state: { ...state, grants: withEntry(state.grants, key, ended) } };
}

/** A granter acts at once or not at all: what cannot be scheduled cannot be delayed. */
function mayGrant(state: AuthorityState, granterRole: bigint, account: Hex, now: number): boolean {
  if (granterRole === 0n) return false; // not set
  const answer = decideRole(state, granterRole, account, now);
  return answer.member && answer.delay === 0;
}

function refused(error: string): Change {
  return { done: false, error };
}
