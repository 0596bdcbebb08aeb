import type { Hex } from "../../core/hex.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";

/** Somebody who can send a call that ends a holding, and how. */
export interface Way {
  readonly sender: Hex;
  /** Why it may: "as the grant's holder", "by TREASURY_ROLE". */
  readonly right: string;
  readonly call: ContractCall;
  /** Seconds between announcing the call to the authority and making it; 0 is at once. */
  readonly delaySeconds: number;
}

/** How a holding ends. */
export type Ending =
  /** By one call of one of those. `last` comes after all others: what others need to be sent. */
  | { readonly kind: "call"; readonly ways: readonly Way[]; readonly last?: boolean }
  /** With another holding of the same address, or with time; nothing has to be sent. */
  | { readonly kind: "follows"; readonly what: string }
  /** A person has to decide something first. */
  | { readonly kind: "open"; readonly what: string }
  /** Never by this: it is the address's own, or the contracts know no end. */
  | { readonly kind: "stays"; readonly why: string };

export const kinds = [
  "escalation",
  "grant",
  "operation",
  "team-anchor",
  "team-member",
  "seat",
  "operator",
  "ruleset",
  "attestor",
  "anchor",
  "task",
  "substitute",
  "timelock-role",
  "role",
  "attestor-set",
  "pool",
  "fork",
  "project",
  "claim",
] as const;

export type HoldingKind = (typeof kinds)[number];

/** One thing that an address holds or is. */
export interface Holding {
  readonly kind: HoldingKind;
  /** The same for the same thing, at any block. */
  readonly id: string;
  /** A sentence with the address as its subject: "is a member of team 3". */
  readonly sentence: string;
  readonly ending: Ending;
}
