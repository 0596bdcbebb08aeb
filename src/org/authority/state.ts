import type { Hex } from "../../core/hex.ts";

/** Everything on which `Authority` decides a call, as values. Addresses and selectors are in lower case, times in seconds. */
export interface AuthorityState {
  /** By {@link actionKey}. An action that is not there has no role but the admin's, and is unlisted. */
  readonly actions: ReadonlyMap<string, Action>;
  readonly closedTargets: ReadonlySet<Hex>;
  /** By {@link grantKey}. */
  readonly grants: ReadonlyMap<string, Grant>;
  readonly tasks: ReadonlyMap<number, Task>;
  readonly teams: ReadonlyMap<number, Team>;
  readonly rates: ReadonlyMap<Hex, Rate>;
  /** First second in which each anchor is not live. */
  readonly anchors: ReadonlyMap<Hex, number>;
  /** By {@link memberKey}. */
  readonly members: ReadonlyMap<string, Membership>;
  /**
   * Usable approvals of single calls, by {@link operationKey}: the team up whose path each was given, and in whose name alone
   * it counts. Empty where escalations are not connected.
   */
  readonly approvals: ReadonlyMap<string, number>;
}

/** As `IAuthorityLimits.ImpactKind` counts them. */
export const impactKinds = ["Unlisted", "None", "Fixed", "Amount", "AssetAmount"] as const;
export type ImpactKind = (typeof impactKinds)[number];

/** `IAuthorityLimits.ActionFacts`: what an action can do at worst. */
export interface ActionFacts {
  readonly impact: ImpactKind;
  /** 0 to 31. */
  readonly scope: number;
  /** Percent. */
  readonly reversibility: number;
  /** Units of account, 4 decimals. */
  readonly fixedImpact: bigint;
  readonly amountWord: number;
  readonly assetWord: number;
}

export interface Action {
  readonly role: bigint;
  /** Role whose members give grants for it; 0 is nobody. */
  readonly granterRole: bigint;
  readonly facts: ActionFacts;
}

/** `IAuthority.Grant`. `uses` and `cap` are those left; `null` is "not counted" and "no cap". */
export interface Grant {
  readonly notBefore: number;
  /** First second without effect; once `ended`, the time of its end. */
  readonly notAfter: number;
  readonly task: number;
  readonly uses: number | null;
  readonly ended: boolean;
  readonly cap: bigint | null;
}

/** As `IAuthority.TaskStatus` counts them. */
export const taskStatuses = ["None", "Open", "Completed", "Failed", "Expired"] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export interface Task {
  /** As stored: what is over by its deadline alone is still `Open` here. */
  readonly status: "Open" | "Completed" | "Failed";
  readonly anchor: Hex;
  /** First second in which it is over; once it ended early, the time of its end. */
  readonly deadline: number;
  readonly team: number;
}

/** `IAuthorityLimits.Limits`. */
export interface Limits {
  /** Units of account, 4 decimals. */
  readonly maxImpact: bigint;
  /** Bit set. */
  readonly scopes: number;
  /** Percent. */
  readonly minReversibility: number;
}

/** Impact that a team was charged, by half-day: in `window` and the two before it, the latest first. */
export interface ImpactWindows {
  readonly window: number;
  readonly used: readonly [bigint, bigint, bigint];
}

export interface Team {
  readonly anchor: Hex;
  readonly limits: Limits;
  readonly impact: ImpactWindows;
}

/** Units of account (4 decimals) for 1e18 base units. */
export interface Rate {
  readonly rate: bigint;
  readonly validUntil: number;
}

export interface Membership {
  /** First second of it. */
  readonly since: number;
  /** Seconds between a member's announcement of a call and the call. */
  readonly executionDelay: number;
}

/** A call: `data` is selector and arguments. */
export interface Call {
  readonly caller: Hex;
  readonly target: Hex;
  readonly data: Hex;
}

export const unlisted: ActionFacts = {
  impact: "Unlisted",
  scope: 0,
  reversibility: 0,
  fixedImpact: 0n,
  amountWord: 0,
  assetWord: 0,
};

const unknownAction: Action = { role: 0n, granterRole: 0n, facts: unlisted };
const nobody: Hex = `0x${"00".repeat(20)}`;
const noTeam: Team = {
  anchor: nobody,
  limits: { maxImpact: 0n, scopes: 0, minReversibility: 0 },
  impact: { window: 0, used: [0n, 0n, 0n] },
};

/** A state in which nothing was ever set. */
export const emptyAuthority: AuthorityState = {
  actions: new Map(),
  closedTargets: new Set(),
  grants: new Map(),
  tasks: new Map(),
  teams: new Map(),
  rates: new Map(),
  anchors: new Map(),
  members: new Map(),
  approvals: new Map(),
};

export function actionKey(target: Hex, selector: Hex): string {
  return `${target}/${selector}`;
}

export function grantKey(grantee: Hex, target: Hex, selector: Hex): string {
  return `${grantee}/${target}/${selector}`;
}

export function memberKey(role: bigint, account: Hex): string {
  return `${role}/${account}`;
}

export function operationKey({ caller, target, data }: Call): string {
  return `${caller}/${target}/${data}`;
}

export function actionOf(state: AuthorityState, target: Hex, selector: Hex): Action {
  return state.actions.get(actionKey(target, selector)) ?? unknownAction;
}

export function teamOf(state: AuthorityState, team: number): Team {
  return state.teams.get(team) ?? noTeam;
}

/** A map with one entry more, or another one. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}
