/** Names of the contracts' enums, in their order (a test compares them with the interfaces). */
import type { boundaries } from "../core/api/limits.ts";

export { boundaries, impactKinds } from "../core/api/limits.ts";
export const taskStatuses = ["none", "open", "completed", "failed", "expired"] as const;
export const anchorStatuses = ["none", "enrolled", "live", "lapsed", "removed"] as const;
export const teamStatuses = ["none", "open", "closed"] as const;
export const triggers = ["breaker-tripped", "attestation-overturned", "challenge-upheld"] as const;
export const escalationStatuses = [
  "none",
  "pending",
  "approved",
  "rejected",
  "denied",
  "withdrawn",
  "executed",
  "unused",
] as const;
export const challengeStatuses = ["none", "open", "upheld", "rejected", "withdrawn", "lapsed", "returned"] as const;
export const breakerStates = ["closed", "tripped", "half-open"] as const;
export const ruleOutcomes = ["not-asked", "passed", "crossed", "unknown"] as const;
export const stricter = ["lower", "higher"] as const;

export type Boundary = (typeof boundaries)[number];

/** The name of an enum's value; its number where this version does not know it. */
export function nameIn<Name extends string>(names: readonly Name[], value: number): Name | `${number}` {
  return names[value] ?? `${value}`;
}
