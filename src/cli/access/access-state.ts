import type { Hex } from "../../core/hex.ts";
import type { AccessEvent } from "./access-events.ts";

/** One function of one target. */
export interface AccessAction {
  readonly target: Hex;
  readonly selector: Hex;
}

export interface Member {
  readonly since: number;
  /** Seconds between scheduling and the call, from `delayFrom` on; before it was `formerDelay`. */
  readonly delay: number;
  readonly delayFrom: number;
  readonly formerDelay: number;
}

export interface GivenGrant extends AccessAction {
  readonly grantee: Hex;
  readonly task: number;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Calls that were granted; 0 is "not counted". How many are left stands in storage, not in events. */
  readonly uses: number;
  /** Impact that was granted, in parts of the unit of account; 0 is "no cap of its own". */
  readonly cap: number;
  readonly over: boolean;
}

export interface KnownTask {
  readonly team: number;
  readonly anchor: Hex;
  readonly deadline: number;
  readonly ended: boolean;
}

export interface KnownTeam {
  readonly anchor: Hex;
  readonly path: readonly number[];
  readonly limits:
    { readonly maxImpact: number; readonly scopes: number; readonly minReversibility: number } | undefined;
}

/** Everything that events tell about who can do what. Addresses in lower case. */
export interface AccessState {
  readonly members: Map<bigint, Map<Hex, Member>>;
  readonly actions: Map<string, AccessAction & { role: bigint; granterRole: bigint }>;
  readonly closed: Set<Hex>;
  readonly tasks: Map<number, KnownTask>;
  readonly grants: Map<string, GivenGrant>;
  readonly teams: Map<number, KnownTeam>;
  readonly substitutes: Map<Hex, Hex>;
}

export function actionKey({ target, selector }: AccessAction): string {
  return `${target} ${selector}`;
}

function low(address: Hex): Hex {
  return address.toLowerCase() as Hex;
}

function actionIn(state: AccessState, target: Hex, selector: Hex) {
  const action = { target: low(target), selector };
  const known = state.actions.get(actionKey(action)) ?? { ...action, role: 0n, granterRole: 0n };
  state.actions.set(actionKey(action), known);
  return known;
}

function teamIn(state: AccessState, team: number, change: Partial<KnownTeam>): void {
  const known = state.teams.get(team) ?? {
    anchor: "0x0000000000000000000000000000000000000000",
    path: [],
    limits: undefined,
  };
  state.teams.set(team, { ...known, ...change });
}

function apply(state: AccessState, event: AccessEvent): void {
  switch (event.eventName) {
    case "RoleGranted": {
      const { roleId, account, delay, since, newMember } = event.args;
      const members = state.members.get(roleId) ?? new Map<Hex, Member>();
      const known = members.get(low(account));
      const change: Member =
        newMember || known === undefined
          ? { since, delay, delayFrom: since, formerDelay: delay }
          : { since: known.since, delay, delayFrom: since, formerDelay: Math.max(known.delay, known.formerDelay) };
      state.members.set(roleId, members.set(low(account), change));
      return;
    }
    case "RoleRevoked": {
      state.members.get(event.args.roleId)?.delete(low(event.args.account));
      return;
    }
    case "TargetFunctionRoleUpdated": {
      actionIn(state, event.args.target, event.args.selector).role = event.args.roleId;
      return;
    }
    case "ActionGranterSet": {
      actionIn(state, event.args.target, event.args.selector).granterRole = event.args.granterRole;
      return;
    }
    case "TargetClosed": {
      if (event.args.closed) state.closed.add(low(event.args.target));
      else state.closed.delete(low(event.args.target));
      return;
    }
    case "TaskOpened": {
      const { task, team, anchor, deadline } = event.args;
      state.tasks.set(task, { team, anchor: low(anchor), deadline, ended: false });
      return;
    }
    case "TaskEnded": {
      const known = state.tasks.get(event.args.task);
      if (known !== undefined) state.tasks.set(event.args.task, { ...known, ended: true });
      return;
    }
    case "GrantGiven": {
      const { task, grantee, target, selector, notBefore, notAfter, uses, cap } = event.args;
      const grant = {
        task,
        grantee: low(grantee),
        target: low(target),
        selector,
        notBefore,
        notAfter,
        uses,
        cap,
        over: false,
      };
      state.grants.set(`${grant.grantee} ${actionKey(grant)}`, grant);
      return;
    }
    case "GrantEnded":
    case "GrantUsedUp": {
      const { grantee, target, selector, task } = event.args;
      const key = `${low(grantee)} ${actionKey({ target: low(target), selector })}`;
      const known = state.grants.get(key);
      if (known?.task === task) state.grants.set(key, { ...known, over: true });
      return;
    }
    case "TeamOpened": {
      teamIn(state, event.args.team, { anchor: low(event.args.anchor), path: event.args.path });
      return;
    }
    case "TeamAnchorSet": {
      teamIn(state, event.args.team, { anchor: low(event.args.anchor) });
      return;
    }
    case "TeamPathSet": {
      teamIn(state, event.args.team, { path: event.args.path });
      return;
    }
    case "TeamLimitsSet": {
      teamIn(state, event.args.team, { limits: event.args.limits });
      return;
    }
    case "SubstituteNamed": {
      state.substitutes.set(low(event.args.anchor), low(event.args.substitute));
      return;
    }
    default: // changes nobody's access
      return;
  }
}

/** What `events`, in the order of the chain, leave behind. Pure. */
export function foldAccess(events: readonly AccessEvent[]): AccessState {
  const state: AccessState = {
    members: new Map(),
    actions: new Map(),
    closed: new Set(),
    tasks: new Map(),
    grants: new Map(),
    teams: new Map(),
    substitutes: new Map(),
  };
  for (const event of events) apply(state, event);
  return state;
}
