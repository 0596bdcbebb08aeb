import { describe, expect, it } from "vitest";
import { losesMany, movesTooFar, type SanityBounds } from "./sanity-bounds.ts";

const bounds: SanityBounds = { softStep: 5n, lostShare: 25n * 10n ** 16n, lostLeaves: 10 };

describe("the sanity bounds of a report", () => {
  it.each([
    [10n, 15n, false],
    [10n, 16n, true],
    [10n, 5n, false],
    [10n, 4n, true],
  ] as const)("given τ at %i and then at %i, it moves too far: %s", (threshold, next, expected) => {
    expect(movesTooFar(bounds, threshold, next)).toBe(expected);
  });

  it.each([
    ["the first report", 0, 100, false],
    ["as many leaves", 100, 100, false],
    ["more leaves", 100, 1000, false],
    ["exactly the share", 100, 75, false],
    ["one more than the share", 100, 74, true],
    ["all of few", 10, 0, false],
    ["all of one more", 11, 0, true],
    ["exactly the number, beyond the share", 20, 10, false],
    ["one more than both", 20, 9, true],
    ["more than the number, within the share", 1000, 989, false],
    ["all of the most", 2 ** 32 - 1, 0, true],
  ])("given %s: %i and then %i leaves, too many are gone: %s", (_, before, leaves, expected) => {
    expect(losesMany(bounds, before, leaves)).toBe(expected);
  });

  it("given a share of one, nothing is too much", () => {
    expect(losesMany({ ...bounds, lostShare: 10n ** 18n }, 1_000_000, 0)).toBe(false);
  });
});
