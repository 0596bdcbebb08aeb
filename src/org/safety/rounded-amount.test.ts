import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRounded, encodeRounded, roundedDown } from "./rounded-amount.ts";

const amount = fc.bigInt(0n, 2n ** 112n - 1n);

describe("a rounded amount", () => {
  it("fits 58 bits, is never more than the amount, and less than one part in 7·10^10 is lost", () => {
    fc.assert(
      fc.property(amount, (each) => {
        const code = encodeRounded(each);
        expect(code < 2n ** 58n).toBe(true);
        const kept = decodeRounded(code);
        expect(kept <= each && (each - kept) * 7n * 10n ** 10n <= each).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is kept when it is rounded again, and keeps the order of amounts", () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(roundedDown(roundedDown(a))).toBe(roundedDown(a));
        expect(a <= b ? roundedDown(a) <= roundedDown(b) : roundedDown(b) <= roundedDown(a)).toBe(true);
      }),
    );
  });

  it.each([
    [0n, 0n],
    [2n ** 56n - 1n, 2n ** 56n - 1n],
    [2n ** 56n, 72_057_594_037n * 10n ** 6n],
    [200n * 10n ** 18n, 200n * 10n ** 18n],
    [2n ** 112n - 1n, 5_192_296_858_534_827n * 10n ** 18n],
  ])("given %i, keeps %i", (each, kept) => {
    expect(roundedDown(each)).toBe(kept);
  });
});
