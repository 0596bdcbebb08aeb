import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toleratedFaults } from "../../org/quorum.ts";
import { certainSpread, combineMetric, type MetricOutcome } from "./metric-outcome.ts";

const value = (number: bigint): MetricOutcome => ({ outcome: "value", value: number });
const missing: MetricOutcome = { outcome: "missing" };
const refused: MetricOutcome = { outcome: "refused" };
const anyOutcome = fc.oneof(
  fc.bigInt(-(10n ** 40n), 10n ** 40n).map(value),
  fc.constantFrom<MetricOutcome>(missing, refused),
);

describe("combineMetric", () => {
  it.each([
    ["all values: the median", [value(1n), value(9n), value(5n)], value(5n)],
    ["an even number of values: the lower of the middle two", [value(1n), value(9n), value(5n), value(7n)], value(5n)],
    ["2f+1 values and a refusal", [value(1n), value(2n), value(3n), refused], value(2n)],
    ["2f values and f+1 refusals", [value(1n), value(2n), refused, refused], refused],
    ["2f values, one refused, one missing", [value(1n), value(2n), refused, missing], missing],
    ["f+1 refusals outweigh what is missing", [missing, missing, refused, refused], refused],
    ["one refusal alone proves nothing", [missing, missing, missing, refused], missing],
    ["nobody included", [], missing],
  ] as const)("given one tolerated liar and %s, it decides", (_, found, expected) => {
    expect(combineMetric(found, 1)).toEqual(expected);
  });

  it("iOP-005: given any order, it decides the same", () => {
    const shuffledPair = fc
      .array(anyOutcome, { maxLength: 13 })
      .chain((found) => fc.tuple(fc.constant(found), fc.shuffledSubarray(found, { minLength: found.length })));
    fc.assert(
      fc.property(shuffledPair, fc.nat(4), ([found, shuffled], faults) => {
        expect(combineMetric(shuffled, faults)).toEqual(combineMetric(found, faults));
      }),
    );
  });

  it("iOP-006: given at most f liars, a value lies between two honest values", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 31 }).chain((operators) => {
          const faults = toleratedFaults(operators);
          return fc.record({
            faults: fc.constant(faults),
            honest: fc.array(anyOutcome, { minLength: operators - faults, maxLength: operators - faults }),
            lies: fc.array(anyOutcome, { maxLength: faults }),
          });
        }),
        ({ faults, honest, lies }) => {
          const combined = combineMetric([...honest, ...lies], faults);
          const honestValues = honest.flatMap((each) => (each.outcome === "value" ? [each.value] : []));
          if (combined.outcome === "value") {
            expect(honestValues.some((each) => each <= combined.value)).toBe(true);
            expect(honestValues.some((each) => each >= combined.value)).toBe(true);
          }
          if (combined.outcome === "refused") expect(honest).toContainEqual(refused);
        },
      ),
    );
  });

  it("given that all honest operators agree, f liars change nothing", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 31 }),
        anyOutcome,
        fc.array(anyOutcome, { maxLength: 31 }),
        (operators, truth, lies) => {
          const faults = toleratedFaults(operators);
          const found = [...new Array<MetricOutcome>(operators - faults).fill(truth), ...lies.slice(0, faults)];
          expect(combineMetric(found, faults)).toEqual(truth);
        },
      ),
    );
  });
});

describe("certainSpread", () => {
  it.each([
    ["one value each", [value(1n), value(9n), value(5n)], 1, 0n],
    ["the two that are left", [value(1n), value(9n), value(5n), value(7n)], 1, 2n],
    ["nobody who may lie", [value(9n), value(1n), missing, refused], 0, 8n],
    ["fewer values than liars", [value(1n), missing, missing], 1, 0n],
    ["none", [], 0, 0n],
  ] as const)("given %s, it puts the extremes of as many as may lie aside", (_, found, faults, expected) => {
    expect(certainSpread(found, faults)).toBe(expected);
  });

  it("iOP-023: given at most f liars, it is never more than the distance of honest values", () => {
    const numbers = fc.array(fc.bigInt(-(10n ** 20n), 10n ** 20n), { minLength: 1, maxLength: 21 });
    fc.assert(
      fc.property(numbers, fc.array(anyOutcome, { maxLength: 10 }), (honest, lies) => {
        const sorted = [...honest].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        const distance = (sorted.at(-1) ?? 0n) - (sorted[0] ?? 0n);
        expect(certainSpread([...honest.map(value), ...lies], lies.length) <= distance).toBe(true);
      }),
    );
  });
});
