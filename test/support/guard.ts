/** What keeps a function from who may not call it. */
/**
 * - `role`: AccessManaged's `restricted`; the role is the one that deployment gives the function.
 * - `admin`: governance alone, with its delay.
 * - `caller`: the function itself compares the caller with what it stores; `by` says with what.
 * - `state`: anybody may call; `by` says what decides instead.
 * - `own`: acts on nothing but the caller's own.
 * - `nobody`: refused to everybody.
 * `refusal` is the error that an outsider's call with empty arguments meets, `args` other arguments where empty ones would be
 * refused for being empty. A function without `refusal` does nothing that could be refused.
 */
export interface Guard {
  guard: "role" | "admin" | "caller" | "state" | "own" | "nobody";
  by?: string;
  refusal?: string;
  /** The contract that refuses, where it is another one that is called. */
  refusedBy?: string;
  args?: (stage: { pool: string; attestorSet: string }) => unknown[];
}

export const role = { guard: "role", refusal: "AccessManagedUnauthorized" } as const satisfies Guard;
export const ofAuthority = { guard: "role", refusal: "AccessManagerUnauthorizedAccount" } as const satisfies Guard;
export const admin = { guard: "admin", refusal: "AccessManagerUnauthorizedAccount" } as const satisfies Guard;
export const authorityOnly = {
  guard: "caller",
  by: "the contract's authority, by updateAuthority",
  refusal: "AccessManagedUnauthorized",
} as const satisfies Guard;
