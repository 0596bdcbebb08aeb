import { describe, expect, it } from "vitest";

import { sumSteps } from "./sum-results.mjs";

const clean = { suite: "services", passed: 3, failed: 0 };
const broken = { suite: "contracts", passed: 2, failed: 1 };

describe("summing the steps of a run", () => {
  it("adds up what the suites reported", () => {
    expect(sumSteps([{ name: "test", code: 1, results: [clean, broken] }])).toEqual({
      passed: 5,
      failed: 1,
      failures: ["contracts: 1 failed"],
    });
  });

  it("names the tests that failed, up to twenty of a suite", () => {
    const many = Array.from({ length: 22 }, (_, index) => `test ${index}`);
    const results = [{ suite: "scenario", passed: 1, failed: 22, failures: many }];
    const { failures } = sumSteps([{ name: "test", code: 1, results }]);
    expect(failures.slice(0, 2)).toEqual(["scenario: 22 failed", "  test 0"]);
    expect(failures.slice(-2)).toEqual(["  test 19", "  and 2 more"]);
    expect(failures).toHaveLength(22);
  });

  it("counts a step without results as one", () => {
    expect(sumSteps([{ name: "demo", code: 0, results: [] }])).toMatchObject({ passed: 1, failed: 0 });
    expect(sumSteps([{ name: "demo", code: 124, results: [] }])).toEqual({
      passed: 0,
      failed: 1,
      failures: ["demo: exit code 124"],
    });
  });

  it("counts a failure when a step failed although its results are clean", () => {
    expect(sumSteps([{ name: "test", code: 3, results: [clean] }])).toMatchObject({ passed: 3, failed: 1 });
  });
});
