import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ONE } from "../../core/fixed-point.ts";
import { normalize } from "./normalize.ts";

describe("normalize", () => {
  it.each([
    ["below the floor", -1n, 0n, 10n, 0n],
    ["at the floor", 0n, 0n, 10n, 0n],
    ["between", 3n, 0n, 10n, 300000000000000000n],
    ["a third, rounded down", 1n, 0n, 3n, 333333333333333333n],
    ["at the ceiling", 10n, 0n, 10n, ONE],
    ["above the ceiling", 11n, 0n, 10n, ONE],
    ["less is better, at the floor", 100n, 100n, 0n, 0n],
    ["less is better, at the ceiling", 0n, 100n, 0n, ONE],
    ["less is better, between", 25n, 100n, 0n, 750000000000000000n],
    ["less is better, rounded down", 2n, 3n, 0n, 333333333333333333n],
    ["negative bounds", -5n, -10n, 0n, 500000000000000000n],
  ])("given a value %s, it gives its share", (_, value, floor, ceiling, expected) => {
    expect(normalize(value, floor, ceiling)).toBe(expected);
  });

  it("given any bounds, it stays in 0 to 1 and never falls when the value moves toward the ceiling", () => {
    const integer = fc.bigInt(-(10n ** 30n), 10n ** 30n);
    fc.assert(
      fc.property(integer, integer, integer, fc.bigInt(0n, 10n ** 30n), (value, floor, ceiling, step) => {
        fc.pre(floor !== ceiling);
        const here = normalize(value, floor, ceiling);
        const nearer = normalize(ceiling > floor ? value + step : value - step, floor, ceiling);
        expect(here >= 0n && here <= ONE).toBe(true);
        expect(nearer >= here).toBe(true);
      }),
    );
  });
});
