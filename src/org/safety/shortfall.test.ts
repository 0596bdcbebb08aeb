import { expect, it } from "vitest";
import { isRulingHeld, ruledAmount, rulingLimit } from "./shortfall.ts";

it.each([
  ["half of it is there", 50n, 100n, 5n * 10n ** 17n],
  ["a third, rounded down", 1n, 3n, 333_333_333_333_333_333n],
  ["nothing is there", 0n, 100n, 0n],
  ["all of it is there", 100n, 100n, 0n],
  ["more is there", 101n, 100n, 0n],
] as const)("given that %s, at most so much is ruled", (_what, balance, credited, limit) => {
  expect(rulingLimit(balance, credited)).toBe(limit);
});

it("a ruling holds while there is enough for everybody's share", () => {
  expect([isRulingHeld({ share: 1n, left: 5n }, 5n), isRulingHeld({ share: 1n, left: 5n }, 4n)]).toEqual([true, false]);
  expect(isRulingHeld({ share: 0n, left: 0n }, 5n)).toBe(false);
});

it("a payee takes its share, rounded down to the base unit", () => {
  expect(ruledAmount(3n, 5n * 10n ** 17n)).toBe(1n);
  expect(ruledAmount(1n, 5n * 10n ** 17n)).toBe(0n);
});
