import { zeroAddress } from "viem";
import { roles } from "../../chain/roles.ts";
import type { Hex } from "../../core/hex.ts";
import { actionKey, type AccessAction, type AccessState, type GivenGrant, type Member } from "./access-state.ts";

/** One way in which an account can, or could, bring an action about. */
export type Access =
  | { readonly how: "role"; readonly role: bigint; readonly delaySeconds: number }
  /** A member from `from` on. */
  | { readonly how: "role-later"; readonly role: bigint; readonly delaySeconds: number; readonly from: number }
  | {
      readonly how: "grant" | "grant-later";
      readonly task: number;
      readonly team: number;
      readonly anchor: Hex;
      readonly from: number;
      readonly until: number;
      /** Calls that were granted; 0 is "not counted". */
      readonly uses: number;
      /** Impact that was granted; 0 is "no cap of its own". */
      readonly cap: number;
    }
  /** It gives grants for the action, to others or to itself. */
  | { readonly how: "could-grant"; readonly role: bigint; readonly delaySeconds: number }
  /** It may approve calls by grants of these teams that a limit refuses. */
  | { readonly how: "could-approve"; readonly teams: readonly number[] };

export interface AccessColumn extends AccessAction {
  readonly role: bigint;
  readonly granterRole: bigint;
  /** Nobody gets through, whatever else holds. */
  readonly closed: boolean;
}

/** A cell of the matrix; cells without any access are left out. */
export interface AccessCell extends AccessAction {
  readonly account: Hex;
  readonly access: readonly Access[];
}

export interface AccessMatrix {
  readonly accounts: readonly Hex[];
  readonly actions: readonly AccessColumn[];
  readonly cells: readonly AccessCell[];
  /** They reach every restricted function that is no column here. */
  readonly administrators: readonly { readonly account: Hex; readonly delaySeconds: number }[];
}

function delayAt({ delay, delayFrom, formerDelay }: Member, time: number): number {
  return time >= delayFrom ? delay : formerDelay;
}

function isAhead(state: AccessState, grant: GivenGrant, time: number): boolean {
  const task = state.tasks.get(grant.task);
  return !grant.over && task?.ended === false && time < task.deadline && time < grant.notAfter;
}

/** Anchors, and their substitutes, of the teams up a team's path: who may approve what its limits refuse. */
function approversOf(state: AccessState, team: number): Set<Hex> {
  const found = new Set<Hex>();
  for (const each of state.teams.get(team)?.path ?? []) {
    const anchor = state.teams.get(each)?.anchor;
    if (anchor === undefined || anchor === zeroAddress) continue;
    found.add(anchor);
    const substitute = state.substitutes.get(anchor);
    if (substitute !== undefined && substitute !== zeroAddress) found.add(substitute);
  }
  return found;
}

function accessOf(state: AccessState, account: Hex, column: AccessColumn, time: number): Access[] {
  const found: Access[] = [];
  const holder = state.members.get(column.role)?.get(account);
  if (holder !== undefined && column.role !== roles.GRANT_ROLE) {
    const access = { role: column.role, delaySeconds: delayAt(holder, time) };
    found.push(
      holder.since <= time ? { how: "role", ...access } : { how: "role-later", ...access, from: holder.since },
    );
  }
  if (column.role !== roles.GRANT_ROLE) return found;
  const grant = state.grants.get(`${account} ${actionKey(column)}`);
  const task = grant === undefined ? undefined : state.tasks.get(grant.task);
  if (grant !== undefined && task !== undefined && isAhead(state, grant, time)) {
    found.push({
      how: grant.notBefore <= time ? "grant" : "grant-later",
      task: grant.task,
      team: task.team,
      anchor: task.anchor,
      from: grant.notBefore,
      until: Math.min(grant.notAfter, task.deadline),
      uses: grant.uses,
      cap: grant.cap,
    });
  }
  const granter = column.granterRole === 0n ? undefined : state.members.get(column.granterRole)?.get(account);
  if (granter !== undefined && granter.since <= time) {
    found.push({ how: "could-grant", role: column.granterRole, delaySeconds: delayAt(granter, time) });
  }
  const teams = new Set<number>();
  for (const each of state.grants.values()) {
    if (actionKey(each) !== actionKey(column) || !isAhead(state, each, time)) continue;
    const team = state.tasks.get(each.task)?.team;
    // Who asks does not approve: for its own grant an account is no approver.
    if (team !== undefined && each.grantee !== account && approversOf(state, team).has(account)) teams.add(team);
  }
  if (teams.size > 0) found.push({ how: "could-approve", teams: [...teams].sort((a, b) => a - b) });
  return found;
}

/** Who can, or could, do what at `time`: accounts by actions. Pure. */
export function accessMatrix(
  state: AccessState,
  time: number,
  only: { readonly account?: Hex; readonly target?: Hex } = {},
): AccessMatrix {
  const actions = [...state.actions.values()]
    .filter(({ role }) => role !== roles.ADMIN_ROLE)
    .filter(({ target }) => only.target === undefined || target === only.target.toLowerCase())
    .map((each) => ({ ...each, closed: state.closed.has(each.target) }));
  const everybody = new Set<Hex>();
  for (const members of state.members.values()) for (const account of members.keys()) everybody.add(account);
  for (const { grantee } of state.grants.values()) everybody.add(grantee);
  for (const { anchor } of state.teams.values()) if (anchor !== zeroAddress) everybody.add(anchor);
  for (const substitute of state.substitutes.values()) if (substitute !== zeroAddress) everybody.add(substitute);
  const accounts = [...everybody].filter((each) => only.account === undefined || each === only.account.toLowerCase());
  const cells = accounts.flatMap((account) =>
    actions
      .map((column) => ({
        account,
        target: column.target,
        selector: column.selector,
        access: accessOf(state, account, column, time),
      }))
      .filter(({ access }) => access.length > 0),
  );
  const administrators = [...(state.members.get(roles.ADMIN_ROLE) ?? [])]
    .filter(([account, { since }]) => since <= time && accounts.includes(account))
    .map(([account, member]) => ({ account, delaySeconds: delayAt(member, time) }));
  return { accounts, actions, cells, administrators };
}
