import { memberKey, type Action, type AuthorityState, type Call } from "./state.ts";

/** `Roles.GRANT_ROLE`: functions with it are reachable by grants only. */
export const GRANT_ROLE = 2n ** 64n - 2n;
/** OpenZeppelin's: everybody holds it, without delay. */
export const PUBLIC_ROLE = 2n ** 64n - 1n;

export type RoleAnswer =
  | { readonly member: false }
  /** `delay` in seconds; 0: at once. */
  | { readonly member: true; readonly delay: number };

/** Whether `account` holds a role now, and after which announcement it may act; OpenZeppelin's published rule. */
export function decideRole(state: AuthorityState, role: bigint, account: Call["caller"], now: number): RoleAnswer {
  if (role === PUBLIC_ROLE) return { member: true, delay: 0 };
  const membership = state.members.get(memberKey(role, account));
  if (membership === undefined || now < membership.since) return { member: false };
  return { member: true, delay: membership.executionDelay };
}

/** Whether an action is reached by grants alone. */
export function isByGrant(action: Action): boolean {
  return action.role === GRANT_ROLE;
}
