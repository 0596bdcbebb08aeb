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

export const exampleDefinition = {
  kind: "mandate.score-definition/1",
  title: "example",
  dimensions: [
    { name: "delivery", weight: "600000000000000000", metrics: [gitMetric] },
    { name: "service", weight: "400000000000000000", metrics: [callsMetric, errorsMetric] },
  ],
};
