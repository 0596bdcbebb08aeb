import { roles } from "../../chain/roles.ts";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventOf } from "./audited-event.ts";
import { replayGrants } from "./grant-replay.ts";
import { replayRoles } from "./role-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import { replayTasks } from "./task-replay.ts";

/** The history of one authority. */
export interface AuthorityReplay {
  apply(event: EventOf<"Authority">): void;
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  readonly liveUntil: (anchor: Hex) => bigint;
  /** Requires that `by` could call `selector` of the log's contract when it happened. */
  readonly requireMayCall: (log: PlacedLog, by: Hex, selector: Hex) => void;
}

export function replayAuthority(context: RuleContext, minAdminDelaySeconds: number): AuthorityReplay {
  const standing = replayRoles(context, minAdminDelaySeconds);
  const tasks = replayTasks(context);
  const grants = replayGrants(context, tasks, standing);
  const registered = new Set<Hex>();
  return {
    apply(event) {
      const { log } = event;
      switch (event.eventName) {
        case "RoleGranted": {
          standing.granted(log, event.args);
          return;
        }
        case "RoleRevoked": {
          standing.revoked(log, event.args);
          return;
        }
        case "TargetFunctionRoleUpdated": {
          standing.functionRoleSet(log, event.args);
          return;
        }
        case "ActionGranterSet": {
          standing.granterSet(log, event.args);
          return;
        }
        case "AnchorLivenessSet": {
          tasks.livenessSet(log, event.args);
          return;
        }
        case "TaskOpened": {
          tasks.opened(log, event.args);
          return;
        }
        case "TaskEnded": {
          tasks.ended(log, event.args);
          return;
        }
        case "GrantGiven": {
          grants.given(log, event.args);
          return;
        }
        case "GrantUsedUp": {
          grants.usedUp(log, event.args);
          return;
        }
        case "GrantEnded": {
          grants.ended(log, event.args);
          return;
        }
        case "ContractRegistered": {
          const { account } = event.args;
          context.require(!registered.has(account), "registry-twice", log, `${account} registered once`, "twice");
          registered.add(account);
          return;
        }
        default: // changes nothing that a rule reads
          return;
      }
    },
    isLive: (anchor, time) => time < tasks.liveUntil(anchor),
    liveUntil: tasks.liveUntil,
    requireMayCall(log, by, selector) {
      const role = standing.functionRole(log.address, selector);
      if (role === roles.GRANT_ROLE) {
        grants.calledBy(log, by, selector);
        return;
      }
      const holds = standing.isMember(role, by, log.blockTimestamp);
      context.require(holds, "authority-role", log, `a holder of role ${role}`, by);
    },
  };
}
