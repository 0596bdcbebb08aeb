import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatUnitsOfAccount, isUnitsOfAccount, LARGEST_LIMIT, toUnitsOfAccount } from "./unit-of-account.ts";

describe("amounts in units of account", () => {
  it.each([
    ["0", 0n],
    ["1", 10_000n],
    ["0.0001", 1n],
    ["50000", 500_000_000n],
    ["0.5", 5_000n],
    ["12.34", 123_400n],
  ])("reads %s", (text, amount) => {
    expect(toUnitsOfAccount(text)).toBe(amount);
    expect(formatUnitsOfAccount(amount)).toBe(text);
  });

  it.each(["", "-1", "1.", ".5", "01", "1.00001", "1e3", "1,000", " 1", "0x10"])("refuses %j", (text) => {
    expect(isUnitsOfAccount(text)).toBe(false);
    expect(() => toUnitsOfAccount(text)).toThrow(RangeError);
  });

  it("reads back whatever it writes", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, LARGEST_LIMIT), (amount) => {
        const text = formatUnitsOfAccount(amount);
        expect(isUnitsOfAccount(text)).toBe(true);
        expect(toUnitsOfAccount(text)).toBe(amount);
      }),
    );
  });

  it("takes the largest limit and nothing above it", () => {
    expect(isUnitsOfAccount(formatUnitsOfAccount(LARGEST_LIMIT))).toBe(true);
    expect(isUnitsOfAccount(formatUnitsOfAccount(LARGEST_LIMIT + 1n))).toBe(false);
  });
});
