import { failedResult, type SuiteResult } from "./suite-result.ts";

/** What is known of a suite after trying to run it. */
export interface SuiteRun {
  readonly name: string;
  readonly hasTests: boolean;
  /** Whether the suite is declared as not written yet. */
  readonly notYet: boolean;
  /** Absent where the suite was not run. */
  readonly exit?: { readonly code: number | null; readonly signal: string | null } | undefined;
  /** Absent where the suite ended before it reported. */
  readonly result?: SuiteResult | undefined;
}

/**
 * What a suite's run counts as. Pure. Whatever is odd counts as a failure: no tests where there should be some, an
 * end without a report, an exit code that contradicts the report.
 */
export function judgeSuite({ name, hasTests, notYet, exit, result }: SuiteRun): SuiteResult {
  if (notYet && hasTests)
    return failedResult(`${name} has tests now: take it out of NOT_YET in scripts/test/suites.ts`);
  if (notYet) return { passed: 0, failed: 0, skipped: [], failures: [] };
  if (!hasTests) return failedResult(`${name} has no test files`);
  if (exit === undefined) return failedResult(`${name} was not run`);
  const ending = exit.signal ?? `exit code ${String(exit.code)}`;
  if (result === undefined) return failedResult(`${name} ended with ${ending} before it reported`);
  if (result.failed > 0) return result;
  if (exit.code !== 0) return withFailure(result, `${name} ended with ${ending} although no test failed`);
  if (result.passed + result.skipped.length === 0) return withFailure(result, `${name} ran no test`);
  return result;
}

function withFailure(result: SuiteResult, why: string): SuiteResult {
  return { ...result, failed: result.failed + 1, failures: [...result.failures, why] };
}
