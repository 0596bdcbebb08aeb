import { describe, expect, it } from "vitest";
import {
  callsMetric,
  errorsMetric,
  exampleDefinition,
  gitMetric,
  half,
  one,
  ordersMetric,
} from "../../../test/support/score-definition.ts";
import { agreedMetrics } from "./agreed-metrics.ts";
import type { Finding } from "./finding.ts";
import { centsToBend, gradeOf, metricFindings } from "./grade.ts";
import { metricsOf, parseScoreDefinition, readingsOf, type ScoreDefinition } from "./score-definition.ts";

function parsed(document: unknown): ScoreDefinition {
  const result = parseScoreDefinition(document);
  if (!result.ok) throw new Error(result.problem);
  return result.known.definition;
}

function withMetrics(...metrics: readonly unknown[]): ScoreDefinition {
  return parsed({ ...exampleDefinition, dimensions: [{ name: "only", weight: one, metrics }] });
}

/** What `operators` see who all read the same: 100 everywhere, but for what `other` says of a source. */
function seen(definition: ScoreDefinition, other: Readonly<Record<string, bigint | undefined>> = {}) {
  const metrics = readingsOf(definition).flatMap(({ key }) => {
    const value = key in other ? other[key] : 100n;
    return value === undefined
      ? []
      : [{ metric: key, outcome: "value", value: value.toString(), capture: "0x" } as const];
  });
  return agreedMetrics(definition, [{ definition: "0x", metrics }], 0);
}

const finding = (kind: Finding["kind"], subject = "x"): Finding => ({ kind, subject, reason: "found" });

/** 1,000 orders at 200 cents: half of the score costs 100,000 cents. */
const dear = { ...ordersMetric, centsToFake: 200 };

describe("gradeOf", () => {
  it.each([
    ["three origins that agree on what is dear to fake", withMetrics(dear), 1],
    ["the same one cent below", withMetrics({ ...dear, ceiling: "999.99", decimals: 2 }), 2],
    ["the same without a cost", withMetrics(ordersMetric), 2],
    [
      "half of the weight triangulated",
      withMetrics({ ...dear, weight: half, centsToFake: 400 }, { ...callsMetric, centsToFake: 400 }),
      1,
    ],
    [
      "less than half of it",
      withMetrics(
        { ...dear, weight: "499999999999999999", centsToFake: 400 },
        { ...callsMetric, weight: "500000000000000001", centsToFake: 400 },
      ),
      2,
    ],
    ["three origins that nothing holds against each other", parsed(exampleDefinition), 2],
    ["two origins", withMetrics(callsMetric, errorsMetric), 2],
    [
      "two ports of one host",
      withMetrics(callsMetric, {
        ...errorsMetric,
        source: { ...errorsMetric.source, url: "http://metrics.example:81/other" },
      }),
      3,
    ],
    ["a single source", withMetrics(gitMetric), 4],
  ])("given %s, it gives the grade", (_, definition, grade) => {
    expect(gradeOf(definition, seen(definition), [])).toBe(grade);
  });

  it("given a source that does not count in this epoch, its origin does not count either", () => {
    const definition = withMetrics(dear);
    expect(gradeOf(definition, seen(definition, { "only/orders/shop": 900n }), [])).toBe(2);
    expect(gradeOf(definition, seen(definition, { "only/orders/shop": undefined }), [])).toBe(2);
  });

  it.each([
    ["one finding", [finding("burst")], 2],
    ["two of one kind", [finding("burst", "x"), finding("burst", "y")], 2],
    ["two kinds", [finding("burst"), finding("lockstep")], 3],
    [
      "more kinds than there are grades",
      [finding("burst"), finding("lockstep"), finding("spread"), finding("divergence")],
      4,
    ],
    ["an outlier, whose origin does not count anyway", [finding("outlier")], 1],
  ] as const)("iOP-022: given %s, it lowers the grade by its kinds, at most to D", (_, findings, grade) => {
    const definition = withMetrics(dear);
    expect(gradeOf(definition, seen(definition), findings)).toBe(grade);
  });
});

describe("centsToBend", () => {
  it.each([
    ["one metric: half of it", [{ ...gitMetric, centsToFake: 13 }], 65n],
    ["a metric that costs nothing and is half of the weight", [callsMetric, { ...errorsMetric, centsToFake: 9 }], 0n],
    [
      "a free third, then the cheaper one",
      [
        { ...gitMetric, weight: "300000000000000000" },
        { ...callsMetric, weight: "300000000000000000", centsToFake: 3 },
        { ...errorsMetric, weight: "400000000000000000", centsToFake: 1_000_000 },
      ],
      2_000n, // two of the three tenths of calls: ⌊3,000 · 2 / 3⌋
    ],
    ["less is better: the span counts, not its direction", [{ ...errorsMetric, weight: one, centsToFake: 1_000 }], 50n],
    ["a part that does not divide: rounded down", [{ ...gitMetric, ceiling: "3", centsToFake: 1 }], 1n],
  ] as const)("given %s, it is exact", (_, metrics, cents) => {
    expect(centsToBend(withMetrics(...metrics))).toBe(cents);
  });

  it("given metrics in another order, it is the same", () => {
    const three = [
      { ...gitMetric, weight: "333333333333333333", centsToFake: 7 },
      { ...callsMetric, weight: "333333333333333333", ceiling: "10", centsToFake: 7 },
      { ...errorsMetric, weight: "333333333333333334", floor: "10", centsToFake: 7 },
    ];
    expect(centsToBend(withMetrics(...three.toReversed()))).toBe(centsToBend(withMetrics(...three)));
  });
});

describe("metricFindings", () => {
  const definition = withMetrics(gitMetric);
  const apart = (spread: bigint) =>
    metricsOf(definition).map(({ key, metric }) => ({
      key,
      metric: { ...metric, ceiling: "100" },
      outcome: { outcome: "value", value: 1n } as const,
      counted: readingsOf(definition),
      outside: [],
      spread,
    }));

  it.each([
    [5n, 0],
    [6n, 1],
  ])("given a certain distance of %s in a span of 100, it finds %s", (spread, findings) => {
    expect(metricFindings(apart(spread))).toHaveLength(findings);
  });

  it("given a source outside the band, it tells of it", () => {
    const orders = withMetrics(ordersMetric);
    expect(metricFindings(seen(orders, { "only/orders/gateway": 900n }))).toEqual([
      { kind: "outlier", subject: "only/orders", reason: "found" },
    ]);
  });
});
