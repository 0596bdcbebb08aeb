import { describe, expect, it } from "vitest";

import { judgeSuite, type SuiteRun } from "./judge-suite.ts";

const good: SuiteRun = {
  name: "services",
  hasTests: true,
  notYet: false,
  exit: { code: 0, signal: null },
  result: { passed: 3, failed: 0, skipped: [], failures: [] },
};

describe("judging a suite", () => {
  it("takes over what a good run reported", () => {
    expect(judgeSuite(good)).toEqual(good.result);
  });

  it.each<[string, Partial<SuiteRun>, string]>([
    [
      "ends before it reports",
      { exit: { code: 1, signal: null }, result: undefined },
      "exit code 1 before it reported",
    ],
    ["is killed", { exit: { code: null, signal: "SIGKILL" }, result: undefined }, "SIGKILL before it reported"],
    ["fails after a good report", { exit: { code: 7, signal: null } }, "exit code 7 although no test failed"],
    ["has no files although it should", { hasTests: false, exit: undefined, result: undefined }, "no test files"],
    ["is declared as not written and has files", { notYet: true }, "take it out of NOT_YET"],
    ["runs no test", { result: { passed: 0, failed: 0, skipped: [], failures: [] } }, "ran no test"],
  ])("counts one failure when it %s", (_case, change, why) => {
    const { failed, failures } = judgeSuite({ ...good, ...change });
    expect(failed).toBe(1);
    expect(failures.join()).toContain(why);
  });

  it("counts nothing for a suite that is declared as not written", () => {
    expect(judgeSuite({ ...good, notYet: true, hasTests: false, exit: undefined, result: undefined })).toMatchObject({
      passed: 0,
      failed: 0,
    });
  });
});
