import { roundedDown } from "./rounded-amount.ts";

/** Limits of every asset of a vault; twin of `IBudgetLedger.Limits`. Shares in units of 1e18 = 1, where 0 is no limit. */
export interface Limits {
  /** Of what is credited, within 24 hours. */
  readonly outflowShare: bigint;
  /** Of what is committed, within `reclaimWindow` seconds. */
  readonly reclaimShare: bigint;
  readonly reclaimWindow: bigint;
  /** How long a trip lasts. */
  readonly tripSeconds: bigint;
  /** Of what a pool has, its enclaves included, that may be committed to enclaves. */
  readonly enclaveShare: bigint;
}

/** What the vault keeps of an asset's safety; amounts in base units, times in seconds. */
export interface AssetSafety {
  /** Tripped or half open: nobody has reset it since its last trip. */
  readonly watched: boolean;
  /** The end of the trip while it is tripped; else when its outflow window opened. */
  readonly since: bigint;
  /** What may leave in any window. */
  readonly limit: bigint;
  /** When the bucket will be empty, in milliseconds; it is full a window before. */
  readonly emptyAtMs: bigint;
  /** What may still be reclaimed until `reclaimWindowEnd`. */
  readonly reclaimRemaining: bigint;
  readonly reclaimWindowEnd: bigint;
  /** When anchors last reset it; 0 where they never did. */
  readonly resetAt: bigint;
  /** Modulo 2^18. */
  readonly trips: bigint;
}

/** Closed: limits hold. Tripped: payments need an anchor's co-signature. Half open: half the limits hold until anchors reset it. */
export type BreakerState = "closed" | "tripped" | "half-open";

/** As a vault without limits begins. */
export const noLimits: Limits = {
  outflowShare: 0n,
  reclaimShare: 0n,
  reclaimWindow: 0n,
  tripSeconds: 0n,
  enclaveShare: 0n,
};
export const untouchedSafety: AssetSafety = {
  watched: false,
  since: 0n,
  limit: 0n,
  emptyAtMs: 0n,
  reclaimRemaining: 0n,
  reclaimWindowEnd: 0n,
  resetAt: 0n,
  trips: 0n,
};

/** Seconds for which a limit, once taken, is not taken anew, and in which a full bucket leaks out. */
export const outflowWindowSeconds = 86_400n;

const MS = 1_000n;
const WHOLE = 10n ** 18n;
const LARGEST = 2n ** 112n - 1n;
/** The largest limit that can be kept, which is none: nothing is counted against it. */
const UNLIMITED = roundedDown(LARGEST);
const TRIPS = 2n ** 18n;

export function isTripped({ watched, since }: AssetSafety, now: bigint): boolean {
  return watched && now < since;
}

export function breakerStateAt(safety: AssetSafety, now: bigint): BreakerState {
  if (isTripped(safety, now)) return "tripped";
  return safety.watched ? "half-open" : "closed";
}

/** Half of the share while nobody has reset the asset. No share is no limit. */
function shareOf(amount: bigint, share: bigint, halved: boolean): bigint {
  if (share === 0n) return UNLIMITED;
  const part = (amount * share) / WHOLE;
  const allowed = halved ? part / 2n : part;
  return allowed < LARGEST ? allowed : LARGEST;
}

function withOutflowWindow(safety: AssetSafety, limits: Limits, credited: bigint, now: bigint): AssetSafety {
  if (now < safety.since + outflowWindowSeconds) return safety;
  return { ...safety, since: now, limit: roundedDown(shareOf(credited, limits.outflowShare, safety.watched)) };
}

/** Where it is not limited, nothing has to be counted. */
function withReclaimWindow(safety: AssetSafety, limits: Limits, committed: bigint, now: bigint) {
  if (now < safety.reclaimWindowEnd) return { opened: safety, limited: true };
  if (limits.reclaimShare === 0n) return { opened: safety, limited: false };
  const remaining = roundedDown(shareOf(committed, limits.reclaimShare, safety.watched));
  return {
    opened: { ...safety, reclaimRemaining: remaining, reclaimWindowEnd: now + limits.reclaimWindow },
    limited: true,
  };
}

/** What an outflow or a reclaim of `amount` is measured against, at `now`. `total` is before it: of an outflow what is credited, of a reclaim what is committed. */
export interface Movement {
  readonly amount: bigint;
  readonly total: bigint;
  readonly now: bigint;
}

/**
 * The safety when `amount` has left without anybody's signature, or undefined where it may not. A leaky bucket, kept as the one time
 * at which it will be empty again: an outflow moves that time on by its share of the window, and fits while the bucket is not
 * fuller than a window. Rounded up, against the spender. Twin of `SafetyLimits._measureOutflow`.
 */
export function measureOutflow(safety: AssetSafety, limits: Limits, movement: Movement): AssetSafety | undefined {
  const { amount, total, now } = movement;
  if (isTripped(safety, now)) return undefined;
  const open = withOutflowWindow(safety, limits, total, now);
  if (open.limit === 0n) return undefined;
  if (open.limit === UNLIMITED) return open;
  const [nowMs, windowMs] = [now * MS, outflowWindowSeconds * MS];
  const start = open.emptyAtMs < nowMs ? nowMs : open.emptyAtMs;
  const emptyAtMs = start + (amount * windowMs + open.limit - 1n) / open.limit;
  return emptyAtMs > nowMs + windowMs ? undefined : { ...open, emptyAtMs };
}

/** The same for a reclaim, of an asset that is not tripped. Twin of `SafetyLimits._measureReclaim`. */
export function measureReclaim(safety: AssetSafety, limits: Limits, movement: Movement): AssetSafety | undefined {
  const { opened, limited } = withReclaimWindow(safety, limits, movement.total, movement.now);
  if (!limited) return safety;
  const left = opened.reclaimRemaining - movement.amount;
  return left < 0n ? undefined : { ...opened, reclaimRemaining: roundedDown(left) };
}

/**
 * The safety before money is committed at `now`: what comes in for a moment only must not widen the window that somebody opens with
 * it. `committed` is without that money. Twin of `SafetyLimits._openReclaimWindow`.
 */
export function beforeCommitting(safety: AssetSafety, limits: Limits, committed: bigint, now: bigint): AssetSafety {
  return withReclaimWindow(safety, limits, committed, now).opened;
}

/**
 * From `now` until a time, nothing leaves or is reclaimed by itself. A trip within a trip lasts anew; what was reclaimed in the window
 * is not forgotten. Twin of `SafetyLimits._trip`.
 */
export function tripped(safety: AssetSafety, limits: Limits, credited: bigint, now: bigint): AssetSafety {
  return {
    ...safety,
    watched: true,
    since: now + limits.tripSeconds,
    limit: roundedDown(shareOf(credited, limits.outflowShare, true)),
    reclaimRemaining: roundedDown(safety.reclaimRemaining / 2n),
    trips: (safety.trips + 1n) % TRIPS,
  };
}

/** Anchors reset it: the next outflow and the next reclaim take their limits anew. What left before still counts. */
export function closed(safety: AssetSafety, now: bigint): AssetSafety {
  return { ...safety, watched: false, since: 0n, limit: 0n, reclaimRemaining: 0n, reclaimWindowEnd: 0n, resetAt: now };
}

/** What fits into an empty bucket at `now`, and what may still be reclaimed: as the vault answers. */
export function limitsAt(
  safety: AssetSafety,
  limits: Limits,
  { credited, committed, now }: { readonly credited: bigint; readonly committed: bigint; readonly now: bigint },
): { readonly outflowLimit: bigint; readonly reclaimRemaining: bigint } {
  const { opened, limited } = withReclaimWindow(safety, limits, committed, now);
  return {
    outflowLimit: withOutflowWindow(safety, limits, credited, now).limit,
    reclaimRemaining: limited ? opened.reclaimRemaining : LARGEST,
  };
}
