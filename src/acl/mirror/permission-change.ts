import { decodeEventLog } from "viem";
import { iAuthorityAbi, iAuthorityLimitsAbi } from "../../chain/abi.ts";
import type { ChainLog } from "../../chain/follow/block.ts";
import { dataReadSelector } from "../../core/data-action.ts";
import type { Hex } from "../../core/hex.ts";

/** What an event of the authority changes about who may read data. Addresses in lower case, times in seconds. */
export type PermissionChange =
  | { readonly kind: "target-closed"; readonly target: Hex; readonly closed: boolean }
  | { readonly kind: "action-role"; readonly target: Hex; readonly role: bigint }
  | {
      readonly kind: "role-granted";
      readonly role: bigint;
      readonly account: Hex;
      readonly since: number;
      readonly delay: number;
    }
  | {
      readonly kind: "role-delay";
      readonly role: bigint;
      readonly account: Hex;
      readonly from: number;
      readonly delay: number;
    }
  | { readonly kind: "role-revoked"; readonly role: bigint; readonly account: Hex }
  | { readonly kind: "task-opened"; readonly task: number; readonly team: number }
  | { readonly kind: "task-ended"; readonly task: number; readonly status: "completed" | "failed" }
  | {
      readonly kind: "action-facts";
      readonly target: Hex;
      /** As `IAuthorityLimits.ImpactKind` counts them. */
      readonly impact: number;
      readonly scope: number;
      readonly reversibility: number;
    }
  | {
      readonly kind: "team-limits";
      readonly team: number;
      /** Bit set. */
      readonly scopes: number;
      readonly minReversibility: number;
    }
  | {
      readonly kind: "grant";
      readonly grantee: Hex;
      readonly target: Hex;
      readonly task: number;
      readonly notBefore: number;
      readonly notAfter: number;
      readonly uses: number;
      readonly cap: number;
    }
  | { readonly kind: "grant-ended"; readonly grantee: Hex; readonly target: Hex; readonly task: number };

/** `IAuthority.TaskStatus.Completed`; every other ending is a failure. */
const COMPLETED = 2;

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex;
}

/** What `log` of the authority changes; undefined where it is about something else. Pure. */
export function permissionChangeOf(log: ChainLog): PermissionChange | undefined {
  const event = decodeEventLog({
    abi: [...iAuthorityAbi, ...iAuthorityLimitsAbi],
    topics: [...log.topics] as [Hex, ...Hex[]],
    data: log.data,
    strict: true,
  });
  switch (event.eventName) {
    case "TargetClosed":
      return { kind: "target-closed", target: lower(event.args.target), closed: event.args.closed };
    case "TargetFunctionRoleUpdated": {
      const { target, selector, roleId } = event.args;
      return selector === dataReadSelector ? { kind: "action-role", target: lower(target), role: roleId } : undefined;
    }
    case "RoleGranted": {
      const { roleId: role, account, delay, since, newMember } = event.args;
      return newMember
        ? { kind: "role-granted", role, account: lower(account), since, delay }
        : { kind: "role-delay", role, account: lower(account), from: since, delay };
    }
    case "RoleRevoked":
      return { kind: "role-revoked", role: event.args.roleId, account: lower(event.args.account) };
    case "TaskOpened":
      return { kind: "task-opened", task: event.args.task, team: event.args.team };
    case "TaskEnded":
      return {
        kind: "task-ended",
        task: event.args.task,
        status: event.args.status === COMPLETED ? "completed" : "failed",
      };
    case "ActionFactsSet": {
      const { target, selector, facts } = event.args;
      const { impact, scope, reversibility } = facts;
      if (selector !== dataReadSelector) return undefined;
      return { kind: "action-facts", target: lower(target), impact, scope, reversibility };
    }
    case "TeamLimitsSet": {
      const { scopes, minReversibility } = event.args.limits;
      return { kind: "team-limits", team: event.args.team, scopes, minReversibility };
    }
    case "GrantGiven": {
      const { task, grantee, target, selector, notBefore, notAfter, uses, cap } = event.args;
      if (selector !== dataReadSelector) return undefined;
      return { kind: "grant", grantee: lower(grantee), target: lower(target), task, notBefore, notAfter, uses, cap };
    }
    case "GrantEnded": {
      const { task, grantee, target, selector } = event.args;
      return selector === dataReadSelector
        ? { kind: "grant-ended", grantee: lower(grantee), target: lower(target), task }
        : undefined;
    }
    default:
      return undefined;
  }
}
