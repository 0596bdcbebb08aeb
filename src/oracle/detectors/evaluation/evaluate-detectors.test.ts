import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluateDetectors, type DetectorEvaluation } from "./evaluate-detectors.ts";
import { gamedKinds, type GamedKind } from "./gamed-history.ts";
import { honestKinds } from "./honest-history.ts";
import { wilsonRate, type Rate } from "./wilson.ts";

const RUNS = 100;
const written = JSON.parse(
  readFileSync(new URL("../../../../bench/results/detectors.json", import.meta.url), "utf8"),
) as DetectorEvaluation;

let again: DetectorEvaluation;
let fresh: DetectorEvaluation;
beforeAll(() => {
  again = evaluateDetectors(written.seed, RUNS);
  fresh = evaluateDetectors(7, RUNS);
});

const rateOf = (evaluation: DetectorEvaluation, kind: string, name: string): Rate => {
  const rates: Readonly<Record<string, Readonly<Record<string, Rate>>>> = { ...evaluation.honest, ...evaluation.gamed };
  const rate = rates[kind]?.[name];
  if (rate === undefined) throw new Error(`no rate of ${name} for ${kind}`);
  return rate;
};

const cells = [...honestKinds, ...gamedKinds].flatMap((kind) =>
  Object.keys(written.honest.all).map((name) => ({ kind, name })),
);

describe("evaluateDetectors", () => {
  it("given the same seed, it makes the same figures", () => {
    expect(evaluateDetectors(7, 5)).toEqual(evaluateDetectors(7, 5));
    expect(evaluateDetectors(7, 5)).not.toEqual(evaluateDetectors(8, 5));
  });

  it("given the first histories of the written run, their alarms are among those that are written", () => {
    for (const { kind, name } of cells) {
      const whole = rateOf(written, kind, name);
      const { alarms } = rateOf(again, kind, name);
      expect(alarms, `${name} of ${kind}`).toBeLessThanOrEqual(whole.alarms);
      expect(whole.alarms - alarms, `${name} of ${kind}`).toBeLessThanOrEqual(whole.runs - RUNS);
    }
  });

  it("given another seed, every written rate is within what that seed allows", () => {
    for (const { kind, name } of cells) {
      const whole = rateOf(written, kind, name);
      const other = rateOf(fresh, kind, name);
      expect(other.low <= whole.high && other.high >= whole.low, `${name} of ${kind}`).toBe(true);
    }
  });

  it.each<[GamedKind, string, number]>([
    ["bought-burst", "burst", 0.95],
    ["lockstep-accounts", "lockstep", 0.95],
    ["throwaway-accounts", "low-activity", 0.95],
    ["wash-trading", "self-dealing", 0.95],
    ["one-party", "one-party", 0.9],
    ["inflated-metric", "divergence", 0.95],
    ["inflated-metric", "burst-over-epochs", 0.8],
    ["ramp-20", "divergence", 0.9],
  ])("given %s, %s catches at least %d of them", (kind, name, least) => {
    expect(rateOf(fresh, kind, name).rate).toBeGreaterThanOrEqual(least);
  });

  it.each([
    ["ordinary", "any", 0.06],
    ["growing", "any", 0.08],
    ["seasonal", "any", 0.05],
    ["launch", "divergence", 0.03],
    ["small-team", "self-dealing", 0.03],
    ["scheduled-jobs", "lockstep", 0.1],
    ["quiet", "any", 0.05],
    ["quiet", "low-activity", 0.01],
    ["after-quiet", "any", 0.05],
    ["all", "low-activity", 0.02],
    ["all", "burst", 0.02],
  ] as const)("given honest histories (%s), %s alarms on at most %d of them", (kind, name, most) => {
    expect(rateOf(fresh, kind, name).rate).toBeLessThanOrEqual(most);
  });

  it("given somebody patient, it escapes: the figures say so, and so does the manual", () => {
    expect(rateOf(written, "slow-drip-100", "any").rate).toBeLessThan(0.05);
  });
});

describe("wilsonRate", () => {
  it.each([
    // Wilson (1927), two-sided 95 %
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [1, 1_000, 0.0002, 0.0056],
  ])("given %d alarms in %d runs, the true rate lies between %d and %d", (alarms, runs, low, high) => {
    expect(wilsonRate(alarms, runs)).toEqual({ alarms, runs, rate: alarms / runs, low, high });
  });
});
