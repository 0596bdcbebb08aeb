import { describe, expect, it } from "vitest";
import { exampleDefinition, triangulatedDefinition } from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { agreedMetrics, type ObservedDefinition } from "./agreed-metrics.ts";
import { parseScoreDefinition } from "./score-definition.ts";

function known(document: unknown) {
  const parsed = parseScoreDefinition(document);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.known;
}

type Found = bigint | "missing" | "refused";

function observed(document: unknown, found: Readonly<Record<string, Found>>): ObservedDefinition {
  return {
    definition: known(document).hash,
    metrics: Object.entries(found).map(([metric, each]) =>
      typeof each === "bigint"
        ? { metric, outcome: "value", value: each.toString(), capture: documentHash(metric) }
        : { metric, outcome: each },
    ),
  };
}

const orders = (shop: Found, billing: Found, gateway: Found): ObservedDefinition =>
  observed(triangulatedDefinition, {
    "sales/orders/shop": shop,
    "sales/orders/billing": billing,
    "sales/orders/gateway": gateway,
  });

const agree = (...entries: readonly ObservedDefinition[]) =>
  agreedMetrics(known(triangulatedDefinition).definition, entries, 1)[0];

describe("agreedMetrics", () => {
  it("given sources that agree, it takes their lower median and names those that it rests on", () => {
    const found = agree(orders(100n, 95n, 500n), orders(100n, 95n, 500n), orders(100n, 95n, 500n));
    expect(found?.outcome).toEqual({ outcome: "value", value: 95n });
    expect(found?.counted.map(({ key }) => key)).toEqual(["sales/orders/shop", "sales/orders/billing"]);
    expect(found?.outside.map(({ key }) => key)).toEqual(["sales/orders/gateway"]);
  });

  it("given operators that lack a different source each, every source still counts", () => {
    const found = agree(
      orders("refused", 95n, 98n),
      orders(100n, "missing", 98n),
      orders(100n, 95n, "missing"),
      orders(100n, 95n, 98n),
    );
    expect(found?.outcome).toEqual({ outcome: "value", value: 98n });
    expect(found?.counted).toHaveLength(3);
  });

  it("iOP-021: given a liar that names other numbers at every source, it changes nothing", () => {
    const honest = orders(100n, 95n, 98n);
    expect(agree(honest, honest, honest, orders(-1n, 10n ** 30n, 0n))).toEqual(agree(honest, honest, honest));
  });

  it("given that a quorum is refused at two of three sources, the metric is refused", () => {
    const each = orders("refused", "refused", 98n);
    expect(agree(each, each, each)).toMatchObject({ outcome: { outcome: "refused" }, counted: [], outside: [] });
  });

  it("given a metric of one source, it rests on that source, or on none", () => {
    const { definition } = known(exampleDefinition);
    const entry = observed(exampleDefinition, { "delivery/commits": 5n, "service/calls": "refused" });
    const [commits, calls, errors] = agreedMetrics(definition, [entry, entry, entry], 1);
    expect(commits).toMatchObject({ outcome: { outcome: "value", value: 5n }, counted: [{ key: "delivery/commits" }] });
    expect(calls).toMatchObject({ outcome: { outcome: "refused" }, counted: [] });
    expect(errors).toMatchObject({ outcome: { outcome: "missing" }, counted: [] });
  });
});
