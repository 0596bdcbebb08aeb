/** The vault's books of an asset, as exact arithmetic on what would flow out of a bucket; tests hold the contract against it. */
import { BreakerState } from "./breaker-stage.ts";

const whole = 10n ** 18n;
const windowSeconds = 86_400n;
const windowMs = windowSeconds * 1000n;
const most = 2n ** 112n - 1n;

/** What 58 bits keep of an amount below 2^112. */
export function rounded(amount: bigint): bigint {
  let step = 1n;
  while (amount / step >= 2n ** 56n) step *= 10n ** 6n;
  return amount - (amount % step);
}

/** @param share 1e18 = 1; 0 is no limit. */
export function limitOn(credited: bigint, share: bigint, isHalved: boolean): bigint {
  if (share === 0n) return rounded(most);
  const part = (credited * share) / whole;
  const halved = isHalved ? part / 2n : part;
  return rounded(halved < most ? halved : most);
}

/**
 * An asset by the words of its specification. Times in seconds; what is in the bucket is told by the milliseconds in which it
 * would run out, of which a whole bucket needs a window.
 */
export class AssetModel {
  credited: bigint;
  trips = 0n;
  resetAt = 0n;
  /** First second in which the last trip is over; undefined once it was reset. */
  tripEnd: bigint | undefined;
  private window: { limit: bigint; since: bigint } | undefined;
  private fillMs = 0n;
  private filledAt = 0n;
  private readonly share: bigint;
  private readonly tripSeconds: bigint;

  constructor(credited: bigint, share: bigint, tripSeconds: bigint) {
    this.credited = credited;
    this.share = share;
    this.tripSeconds = tripSeconds;
  }

  stateAt(now: bigint): bigint {
    if (this.tripEnd === undefined) return BreakerState.Closed;
    return now < this.tripEnd ? BreakerState.Tripped : BreakerState.HalfOpen;
  }

  /** Limit of the window that runs, or of the one that an outflow would open now. */
  limitAt(now: bigint): bigint {
    const { window } = this;
    if (window !== undefined && now < window.since + windowSeconds) return window.limit;
    return limitOn(this.credited, this.share, this.tripEnd !== undefined);
  }

  /** When the bucket runs out; where nothing is in it, some time that has passed. */
  emptyAtMs(now: bigint): bigint | "empty" {
    const fillMs = this.leaked(now);
    return fillMs === 0n ? "empty" : now * 1000n + fillMs;
  }

  /** The most that would leave at once if nothing but the bucket counted. */
  roomAt(now: bigint): bigint {
    return ((windowMs - this.leaked(now)) * this.limitAt(now)) / windowMs;
  }

  deposit(amount: bigint): void {
    this.credited += amount;
  }

  /** Whether the money leaves. Where it would not fit, the asset trips instead. */
  withdraw(amount: bigint, now: bigint): boolean {
    const isTripped = this.stateAt(now) === BreakerState.Tripped;
    const limit = this.limitAt(now);
    const costMs = limit === 0n ? undefined : (amount * windowMs + limit - 1n) / limit;
    const fillMs = this.leaked(now);
    if (isTripped) return false;
    if (costMs === undefined || fillMs + costMs > windowMs) {
      this.trip(now);
      return false;
    }
    if (this.window === undefined || now >= this.window.since + windowSeconds) this.window = { limit, since: now };
    [this.fillMs, this.filledAt] = [fillMs + costMs, now];
    this.credited -= amount;
    return true;
  }

  trip(now: bigint): void {
    this.tripEnd = now + this.tripSeconds;
    this.window = { limit: limitOn(this.credited, this.share, true), since: this.tripEnd };
    this.trips += 1n;
  }

  /** Whether there was anything to reset. */
  reset(now: bigint): boolean {
    if (this.tripEnd === undefined) return false;
    this.tripEnd = undefined;
    this.window = undefined;
    this.resetAt = now;
    return true;
  }

  private leaked(now: bigint): bigint {
    const left = this.fillMs - (now - this.filledAt) * 1000n;
    return left > 0n ? left : 0n;
  }
}
