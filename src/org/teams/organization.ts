/** Limits of autonomy at one tier, as `ITeams.Cone`; scopes by name instead of by number. */
export interface NamedCone {
  /** Impact in any 24 hours, in units of account (4 decimals). */
  readonly maxImpact: bigint;
  readonly scopes: readonly string[];
  /** Percent. */
  readonly minReversibility: number;
}

/** What lowers a tier by itself; bit `n` of `triggers` in `ITeams` is the n-th of them. */
export const triggerNames = ["breakerTripped", "attestationOverturned", "challengeUpheld"] as const;
export type TriggerName = (typeof triggerNames)[number];

export interface AgentDefinition {
  readonly place: string;
  readonly name: string;
}

export interface ZoneDefinition {
  readonly place: string;
  readonly name: string;
  readonly agents: readonly AgentDefinition[];
}

/** A team, or the root office, to which everything climbs in the end. */
export interface TeamDefinition {
  readonly id: string;
  /** Where it is: "G1.U1.P3". */
  readonly place: string;
  readonly domain: string;
  /** Whether people decide there themselves: every escalation must end at such an office. */
  readonly human: boolean;
  /** What this team, and no other, is primarily responsible for. */
  readonly functions: readonly string[];
  /** Teams to which it sends directly. */
  readonly channels: readonly string[];
  /** Its cone at the highest tier. */
  readonly cone: NamedCone;
  /** Who decides first what is outside its cone; null for the root alone. */
  readonly escalatesTo: string | null;
  /** Who governs it, and to whom silence climbs; null for the root alone. */
  readonly reportsTo: string | null;
  readonly triggers: readonly TriggerName[];
  readonly zones: readonly ZoneDefinition[];
}

/** A function that can be granted, and what it can do at worst; as `IActionCatalog.Registration`. */
export interface ActionDefinition {
  /** Address, or the name of one of the system's contracts. */
  readonly target: string;
  /** Canonical signature, such as `withdraw(bytes32,address,address,uint256)`. */
  readonly signature: string;
  readonly impact: ImpactDefinition;
  readonly scope: string;
  /** Percent. */
  readonly reversibility: number;
  readonly inverse: { readonly target: string; readonly signature: string } | null;
}

/** Where the impact stands: nowhere, fixed (units of account, 4 decimals), or in a word of the arguments' head. */
export type ImpactDefinition =
  | { readonly kind: "none" }
  | { readonly kind: "fixed"; readonly amount: bigint }
  | { readonly kind: "amount"; readonly amountWord: number }
  | { readonly kind: "assetAmount"; readonly amountWord: number; readonly assetWord: number };

/** A named list of actions; each by target and signature as in the organization's list. */
export interface CapabilityDefinition {
  readonly name: string;
  readonly actions: readonly { readonly target: string; readonly signature: string }[];
}

/** An organization as a file describes it, before it is founded on a chain. */
export interface Organization {
  readonly name: string;
  /** The place that holds all others: "G1.U1". */
  readonly place: string;
  /** The root office's id. */
  readonly root: string;
  /** Everything that the organization does: each of them is one team's, and one team's alone. */
  readonly functions: readonly string[];
  readonly teams: readonly TeamDefinition[];
  readonly actions: readonly ActionDefinition[];
  readonly capabilities: readonly CapabilityDefinition[];
}

export function teamById(organization: Organization, id: string): TeamDefinition | undefined {
  return organization.teams.find((team) => team.id === id);
}
