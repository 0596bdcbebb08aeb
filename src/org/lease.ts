/** What a lease decision reads: report indices, and seconds since the Unix epoch. */
export interface LeaseInput {
  /** Last report that the project's proofs pay for. */
  readonly paidThrough: bigint;
  readonly renewalWindow: bigint;
  /** Index and time of the latest accepted report; (0, genesis) before the first. */
  readonly latestReport: bigint;
  readonly latestAcceptedAt: bigint;
  readonly now: bigint;
}

export type LeaseDecision =
  | { readonly running: true; readonly reason: "paid" }
  | { readonly running: true; readonly reason: "renewal-window"; readonly until: bigint }
  | { readonly running: false; readonly reason: "renewal-window-over" | "report-missed" };

/**
 * Whether a lease runs: `latest < paidThrough`, or `latest = paidThrough` and `now < acceptedAt(latest) + renewalWindow`.
 * A later report than `paidThrough` implies that the window is over, because plans keep
 * `reportDeadline + renewalWindow ≤ epochLength`. Twin of the vault's lease rule.
 */
export function decideLease(input: LeaseInput): LeaseDecision {
  if (input.latestReport < input.paidThrough) return { running: true, reason: "paid" };
  if (input.latestReport > input.paidThrough) return { running: false, reason: "report-missed" };
  const until = input.latestAcceptedAt + input.renewalWindow;
  return input.now < until
    ? { running: true, reason: "renewal-window", until }
    : { running: false, reason: "renewal-window-over" };
}
