import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDecimal } from "./parse-decimal.ts";

describe("parseDecimal", () => {
  it.each([
    ["0", 0, 0n],
    ["42", 0, 42n],
    ["42", 3, 42000n],
    ["0.1", 18, 100000000000000000n],
    ["1.5e+06", 0, 1500000n],
    ["1.5E-3", 3, 1n],
    ["-1.5", 0, -2n],
    ["1.9999", 0, 1n],
    [".5", 1, 5n],
    ["7.", 0, 7n],
    ["+3", 0, 3n],
    ["123456789012345678901234567890", 0, 123456789012345678901234567890n],
    ["1e-4000", 18, 0n],
    ["-1e-4000", 18, -1n],
    ["0e9999", 18, 0n],
  ])("given %s with %i places, it gives %s", (text, decimals, expected) => {
    expect(parseDecimal(text, decimals)).toBe(expected);
  });

  it.each([
    "",
    " 1",
    "1 ",
    "NaN",
    "+Inf",
    "-Inf",
    "Infinity",
    "0x10",
    "1e",
    "1e999999",
    "1,5",
    "--1",
    "1".repeat(81),
    "1e81",
  ])("given %j, it refuses", (text) => {
    expect(parseDecimal(text, 0)).toBeUndefined();
  });

  it("given any integer written with places, it gives back that integer", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 40n), fc.integer({ min: 1, max: 18 }), (value, decimals) => {
        const digits = value.toString().padStart(decimals + 1, "0");
        const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
        expect(parseDecimal(text, decimals)).toBe(value);
      }),
    );
  });
});
