import type { Hex } from "../../core/hex.ts";

/** What a signer is to a milestone. */
export type Party = "payee" | "opener" | "anchor" | "attestor";

/** Who may do something with a milestone's evidence, as the chain says it. */
export interface MilestoneParties {
  readonly payee: Hex;
  readonly opener: Hex;
  readonly anchor: Hex;
  /** ERC-7913 signers by seat. */
  readonly attestors: readonly Hex[];
  /** Bitmap of the seats that are revoked. */
  readonly revoked: bigint;
}

export type AccessDecision =
  | { readonly allowed: true; readonly as: Party }
  | { readonly allowed: false; readonly reason: "not-a-party" | "seat-revoked" | "may-only-read" };

const same = (a: Hex, b: Hex): boolean => a.toLowerCase() === b.toLowerCase();

/** Whether `signer` may read or upload the milestone's evidence. Pure. */
export function decideAccess(action: "read" | "upload", signer: Hex, parties: MilestoneParties): AccessDecision {
  if (same(signer, parties.payee)) return { allowed: true, as: "payee" };
  if (same(signer, parties.opener)) return { allowed: true, as: "opener" };
  const only = (as: Party): AccessDecision =>
    action === "read" ? { allowed: true, as } : { allowed: false, reason: "may-only-read" };
  if (same(signer, parties.anchor)) return only("anchor");
  const seat = parties.attestors.findIndex((each) => same(signer, each));
  if (seat === -1) return { allowed: false, reason: "not-a-party" };
  return (parties.revoked >> BigInt(seat)) & 1n ? { allowed: false, reason: "seat-revoked" } : only("attestor");
}
