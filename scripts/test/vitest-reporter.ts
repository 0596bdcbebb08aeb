import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node";

import { reportSuiteResult } from "./suite-result.ts";

/** Writes the result file; vitest's own reporter prints. */
export class VitestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly { message: string }[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string): TestCase[] => tests.filter((test) => test.result().state === state);
    const suites = modules.flatMap((module) => [...module.children.allSuites()]);
    const failures = [
      ...inState("failed").map((test) => `${test.fullName}: ${firstLine(test.result().errors?.[0]?.message)}`),
      // A file that does not load, or a hook that fails, has no failed test to show for it.
      ...[...modules, ...suites].flatMap((part) => part.errors().map(({ message }) => `${nameOf(part)}: ${message}`)),
      ...unhandledErrors.map(({ message }) => `outside any test: ${message}`),
    ];
    reportSuiteResult({
      passed: inState("passed").length,
      failed: failures.length,
      skipped: inState("skipped").map((test) => ({ test: test.fullName, reason: reasonOf(test) })),
      failures,
    });
  }
}

function nameOf(part: TestModule | TestSuite): string {
  return part.type === "module" ? part.relativeModuleId : part.fullName;
}

function firstLine(message = "no error"): string {
  return message.split("\n", 1).join();
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  return (result.state === "skipped" ? result.note : undefined) ?? "skipped in its code";
}
