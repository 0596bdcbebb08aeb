import { describe, expect, it } from "vitest";
import { callsMetric, half, one, ordersMetric } from "../../../test/support/score-definition.ts";
import type { ObservedDefinition } from "./agreed-metrics.ts";
import { assessDefinition } from "./assess-definition.ts";
import { parseScoreDefinition } from "./score-definition.ts";

const parsed = parseScoreDefinition({
  kind: "mandate.score-definition/1",
  title: "watched",
  dimensions: [{ name: "sales", weight: one, metrics: [{ ...ordersMetric, centsToFake: 200 }] }],
  probes: [{ name: "largest-buyer", source: callsMetric.source, decimals: 0 }],
  checks: [
    {
      name: "buyers",
      detects: "self-dealing",
      part: "largest-buyer",
      whole: "sales/orders",
      limit: { atMost: half },
    },
  ],
});
if (!parsed.ok) throw new Error(parsed.problem);
const { hash, definition } = parsed.known;

type Found = bigint | "missing" | "refused";

function observed(orders: Found, largest: Found): ObservedDefinition {
  const found: Readonly<Record<string, Found>> = {
    "sales/orders/shop": orders,
    "sales/orders/billing": orders,
    "sales/orders/gateway": orders,
    "largest-buyer": largest,
  };
  return {
    definition: hash,
    metrics: Object.entries(found).map(([metric, each]) =>
      typeof each === "bigint"
        ? { metric, outcome: "value", value: each.toString(), capture: hash }
        : { metric, outcome: each },
    ),
  };
}

const assess = (...each: readonly ObservedDefinition[]) => assessDefinition(definition, each, 1);

describe("assessDefinition", () => {
  it.each([
    ["a share at the limit", 100n, 1, []],
    ["a share beyond it", 101n, 2, [{ kind: "self-dealing", subject: "buyers", reason: "found" }]],
    [
      "a probe that a quorum cannot read",
      "missing",
      2,
      [{ kind: "self-dealing", subject: "buyers", reason: "unknown" }],
    ],
  ] as const)("iOP-022: given %s, the grade follows and the score stays", (_, largest, grade, findings) => {
    const each = observed(200n, largest);
    const { score, findings: found } = assess(each, each, each);
    expect(score).toEqual({ outcome: "value", grade, score: 200_000_000_000_000_000n });
    expect(found).toEqual(findings);
  });

  it("iOP-023: given one liar about the probe, nothing is found", () => {
    const honest = observed(200n, 10n);
    expect(assess(honest, honest, honest, observed(200n, 200n)).findings).toEqual([]);
  });

  it("given a score that is refused or missing, it has no grade and no findings", () => {
    for (const outcome of ["refused", "missing"] as const) {
      const each = observed(outcome, 999n);
      expect(assess(each, each, each)).toMatchObject({ score: { outcome, grade: 0, score: 0n }, findings: [] });
    }
  });
});
