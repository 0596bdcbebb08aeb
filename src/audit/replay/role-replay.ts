import { roles } from "../../chain/roles.ts";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs } from "./audited-event.ts";
import type { RuleContext } from "./rule-context.ts";

/** The history of standing roles, and of the role by which each function is reached. */
export interface RoleReplay {
  granted(log: PlacedLog, args: EventArgs<"Authority", "RoleGranted">): void;
  revoked(log: PlacedLog, args: EventArgs<"Authority", "RoleRevoked">): void;
  functionRoleSet(log: PlacedLog, args: EventArgs<"Authority", "TargetFunctionRoleUpdated">): void;
  granterSet(log: PlacedLog, args: EventArgs<"Authority", "ActionGranterSet">): void;
  /** Whether `account` acts in `role` at `time` without delay. */
  actsAtOnce(role: bigint, account: Hex, time: bigint): boolean;
  isMember(role: bigint, account: Hex, time: bigint): boolean;
  functionRole(target: Hex, selector: Hex): bigint;
  granterRole(target: Hex, selector: Hex): bigint | undefined;
}

interface Membership {
  readonly since: bigint;
  readonly executionDelay: number;
}

export function replayRoles(context: RuleContext, minAdminDelaySeconds: number): RoleReplay {
  const members = new Map<string, Membership>();
  const functionRoles = new Map<string, bigint>();
  const granterRoles = new Map<string, bigint>();
  const key = (...parts: readonly (Hex | bigint)[]): string => parts.join(" ");
  let firstAdmin = true;

  return {
    granted(log, { roleId, account, delay, since }) {
      context.require(roleId !== roles.GRANT_ROLE, "authority-grant-role", log, "no member", account);
      if (roleId === roles.ADMIN_ROLE) {
        // The constructor's grant to the deployer, which the check after deployment finds renounced.
        const expected = `an execution delay of at least ${minAdminDelaySeconds} s`;
        context.require(
          firstAdmin || delay >= minAdminDelaySeconds,
          "authority-admin-delay",
          log,
          expected,
          `${delay} s`,
        );
        firstAdmin = false;
      }
      members.set(key(roleId, account), { since: BigInt(since), executionDelay: delay });
    },
    revoked(_log, { roleId, account }) {
      members.delete(key(roleId, account));
    },
    functionRoleSet(_log, { target, selector, roleId }) {
      functionRoles.set(key(target, selector), roleId);
    },
    granterSet(_log, { target, selector, granterRole }) {
      granterRoles.set(key(target, selector), granterRole);
    },
    actsAtOnce(role, account, time) {
      const member = members.get(key(role, account));
      return member?.executionDelay === 0 && member.since <= time;
    },
    isMember(role, account, time) {
      const member = members.get(key(role, account));
      return member !== undefined && member.since <= time;
    },
    functionRole: (target, selector) => functionRoles.get(key(target, selector)) ?? roles.ADMIN_ROLE,
    granterRole: (target, selector) => granterRoles.get(key(target, selector)),
  };
}
