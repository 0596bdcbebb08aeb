/** Runs the Solidity tests through Hardhat and writes the result file: Hardhat has no reporter for them. */
import { parseArgs } from "node:util";

import hre from "hardhat";
import { z } from "zod";

import { reportSuiteResult } from "./suite-result.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: "string" }, "grep-exclude": { type: "string" } },
});

const runSchema = z.object({
  suiteResults: z.array(
    z.object({
      id: z.object({ name: z.string() }),
      testResults: z.array(z.object({ name: z.string(), status: z.enum(["Success", "Failure", "Skipped"]) })),
    }),
  ),
});
const outcomeSchema = z.union([
  z.object({ success: z.literal(true), value: runSchema }),
  z.object({ success: z.literal(false), error: runSchema }),
]);

const outcome = outcomeSchema.parse(
  await hre.tasks.getTask(["test", "solidity"]).run({
    testFiles: positionals,
    grep: values.grep,
    grepExclude: values["grep-exclude"],
  }),
);
const { suiteResults } = outcome.success ? outcome.value : outcome.error;

function testsWith(wanted: "Success" | "Failure" | "Skipped"): string[] {
  return suiteResults.flatMap(({ id, testResults }) =>
    testResults.filter(({ status }) => status === wanted).map(({ name }) => `${id.name}.${name}`),
  );
}

const failures = testsWith("Failure");
if (!outcome.success && failures.length === 0) failures.push("the test runner failed; its message is above");
reportSuiteResult({
  passed: testsWith("Success").length,
  failed: failures.length,
  skipped: testsWith("Skipped").map((test) => ({ test, reason: "vm.skip" })),
  failures,
});
process.exitCode = outcome.success ? 0 : 1;
