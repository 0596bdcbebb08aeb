import type { Attempt, IntentRecord } from "./intent.ts";

/** What the chain says about the account. */
export interface AccountView {
  /** Number of mined transactions: the lowest nonce that is free. */
  readonly minedNonce: number;
  /** The same with the node's pending transactions. */
  readonly pendingNonce: number;
  readonly chainSeconds: number;
}

export type NonceAction =
  /** The nonce is used up: find out by which transaction. */
  | { readonly type: "look-up" }
  /** Replace the last attempt: by the same call at a higher fee, or by nothing. */
  | { readonly type: "replace"; readonly purpose: "call" | "fill" }
  /** Send the last attempt's bytes again, in case the node lost them. */
  | { readonly type: "resend" }
  | { readonly type: "wait" };

export interface NonceInput {
  readonly intent: Pick<IntentRecord, "validUntilSeconds">;
  readonly lastAttempt: Attempt;
  readonly account: AccountView;
  readonly nowMs: number;
  readonly bumpAfterMs: number;
}

/** What to do about an unmined nonce and the intent that it is for. Pure. */
export function decideNonce(input: NonceInput): NonceAction {
  const { intent, lastAttempt, account, nowMs, bumpAfterMs } = input;
  if (lastAttempt.nonce < account.minedNonce) return { type: "look-up" };
  const isExpired = account.chainSeconds >= intent.validUntilSeconds;
  if (isExpired && lastAttempt.purpose === "call") return { type: "replace", purpose: "fill" };
  if (nowMs - lastAttempt.sentAtMs >= bumpAfterMs) return { type: "replace", purpose: lastAttempt.purpose };
  if (lastAttempt.nonce >= account.pendingNonce) return { type: "resend" };
  return { type: "wait" };
}

/**
 * Nonces that nothing occupies although a later one is: whatever comes after them would wait for ever.
 * `occupied` are the nonces of this outbox's attempts; the node's pending ones lie below `pendingNonce`. Pure.
 */
export function nonceGaps(account: AccountView, occupied: readonly number[]): readonly number[] {
  const taken = new Set(occupied);
  const highest = Math.max(-1, ...occupied);
  const gaps: number[] = [];
  for (let nonce = Math.max(account.minedNonce, account.pendingNonce); nonce < highest; nonce += 1) {
    if (!taken.has(nonce)) gaps.push(nonce);
  }
  return gaps;
}

/** The nonce of the next new transaction. Pure. */
export function nextNonce(account: AccountView, occupied: readonly number[]): number {
  return Math.max(account.minedNonce, account.pendingNonce, ...occupied.map((nonce) => nonce + 1));
}
