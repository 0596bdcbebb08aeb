import { describe, expect, it } from "vitest";
import {
  callsMetric,
  errorsMetric,
  exampleDefinition,
  gitMetric,
  half,
  one,
  ordersMetric,
  triangulatedDefinition,
} from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { bound, metricsOf, parseScoreDefinition, readingsOf } from "./score-definition.ts";

function withMetrics(...metrics: readonly unknown[]): unknown {
  return { ...exampleDefinition, dimensions: [{ name: "only", weight: one, metrics }] };
}

const fourthSource = { name: "chain", source: gitMetric.source };
const callsAtShop = { ...callsMetric.source, url: "http://shop.example/metrics" };

const clicksProbe = { name: "clicks", source: callsMetric.source, decimals: 0 };
const clicksCheck = {
  name: "alone",
  detects: "self-dealing",
  part: "clicks",
  whole: "delivery/commits",
  limit: { atMost: half },
};

const clicksWatch = {
  name: "jump",
  detects: "burst",
  metric: "delivery/commits",
  over: 8,
  factor: one,
  from: "1",
};

function checked(changes: object): unknown {
  return { ...exampleDefinition, probes: [clicksProbe], checks: [clicksCheck], ...changes };
}

function triangulated(minimum: number, sources: readonly unknown[] = ordersMetric.sources): unknown {
  return withMetrics({ ...ordersMetric, sources, triangulate: { ...ordersMetric.triangulate, minimum } });
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

  it("given a metric of several sources, each is read under its own name and its own rule for failures", () => {
    const parsed = parseScoreDefinition(triangulatedDefinition);
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(readingsOf(parsed.known.definition).map(({ key, onFailure }) => [key, onFailure.unreachable])).toEqual([
      ["sales/orders/shop", "refused"],
      ["sales/orders/billing", "missing"],
      ["sales/orders/gateway", "missing"],
    ]);
  });

  it("given probes, they are read as well, and never make anything refused", () => {
    const parsed = parseScoreDefinition(checked({}));
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(readingsOf(parsed.known.definition).at(-1)).toEqual({
      key: "clicks",
      source: callsMetric.source,
      decimals: 0,
      onFailure: { unreachable: "missing", declined: "missing" },
    });
  });

  it("given a definition from before sources could be several, its hash is what it was", () => {
    expect(documentHash(exampleDefinition)).toBe("0x1740d5b7b310fc012c297a1a11b13150ee649926ee684aed68f3081ef244b6d7");
  });

  it.each([
    ["sources that are as many as an observation holds", 32, true],
    ["one dimension more", 33, false],
  ])("given %s, it accepts %s: %s", (_, readings, accepted) => {
    const sources = Array.from({ length: 8 }, (_each, index) => ({
      name: `s${index}`,
      source: { ...callsMetric.source, url: `http://s${index}.example/` },
    }));
    const metrics = (count: number) =>
      Array.from({ length: count }, (_each, index) => ({
        ...ordersMetric,
        name: `m${index}`,
        sources,
        triangulate: { ...ordersMetric.triangulate, minimum: 5 },
        weight: index === 0 ? (10n ** 18n - BigInt(count - 1)).toString() : "1",
      }));
    const dimensions = [16, 16, readings - 32]
      .filter((count) => count > 0)
      .map((count, index) => ({ name: `d${index}`, weight: "1", metrics: metrics(count) }))
      .map((each, index, all) => ({
        ...each,
        weight: index === 0 ? (10n ** 18n - BigInt(all.length - 1)).toString() : "1",
      }));
    expect(parseScoreDefinition({ ...exampleDefinition, dimensions }).ok).toBe(accepted);
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
    ["neither source nor sources", withMetrics({ ...gitMetric, source: undefined }), "either source or sources"],
    ["both", withMetrics({ ...ordersMetric, source: gitMetric.source }), "either source or sources"],
    ["sources without a band", withMetrics({ ...ordersMetric, triangulate: undefined }), "goes with sources"],
    [
      "a band without sources",
      withMetrics({ ...gitMetric, triangulate: ordersMetric.triangulate }),
      "goes with sources",
    ],
    ["a minimum of half of the sources", triangulated(2, [...ordersMetric.sources, fourthSource]), "more than half"],
    ["a minimum of more than all", triangulated(4), "more than there are sources"],
    ["a minimum of one", triangulated(1), "triangulate.minimum"],
    [
      "two sources of one host",
      triangulated(3, [...ordersMetric.sources, { ...fourthSource, source: callsAtShop }]),
      "origins must differ",
    ],
    [
      "two sources of one name",
      triangulated(3, [...ordersMetric.sources, { ...fourthSource, name: "shop" }]),
      "names must differ",
    ],
    ["two probes of one name", checked({ probes: [clicksProbe, clicksProbe] }), "names must differ"],
    ["two checks of one name", checked({ checks: [clicksCheck, clicksCheck] }), "names must differ"],
    [
      "a check of something unknown",
      checked({ checks: [{ ...clicksCheck, whole: "delivery/nothing" }] }),
      "no such metric or probe\n  → at checks[0].whole",
    ],
    ["a check without a limit", checked({ checks: [{ ...clicksCheck, limit: {} }] }), "checks[0].limit"],
    [
      "a check of two limits",
      checked({ checks: [{ ...clicksCheck, limit: { atMost: "1", atLeast: "1" } }] }),
      "checks[0].limit",
    ],
    ["a watch of something unknown", checked({ watch: [{ ...clicksWatch, metric: "a/b" }] }), "no such metric: a/b"],
    [
      "a watch against something unknown",
      checked({ watch: [{ ...clicksWatch, detects: "divergence", against: "a/b" }] }),
      "no such metric: a/b",
    ],
    ["two watches of one name", checked({ watch: [clicksWatch, clicksWatch] }), "names must differ"],
    ["a weight of nothing", withMetrics({ ...gitMetric, weight: "0" }), "at dimensions[0].metrics[0].weight"],
    ["a cost below nothing", withMetrics({ ...gitMetric, centsToFake: -1 }), "centsToFake"],
    ["no rule for failures", withMetrics({ ...gitMetric, onFailure: {} }), "onFailure"],
  ])("given %s, it says what is wrong and where", (_, document, problem) => {
    const parsed = parseScoreDefinition(document);
    expect(parsed.ok ? "accepted" : parsed.problem).toContain(problem);
  });
});

describe("bound", () => {
  it("given a bound, it is in the metric's fixed point, rounded down", () => {
    expect(bound("-0.15", 1)).toBe(-2n);
    expect(() => bound("x", 0)).toThrow(RangeError);
  });
});
