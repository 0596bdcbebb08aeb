import { describe, expect, it } from "vitest";
import { SafetyWatch, type SafetyProblem } from "./safety-watch.ts";

const [honest, liar] = ["0x01", "0x02"] as const;

/** What a watch finds when `operator` is brought before the contract. */
function found(operator: typeof honest | typeof liar): readonly (readonly [SafetyProblem, string])[] {
  const problems: [SafetyProblem, string][] = [];
  const watch = new SafetyWatch({
    isHonest: (each) => each === honest,
    quorum: 3,
    holds: () => true,
    report: (problem, detail) => problems.push([problem, detail]),
  });
  watch.suspended(operator);
  return problems;
}

describe("a watch over safety", () => {
  it("iOR-010: given evidence against an operator that tells the truth, it says so; against a liar it is as it should be", () => {
    expect(found(honest)).toEqual([["honest-suspended", honest]]);
    expect(found(liar)).toEqual([]);
  });
});
