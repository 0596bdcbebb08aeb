import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { z } from "zod";

/** Names the file into which a suite's reporter writes its {@link SuiteResult}. */
export const RESULT_FILE_VARIABLE = "MANDATE_RESULT_FILE";

const suiteResultSchema = z.strictObject({
  passed: z.int().min(0),
  failed: z.int().min(0),
  /** Each test that did not run, with the reason that its author gave. */
  skipped: z.array(z.strictObject({ test: z.string(), reason: z.string() })),
  failures: z.array(z.string()),
});

/** What one suite's run came to. */
export type SuiteResult = z.infer<typeof suiteResultSchema>;

/** Called by a reporter at the end of its run; without effect when nobody asked for a file. */
export function reportSuiteResult(result: SuiteResult): void {
  const file = process.env[RESULT_FILE_VARIABLE];
  if (file !== undefined) saveSuiteResult(file, result);
}

export function saveSuiteResult(file: string, result: SuiteResult): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}

/** The result in a file, or undefined where the suite ended before it reported. */
export function readSuiteResult(file: string): SuiteResult | undefined {
  return existsSync(file) ? suiteResultSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

/** Forgets an earlier run's result, so that it can never stand for this one's. */
export function clearSuiteResult(file: string): void {
  rmSync(file, { force: true });
}

/** The result of a suite that could not report: one failure, which says why. */
export function failedResult(why: string): SuiteResult {
  return { passed: 0, failed: 1, skipped: [], failures: [why] };
}

/** The line that programs read: always the same words in the same order. */
export function totalLine(
  total: Pick<SuiteResult, "passed" | "failed"> & { skipped: number | readonly unknown[] },
): string {
  const { passed, failed } = total;
  const skipped = typeof total.skipped === "number" ? total.skipped : total.skipped.length;
  return `${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`;
}
