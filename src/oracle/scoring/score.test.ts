import { describe, expect, it } from "vitest";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import type { MetricOutcome } from "./metric-outcome.ts";
import { scoreOf } from "./score.ts";
import { parseScoreDefinition } from "./score-definition.ts";

const parsed = parseScoreDefinition(exampleDefinition);
if (!parsed.ok) throw new Error(parsed.problem);
const { definition } = parsed.known;

const value = (number: bigint): MetricOutcome => ({ outcome: "value", value: number });

function score(commits: MetricOutcome, calls: MetricOutcome, errors: MetricOutcome) {
  return scoreOf(
    definition,
    new Map([
      ["delivery/commits", commits],
      ["service/calls", calls],
      ["service/errors", errors],
    ]),
  );
}

describe("scoreOf", () => {
  it.each([
    // 0.6 · c/10 + 0.4 · (0.5 · calls/1000 + 0.5 · (1000 − errors)/1000)
    [10n, 1000n, 0n, 1000000000000000000n],
    [0n, 0n, 1000n, 0n],
    [5n, 500n, 500n, 500000000000000000n],
    [3n, 250n, 1000n, 230000000000000000n],
    [10n, 333n, 667n, 733200000000000000n],
    [999n, 0n, 5000n, 600000000000000000n],
    [1n, 1n, 999n, 60400000000000000n],
  ])("given %i commits, %i calls and %i errors, it is exactly %s", (commits, calls, errors, expected) => {
    expect(score(value(commits), value(calls), value(errors))).toEqual({ outcome: "value", score: expected });
  });

  it("given a refused metric, the score is refused, whatever else is missing", () => {
    const refused = { outcome: "refused", score: 0n };
    expect(score({ outcome: "missing" }, { outcome: "refused" }, value(0n))).toEqual(refused);
    expect(score({ outcome: "refused" }, { outcome: "missing" }, value(0n))).toEqual(refused);
  });

  it("given a missing metric, the score is missing: no part of it is made up", () => {
    expect(score(value(10n), { outcome: "missing" }, value(0n))).toEqual({ outcome: "missing", score: 0n });
    expect(scoreOf(definition, new Map())).toEqual({ outcome: "missing", score: 0n });
  });

  it("given shares that do not divide, it rounds once, down", () => {
    const thirds = parseScoreDefinition({
      ...exampleDefinition,
      dimensions: [
        {
          name: "a",
          weight: "1000000000000000000",
          metrics: exampleDefinition.dimensions[0]?.metrics.map((each) => ({ ...each, ceiling: "3" })),
        },
      ],
    });
    if (!thirds.ok) throw new Error(thirds.problem);
    const found = scoreOf(thirds.known.definition, new Map([["a/commits", value(2n)]]));
    expect(found.score).toBe(666666666666666666n);
  });
});
