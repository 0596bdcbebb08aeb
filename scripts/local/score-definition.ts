import { parseScoreDefinition } from "../../src/oracle/scoring/score-definition.ts";

/** How an example project is scored: work in its repository, work its service does, and how available that is. */
export function exampleScoreDefinition(project: { title: string; repository: string; url: string }): unknown {
  const onFailure = { unreachable: "refused", declined: "refused" }; // its own service: to be away is its own doing
  const definition = {
    kind: "mandate.score-definition/1",
    title: project.title,
    dimensions: [
      {
        name: "development",
        weight: "300000000000000000",
        metrics: [
          {
            name: "commits",
            source: { kind: "git", repository: project.repository, branch: "main", measure: "commits" },
            decimals: 0,
            floor: "0",
            ceiling: "2",
            weight: "1000000000000000000",
            onFailure: { unreachable: "missing", declined: "refused" },
          },
        ],
      },
      {
        name: "service",
        weight: "700000000000000000",
        metrics: [
          {
            name: "looks",
            source: { kind: "prometheus", url: `${project.url}/metrics`, metric: "watch_recent_looks" },
            decimals: 0,
            floor: "0",
            ceiling: "10",
            weight: "500000000000000000",
            onFailure,
          },
          {
            name: "availability",
            source: { kind: "http-json", url: `${project.url}/health.json`, pointer: "/availabilityPermille" },
            decimals: 0,
            floor: "0",
            ceiling: "1000",
            weight: "500000000000000000",
            onFailure,
          },
        ],
      },
    ],
  };
  const parsed = parseScoreDefinition(definition);
  if (!parsed.ok) throw new TypeError(parsed.problem);
  return definition;
}
