import type { Hex } from "../../core/hex.ts";

/** A transaction that must happen once, or be known not to. `id` is chosen by the caller: the same id is the same intent. */
export interface Intent {
  readonly id: string;
  readonly to: Hex;
  readonly data: Hex;
  /** In wei. */
  readonly value: bigint;
  /** First second of chain time in which it is of no use any more. */
  readonly validUntilSeconds: number;
}

/**
 * queued ──▶ pending ──▶ mined ──(finalized)──▶ settled
 *   │          │  ▲        └─(reorganization)─▶ pending
 *   │          │  └─ the nonce was used by another transaction, finally: back to queued
 *   │          └─ validUntil passed: replaced by a transfer of nothing to itself, then expired
 *   ├─ validUntil passed ─▶ expired
 *   └─ the chain would refuse it ─▶ refused
 * Final: settled, expired, refused.
 */
export type IntentStatus = "queued" | "pending" | "mined" | "settled" | "expired" | "refused";

export interface IntentRecord extends Intent {
  readonly status: IntentStatus;
  /** Null while queued. */
  readonly nonce: number | null;
  /** Block in which it was mined. */
  readonly minedBlock: number | null;
  /** Whether the mined transaction had its effect; null until it is mined. */
  readonly succeeded: boolean | null;
  /** Why it was refused. */
  readonly detail: string | null;
}

/** One signed transaction for a nonce. A later attempt at the same nonce replaces the earlier one. */
export interface Attempt {
  readonly hash: Hex;
  /** Null where it only fills a nonce. */
  readonly intentId: string | null;
  readonly nonce: number;
  readonly purpose: "call" | "fill";
  readonly raw: Hex;
  /** Wei per gas. */
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  readonly sentAtMs: number;
}
