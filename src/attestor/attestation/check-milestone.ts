import type { Hex } from "../../core/hex.ts";
import type { MilestoneFacts } from "../chain/milestone-facts.ts";

/** Why an attestor does not sign. */
export type RefusalReason =
  | "unknown-project"
  | "plan-mismatch"
  | "unknown-milestone"
  | "project-not-active"
  | "milestone-not-pending"
  | "milestone-deadline-passed"
  | "proof-deadline"
  | "not-a-member"
  | "seat-revoked"
  | "specification-unavailable"
  | "specification-invalid"
  | "evidence-unavailable"
  | "evidence-not-met"
  | "evidence-conflict";

export type MilestoneCheck =
  | { readonly may: true; readonly seat: number }
  | { readonly may: false; readonly reason: RefusalReason; readonly detail: string };

/** Whether `signer` may prove the milestone now, with a proof that is valid before `deadline` (seconds). Pure. */
export function checkMilestone(
  facts: MilestoneFacts,
  signer: Hex,
  deadline: number,
  longestProofSeconds: number,
): MilestoneCheck {
  const no = (reason: RefusalReason, detail: string): MilestoneCheck => ({ may: false, reason, detail });
  const now = Number(facts.now);
  if (!facts.active) return no("project-not-active", "the project is not active");
  if (!facts.pending) return no("milestone-not-pending", "the milestone is not pending");
  if (now >= facts.milestone.deadline) {
    return no("milestone-deadline-passed", `the milestone's deadline ${facts.milestone.deadline} passed, it is ${now}`);
  }
  if (deadline <= now || deadline > now + longestProofSeconds) {
    return no("proof-deadline", `the proof's deadline ${deadline} must lie in (${now}, ${now + longestProofSeconds}]`);
  }
  const seat = facts.attestors.indexOf(signer);
  if (seat === -1) return no("not-a-member", `${signer} is no member of the milestone's attestor set`);
  if ((facts.revoked >> BigInt(seat)) & 1n) return no("seat-revoked", `seat ${seat} is revoked`);
  return { may: true, seat };
}
