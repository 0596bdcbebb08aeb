const WINDOW_MS = 86_400_000n;

/** What a leaky bucket says of itself, as `IBudgetLedger.AssetSafety` answers it. */
export interface Bucket {
  /** What fits into the empty bucket, in base units. */
  readonly outflowLimit: bigint;
  /** When it will be empty, in milliseconds since 1970. */
  readonly outflowEmptyAtMs: bigint;
}

/** Base units that may leave at once at `now` (seconds); the contract lets no more than this pass. Pure. */
export function availableNow({ outflowLimit, outflowEmptyAtMs }: Bucket, now: bigint): bigint {
  const nowMs = now * 1000n;
  const fullMs = outflowEmptyAtMs > nowMs ? outflowEmptyAtMs - nowMs : 0n;
  return (outflowLimit * (WINDOW_MS - fullMs)) / WINDOW_MS;
}
