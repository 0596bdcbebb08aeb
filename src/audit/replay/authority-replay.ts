import { toFunctionSelector } from "viem";
import { roles } from "../../chain/roles.ts";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventOf } from "./audited-event.ts";
import { replayGrants, type GrantReplay } from "./grant-replay.ts";
import { replayLimits, type LimitReplay } from "./limit-replay.ts";
import { replayRoles } from "./role-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import { replayTasks, type ReplayedTask } from "./task-replay.ts";

/** The history of one authority. */
export interface AuthorityReplay {
  apply(event: EventOf<"Authority">): void;
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  readonly liveUntil: (anchor: Hex) => bigint;
  /** Requires that `by` could call the log's contract when it happened; `call` is a selector, or where grants reach it, all data. */
  readonly requireMayCall: (log: PlacedLog, by: Hex, call: Hex) => void;
  readonly holdsRole: (role: bigint, account: Hex, time: bigint) => boolean;
  readonly task: (id: number) => ReplayedTask | undefined;
  readonly meets: GrantReplay["meets"];
  readonly limits: LimitReplay;
  /** Where approvals were last said to come from. */
  readonly escalations: () => { readonly log: PlacedLog; readonly address: Hex } | undefined;
}

export interface AuthorityWorld {
  readonly address: Hex;
  readonly minAdminDelaySeconds: number;
  readonly isAudited: (target: Hex) => boolean;
  readonly spendApproval: (log: PlacedLog, operation: Hex, team: number) => boolean;
}

const setters: Readonly<Record<string, Hex>> = {
  ActionFactsSet: toFunctionSelector("setActionFacts(address,bytes4,(uint8,uint8,uint8,uint48,uint8,uint8))"),
  CapabilitySet: toFunctionSelector("setCapability(bytes32,bytes32)"),
  TeamLimitsSet: toFunctionSelector("setTeamLimits(uint16,address,(uint48,uint32,uint8))"),
  RateSet: toFunctionSelector("setRate(address,uint128,uint48)"),
  EscalationsSet: toFunctionSelector("setEscalations(address)"),
};

export function replayAuthority(context: RuleContext, world: AuthorityWorld): AuthorityReplay {
  const standing = replayRoles(context, world.minAdminDelaySeconds);
  const limits = replayLimits();
  const tasks = replayTasks(context, limits);
  const grants = replayGrants(context, { tasks, standing, limits, ...world });
  const registered = new Set<Hex>();
  /** Transactions in which a scheduled operation was executed, which the authority then calls itself. */
  const executing = new Set<Hex>();
  let escalations: { log: PlacedLog; address: Hex } | undefined;

  function requireMayCall(log: PlacedLog, by: Hex, call: Hex): void {
    if (by === world.address && executing.has(log.transaction)) return;
    const role = standing.functionRole(log.address, call.slice(0, 10) as Hex);
    if (role === roles.GRANT_ROLE) {
      grants.calledBy(log, by, call);
      return;
    }
    const holds = standing.isMember(role, by, log.blockTimestamp);
    context.require(holds, "authority-role", log, `a holder of role ${role}`, by);
  }

  return {
    apply(event) {
      const { log } = event;
      const setter = setters[event.eventName];
      if (setter !== undefined && "by" in event.args) requireMayCall(log, event.args.by, setter);
      switch (event.eventName) {
        case "OperationExecuted": {
          executing.add(log.transaction);
          return;
        }
        case "ActionFactsSet": {
          limits.factsSet(event.args);
          return;
        }
        case "TeamLimitsSet": {
          limits.teamLimitsSet(event.args);
          return;
        }
        case "RateSet": {
          limits.rateSet(event.args);
          return;
        }
        case "CapabilitySet": {
          limits.capabilitySet(event.args);
          return;
        }
        case "EscalationsSet": {
          escalations = { log, address: event.args.escalations };
          return;
        }
        case "CapabilityGranted": {
          grants.capabilityGranted(log, event.args);
          return;
        }
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
    requireMayCall,
    holdsRole: (role, account, time) => standing.isMember(role, account, time),
    task: (id) => tasks.task(id),
    meets: (call) => grants.meets(call),
    limits,
    escalations: () => escalations,
  };
}
