import fc from "fast-check";
import { expect, it } from "vitest";
import { retryPauseMs } from "./decide-retry.ts";

const settings = { firstMs: 1_000, longestMs: 60_000 };

it("given more failures, the pause doubles up to its limit, and chance takes at most half of it", () => {
  expect([1, 2, 3, 6, 7, 100].map((failures) => retryPauseMs(failures, settings, 0))).toEqual([
    500, 1_000, 2_000, 16_000, 30_000, 30_000,
  ]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, random) => {
        const pause = retryPauseMs(failures, settings, random);
        const least = retryPauseMs(failures, settings, 0);
        expect(pause).toBeGreaterThanOrEqual(least);
        expect(pause).toBeLessThanOrEqual(2 * least);
        expect(pause).toBeLessThanOrEqual(settings.longestMs);
      },
    ),
  );
});
