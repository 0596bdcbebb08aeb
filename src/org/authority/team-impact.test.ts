import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ImpactWindows } from "./state.ts";
import { charged, rolledTo, usedByHalfDay, usedImpact, windowSeconds } from "./team-impact.ts";

const day = 86_400;
const never: ImpactWindows = { window: 0, used: [0n, 0n, 0n] };

/** Wishes to spend, in order of time: seconds after the one before, and an impact. */
const wishes = fc.array(
  fc.record({
    after: fc.oneof(
      fc.nat(600),
      fc.nat(2 * day),
      fc.constantFrom(0, 1, windowSeconds - 1, windowSeconds, day - 1, day),
    ),
    impact: fc.bigInt(1n, 60n),
  }),
  { maxLength: 60 },
);

/** Lets through what fits the limit, as a check does; the list of all that was let through. */
function spend(all: readonly { after: number; impact: bigint }[], limit: bigint, start: number) {
  const passed: { time: number; impact: bigint }[] = [];
  let windows = never;
  let time = start;
  for (const { after, impact } of all) {
    time += after;
    if (usedImpact(windows, time) + impact > limit) continue;
    windows = charged(windows, impact, time);
    passed.push({ time, impact });
  }
  return { passed, windows, time };
}

function sumIn(passed: readonly { time: number; impact: bigint }[], from: number, until: number): bigint {
  return passed.reduce((sum, { time, impact }) => (from <= time && time < until ? sum + impact : sum), 0n);
}

describe("impact of a team in 24 hours", () => {
  it("iMO-003: never exceeds the limit in any 24 hours, for every sequence of spends", () => {
    fc.assert(
      fc.property(wishes, fc.nat(2 * day), (all, start) => {
        const { passed } = spend(all, 100n, start);
        // Where the sum is largest, a span begins with a spend.
        for (const { time } of passed) expect(sumIn(passed, time, time + day) <= 100n).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("iMO-003: counts at least what was spent in the last 24 hours and at most what was in 36, for every sequence", () => {
    fc.assert(
      fc.property(wishes, fc.nat(2 * day), fc.nat(3 * day), (all, start, later) => {
        const { passed, windows, time } = spend(all, 100n, start);
        const now = time + later;
        const used = usedImpact(windows, now);
        expect(used >= sumIn(passed, now - day + 1, now + 1)).toBe(true);
        expect(used <= sumIn(passed, now - 3 * windowSeconds + 1, now + 1)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("equals the sum over its half-day and the two before it, whenever it is read", () => {
    fc.assert(
      fc.property(wishes, fc.nat(2 * day), (all, start) => {
        let windows = never;
        let time = start;
        const passed: { time: number; impact: bigint }[] = [];
        for (const { after, impact } of all) {
          time += after;
          windows = charged(windows, impact, time);
          passed.push({ time, impact });
          const from = (Math.floor(time / windowSeconds) - 2) * windowSeconds;
          expect(usedImpact(windows, time)).toBe(sumIn(passed, from, time + 1));
        }
      }),
    );
  });

  it("holds what was spent in the last second of a half-day until the third one after it begins", () => {
    const windows = charged(never, 7n, windowSeconds - 1);
    expect(usedImpact(windows, 3 * windowSeconds - 1)).toBe(7n);
    expect(usedImpact(windows, 3 * windowSeconds)).toBe(0n);
  });

  it("moves each half-day by as many places as half-days have passed", () => {
    const windows: ImpactWindows = { window: 10, used: [1n, 2n, 4n] };
    const at = (window: number) => rolledTo(windows, window * windowSeconds);
    expect(at(10)).toEqual({ window: 10, used: [1n, 2n, 4n] });
    expect(at(11)).toEqual({ window: 11, used: [0n, 1n, 2n] });
    expect(at(12)).toEqual({ window: 12, used: [0n, 0n, 1n] });
    expect(at(13)).toEqual({ window: 13, used: [0n, 0n, 0n] });
    expect(usedByHalfDay(windows, 11 * windowSeconds)).toBe((1n << 48n) | (2n << 96n));
    expect(usedByHalfDay(windows, 10 * windowSeconds)).toBe(1n | (2n << 48n) | (4n << 96n));
    expect(at(2_000)).toEqual({ window: 2_000, used: [0n, 0n, 0n] });
  });
});
