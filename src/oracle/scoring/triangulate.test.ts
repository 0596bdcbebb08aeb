import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MetricOutcome } from "./metric-outcome.ts";
import { triangulate, type Triangulation } from "./triangulate.ts";

const missing: MetricOutcome = { outcome: "missing" };
const refused: MetricOutcome = { outcome: "refused" };
const value = (number: bigint): MetricOutcome => ({ outcome: "value", value: number });
const values = (...numbers: readonly bigint[]): MetricOutcome[] => numbers.map(value);
const two: Triangulation = { band: { absolute: "10" }, minimum: 2 };
const three: Triangulation = { band: { absolute: "10" }, minimum: 3 };
const tenth: Triangulation = { band: { share: "100000000000000000" }, minimum: 2 };

const anyOutcome = fc.oneof(fc.bigInt(-50n, 50n).map(value), fc.constantFrom<MetricOutcome>(missing, refused));

describe("triangulate", () => {
  it.each([
    ["all within the band: their lower median", three, values(7n, 1n, 5n), value(5n), [0, 1, 2]],
    ["two at the band's width", two, values(0n, 10n), value(0n), [0, 1]],
    ["two one beyond it", two, values(0n, 11n), refused, []],
    ["one of three apart", two, values(100n, 3n, 7n), value(3n), [1, 2]],
    ["the larger set, not the lower one", three, values(0n, 50n, 55n, 60n), value(55n), [1, 2, 3]],
    ["the lower of two sets that share a source", two, values(0n, 8n, 16n), value(0n), [0, 1]],
    ["a tenth at the width", tenth, values(90n, 100n), value(90n), [0, 1]],
    ["a tenth one beyond it", tenth, values(89n, 100n), refused, []],
    ["a tenth below zero", tenth, values(-100n, -90n), value(-100n), [0, 1]],
    ["a tenth one beyond it below zero", tenth, values(-100n, -89n), refused, []],
    ["nothing and nothing", tenth, values(0n, 0n), value(0n), [0, 1]],
    ["nothing and something", tenth, values(0n, 1n), refused, []],
    ["a missing one that could have agreed", two, [value(1n), missing], missing, []],
    ["two apart, a third missing", two, [value(1n), value(100n), missing], missing, []],
    ["two apart, a third refused", two, [value(1n), value(100n), refused], refused, []],
    ["one refused beside a value", two, [value(1n), refused], refused, []],
    ["one missing beside enough that agree", two, [value(1n), missing, value(2n)], value(1n), [0, 2]],
    ["too few even with the missing one", three, [value(1n), missing, refused, refused], refused, []],
    ["all missing", two, [missing, missing, missing], missing, []],
    ["all refused", two, [refused, refused], refused, []],
  ] as const)("given %s, it decides", (_, rule, found, outcome, agreeing) => {
    expect(triangulate(found, rule, 0)).toMatchObject({ outcome, agreeing });
  });

  it("given a source outside the agreement, it names it", () => {
    expect(triangulate([value(1n), value(90n), missing, value(2n)], two, 0).outside).toEqual([1]);
    expect(triangulate([value(1n), value(90n)], two, 0).outside).toEqual([]);
  });

  it("given a width with places, it counts in the metric's fixed point, rounded down", () => {
    const rule: Triangulation = { band: { absolute: "0.19" }, minimum: 2 };
    expect(triangulate(values(0n, 1n), rule, 1).outcome).toEqual(value(0n));
    expect(triangulate(values(0n, 2n), rule, 1).outcome).toEqual(refused);
  });

  it("iOP-005: given any order of the sources, it decides the same", () => {
    const shuffled = fc
      .array(anyOutcome, { minLength: 2, maxLength: 8 })
      .chain((found) => fc.tuple(fc.constant(found), fc.shuffledSubarray(found, { minLength: found.length })));
    fc.assert(
      fc.property(shuffled, fc.constantFrom(two, three, tenth), ([found, other], rule) => {
        expect(triangulate(other, rule, 0).outcome).toEqual(triangulate(found, rule, 0).outcome);
      }),
    );
  });

  it("iOP-020: given a minority of bent sources, the value lies within the band of what an honest source says", () => {
    const sources = fc.record({
      truth: fc.bigInt(-1_000n, 1_000n),
      noise: fc.array(fc.bigInt(0n, 10n), { minLength: 3, maxLength: 5 }),
      bent: fc.array(fc.oneof(fc.bigInt(-2_000n, 2_000n).map(value), fc.constant(missing), fc.constant(refused)), {
        maxLength: 2,
      }),
    });
    fc.assert(
      fc.property(sources, ({ truth, noise, bent }) => {
        const honest = noise.map((each) => value(truth + each));
        const rule: Triangulation = { band: { absolute: "10" }, minimum: honest.length };
        const { outcome } = triangulate([...bent, ...honest], rule, 0);
        expect(outcome).toMatchObject({ outcome: "value" });
        if (outcome.outcome !== "value") return;
        expect(outcome.value >= truth - 10n && outcome.value <= truth + 20n).toBe(true);
      }),
    );
  });
});
