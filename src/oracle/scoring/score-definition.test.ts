import { describe, expect, it } from "vitest";
import {
  callsMetric,
  errorsMetric,
  exampleDefinition,
  gitMetric,
  half,
  one,
} from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { bound, integrityGrade, metricsOf, parseScoreDefinition } from "./score-definition.ts";

function withMetrics(...metrics: readonly unknown[]): unknown {
  return { ...exampleDefinition, dimensions: [{ name: "only", weight: one, metrics }] };
}

function gradeOf(document: unknown): number {
  const parsed = parseScoreDefinition(document);
  if (!parsed.ok) throw new Error(parsed.problem);
  return integrityGrade(parsed.known.definition);
}

describe("parseScoreDefinition", () => {
  it("given a definition, it names its metrics in order and takes the hash of the document as it was given", () => {
    const parsed = parseScoreDefinition(exampleDefinition);
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(parsed.known.hash).toBe(documentHash(exampleDefinition));
    expect(metricsOf(parsed.known.definition).map(({ key }) => key)).toEqual([
      "delivery/commits",
      "service/calls",
      "service/errors",
    ]);
  });

  it.each([
    ["an unknown key", { ...exampleDefinition, more: 1 }, 'Unrecognized key: "more"'],
    ["another kind", { ...exampleDefinition, kind: "mandate.score-definition/2" }, "at kind"],
    ["weights below one", withMetrics({ ...gitMetric, weight: half }), "weights must sum to 1e18"],
    ["weights above one", withMetrics(gitMetric, callsMetric), "weights must sum to 1e18"],
    ["a weight that is no integer", withMetrics({ ...gitMetric, weight: "0.5" }), "at dimensions[0].metrics[0].weight"],
    ["two metrics of one name", withMetrics(callsMetric, { ...errorsMetric, name: "calls" }), "names must differ"],
    ["floor at the ceiling", withMetrics({ ...gitMetric, ceiling: "0" }), "floor and ceiling must differ"],
    [
      "bounds that differ beyond the places only",
      withMetrics({ ...gitMetric, ceiling: "0.5" }),
      "floor and ceiling must differ",
    ],
    ["a number in place of text", withMetrics({ ...gitMetric, ceiling: 10 }), "at dimensions[0].metrics[0].ceiling"],
    [
      "a file URL",
      withMetrics({ ...gitMetric, source: { ...callsMetric.source, url: "file:///etc/passwd" } }),
      "source.url",
    ],
    [
      "a path in place of a repository name",
      withMetrics({ ...gitMetric, source: { ...gitMetric.source, repository: "/etc" } }),
      "source.repository",
    ],
    [
      "a branch that is an option",
      withMetrics({ ...gitMetric, source: { ...gitMetric.source, branch: "--output=x" } }),
      "source.branch",
    ],
    ["no rule for failures", withMetrics({ ...gitMetric, onFailure: {} }), "onFailure"],
  ])("given %s, it says what is wrong and where", (_, document, problem) => {
    const parsed = parseScoreDefinition(document);
    expect(parsed.ok ? "accepted" : parsed.problem).toContain(problem);
  });
});

describe("integrityGrade", () => {
  it.each([
    ["three origins", exampleDefinition, 1],
    ["two origins", withMetrics(callsMetric, errorsMetric), 2],
    [
      "several metrics of one origin",
      withMetrics(callsMetric, {
        ...errorsMetric,
        source: { ...errorsMetric.source, url: "http://metrics.example/other" },
      }),
      3,
    ],
    ["a single metric", withMetrics(gitMetric), 4],
  ])("given %s, it gives the grade", (_, document, grade) => {
    expect(gradeOf(document)).toBe(grade);
  });
});

describe("bound", () => {
  it("given a bound, it is in the metric's fixed point, rounded down", () => {
    expect(bound("-0.15", 1)).toBe(-2n);
    expect(() => bound("x", 0)).toThrow(RangeError);
  });
});
