import { describe, expect, it } from "vitest";
import { compareDecimals } from "./decimal.ts";

describe("compareDecimals", () => {
  it.each([
    ["1", "1.0", 0],
    ["0.1", "0.10000000000000000000000000001", -1],
    ["-2", "-1", -1],
    ["9007199254740993", "9007199254740992", 1],
    ["1e3", "1000", 0],
    ["1.5e-7", "0.00000015", 0],
    ["-0", "0", 0],
  ])("given %s and %s, it is %i", (a, b, order) => {
    expect(compareDecimals(a, b)).toBe(order);
  });

  it.each(["", "NaN", "1.", ".5", "0x10", "1 "])("given %j, it is no number", (text) => {
    expect(compareDecimals(text, "1")).toBeUndefined();
  });
});
