/** A score definition with two dimensions and three sources, and pieces to vary it. */
export const one = "1000000000000000000";
export const half = "500000000000000000";

export const rule = { unreachable: "missing", declined: "refused" } as const;

export const gitMetric = {
  name: "commits",
  source: { kind: "git", repository: "site", branch: "main", measure: "commits" },
  decimals: 0,
  floor: "0",
  ceiling: "10",
  weight: one,
  onFailure: rule,
};

export const callsMetric = {
  name: "calls",
  source: { kind: "prometheus", url: "http://metrics.example/metrics", metric: "calls_total", labels: { route: "/a" } },
  decimals: 0,
  floor: "0",
  ceiling: "1000",
  weight: half,
  onFailure: rule,
};

export const errorsMetric = {
  name: "errors",
  source: { kind: "http-json", url: "http://status.example/status", pointer: "/errors/share" },
  decimals: 4,
  floor: "0.1",
  ceiling: "0",
  weight: half,
  onFailure: { unreachable: "missing", declined: "missing" },
};

/** Three sources that must agree within a tenth; the status page is the project's own. */
export const ordersMetric = {
  name: "orders",
  sources: [
    {
      name: "shop",
      source: { kind: "http-json", url: "http://shop.example/orders", pointer: "/count" },
      onFailure: { unreachable: "refused", declined: "refused" },
    },
    { name: "billing", source: { kind: "sql", database: "billing", statement: "select 1" } },
    { name: "gateway", source: { kind: "prometheus", url: "http://gateway.example/metrics", metric: "orders_total" } },
  ],
  triangulate: { band: { share: "100000000000000000" }, minimum: 2 },
  decimals: 0,
  floor: "0",
  ceiling: "1000",
  weight: one,
  onFailure: { unreachable: "missing", declined: "missing" },
};

export const triangulatedDefinition = {
  kind: "mandate.score-definition/1",
  title: "triangulated",
  dimensions: [{ name: "sales", weight: one, metrics: [ordersMetric] }],
};

/** What a page says under `/value`, from 0 to 10. */
export function oneNumberOf(url: string) {
  const source = { kind: "http-json", url, pointer: "/value" };
  const metric = { name: "value", source, decimals: 0, floor: "0", ceiling: "10", weight: one, onFailure: rule };
  return {
    kind: "mandate.score-definition/1",
    title: "one number",
    dimensions: [{ name: "only", weight: one, metrics: [metric] }],
  };
}

export const exampleDefinition = {
  kind: "mandate.score-definition/1",
  title: "example",
  dimensions: [
    { name: "delivery", weight: "600000000000000000", metrics: [gitMetric] },
    { name: "service", weight: "400000000000000000", metrics: [callsMetric, errorsMetric] },
  ],
};
