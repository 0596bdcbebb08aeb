import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  breakerStateAt,
  closed,
  limitsAt,
  measureOutflow,
  measureReclaim,
  noLimits,
  outflowWindowSeconds,
  tripped,
  untouchedSafety,
  type AssetSafety,
  type Limits,
} from "./asset-safety.ts";

const day = outflowWindowSeconds;
const percent = (share: bigint): bigint => share * 10n ** 16n;
/** The specification's defaults, with an epoch of ten minutes. */
const limits: Limits = {
  outflowShare: percent(20n),
  reclaimShare: percent(15n),
  reclaimWindow: 600n,
  tripSeconds: day,
  enclaveShare: 0n,
};
const start = 1_000_000n;

const out = (safety: AssetSafety, amount: bigint, now: bigint, total = 1_000n, of = limits) =>
  measureOutflow(safety, of, { amount, total, now });
const back = (safety: AssetSafety, amount: bigint, now: bigint, total = 1_000n, of = limits) =>
  measureReclaim(safety, of, { amount, total, now });

function fits(found: AssetSafety | undefined): AssetSafety {
  if (found === undefined) throw new Error("it does not fit");
  return found;
}

describe("the limit of what leaves", () => {
  it("lets exactly its share leave at once, and not one unit more", () => {
    expect(out(untouchedSafety, 200n, start)).toBeDefined();
    expect(out(untouchedSafety, 201n, start)).toBeUndefined();
    expect(out(fits(out(untouchedSafety, 200n, start)), 1n, start)).toBeUndefined();
  });

  it("leaks over a window: half of it after half a day, all of it after a day", () => {
    const full = fits(out(untouchedSafety, 200n, start));
    expect(out(full, 100n, start + day / 2n)).toBeDefined();
    expect(out(full, 101n, start + day / 2n)).toBeUndefined();
    expect(out(full, 160n, start + day, 800n)).toBeDefined();
    expect(out(full, 161n, start + day, 800n)).toBeUndefined();
  });

  it("is taken anew when its window is over, not when money comes in", () => {
    const opened = fits(out(untouchedSafety, 1n, start));
    expect(limitsAt(opened, limits, { credited: 9_000n, committed: 0n, now: start + day - 1n }).outflowLimit).toBe(
      200n,
    );
    expect(limitsAt(opened, limits, { credited: 9_000n, committed: 0n, now: start + day }).outflowLimit).toBe(1_800n);
  });

  it("is none where no share is set, and lets nothing leave where its share is nothing", () => {
    expect(out(untouchedSafety, 2n ** 111n, start, 2n ** 111n, noLimits)).toBeDefined();
    expect(out(untouchedSafety, 1n, start, 4n)).toBeUndefined();
  });

  it("never lets more leave in any day than it and its share, whatever is tried when", () => {
    const tries = fc.array(fc.record({ wait: fc.bigInt(0n, day), amount: fc.bigInt(1n, 150n) }), { maxLength: 40 });
    fc.assert(
      fc.property(tries, (all) => {
        let safety = fits(out(untouchedSafety, 1n, start, 1_000n, { ...limits, tripSeconds: 1n }));
        let now = start;
        const left: { at: bigint; amount: bigint }[] = [{ at: start, amount: 1n }];
        for (const { wait, amount } of all) {
          now += wait;
          const next = out(safety, amount, now); // the total stays: what leaves comes in again
          if (next === undefined) continue;
          safety = next;
          left.push({ at: now, amount });
        }
        for (const { at } of left) {
          const within = left.filter((each) => each.at >= at && each.at < at + day);
          const sum = within.reduce((total, { amount }) => total + amount, 0n);
          expect(sum < 2n * 200n).toBe(true); // a full bucket, and what leaks out of it within a day
        }
      }),
    );
  });
});

describe("the limit of what is reclaimed", () => {
  it("lets exactly its share of what is committed go back within its window", () => {
    expect(back(untouchedSafety, 150n, start)).toBeDefined();
    expect(back(untouchedSafety, 151n, start)).toBeUndefined();
    const rest = fits(back(untouchedSafety, 100n, start));
    expect(back(rest, 50n, start + 599n, 900n)).toBeDefined();
    expect(back(rest, 51n, start + 599n, 900n)).toBeUndefined();
    expect(back(rest, 135n, start + 600n, 900n)).toBeDefined();
    expect(back(rest, 136n, start + 600n, 900n)).toBeUndefined();
  });

  it("is none where no share is set, but a window that is open stays", () => {
    const unlimited = { ...limits, reclaimShare: 0n };
    expect(back(untouchedSafety, 10n ** 9n, start, 10n ** 9n, unlimited)).toBe(untouchedSafety);
    const opened = fits(back(untouchedSafety, 150n, start));
    expect(back(opened, 1n, start + 599n, 850n, unlimited)).toBeUndefined();
    expect(back(opened, 1n, start + 600n, 850n, unlimited)).toBeDefined();
  });
});

describe("a trip", () => {
  it("holds everything until its end, then half the limits hold, until anchors reset it", () => {
    const held = tripped(fits(out(untouchedSafety, 10n, start)), limits, 1_000n, start);
    expect([breakerStateAt(held, start + day - 1n), held.trips]).toEqual(["tripped", 1n]);
    expect(out(held, 1n, start + day - 1n)).toBeUndefined();
    expect(breakerStateAt(held, start + day)).toBe("half-open");
    expect(out(held, 100n, start + day)).toBeDefined();
    expect(out(held, 101n, start + day)).toBeUndefined();
    expect(back(held, 75n, start + day)).toBeDefined();
    expect(back(held, 76n, start + day)).toBeUndefined();
    expect(limitsAt(held, limits, { credited: 500n, committed: 100n, now: start + 2n * day })).toEqual({
      outflowLimit: 50n,
      reclaimRemaining: 7n,
    });
    const reset = closed(held, start + day);
    expect([breakerStateAt(reset, start + day), reset.resetAt, reset.trips]).toEqual(["closed", start + day, 1n]);
    expect(out(reset, 200n, start + day)).toBeDefined();
  });

  it("within a trip lasts anew; a reset at once takes the whole limit, and what left before still counts", () => {
    const full = fits(out(untouchedSafety, 150n, start));
    const twice = tripped(tripped(full, limits, 850n, start), limits, 850n, start + 10n);
    expect([twice.since, twice.trips]).toEqual([start + 10n + day, 2n]);
    const reset = closed(twice, start + 20n);
    // 170 is the whole limit now, and the bucket is three quarters full of the one before.
    expect(out(reset, 43n, start + 20n, 850n)).toBeUndefined();
    expect(out(reset, 42n, start + 20n, 850n)).toBeDefined();
  });

  it("is counted modulo 2^18", () => {
    expect(tripped({ ...untouchedSafety, trips: 2n ** 18n - 1n }, limits, 0n, start).trips).toBe(0n);
  });
});
