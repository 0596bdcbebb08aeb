// Sums what .ci/run did: `sum-results.mjs step=exit-code …`. Prints what failed, by name, and, as its last line, exactly
// "N passed, N failed"; exits 1 when anything failed. Plain JavaScript: it also has to run when nothing was set up.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Of a suite that failed, so many tests are named: the end of a log is often all that somebody sees of it. */
const NAMED = 20;

/**
 * A step that wrote results counts by them, and once more when it failed although they are clean; any other step counts
 * as one.
 *
 * @param {readonly { name: string, code: number, results: readonly { suite: string, passed: number, failed: number, failures?: readonly string[] }[] }[]} steps
 */
export function sumSteps(steps) {
  const total = { passed: 0, failed: 0, failures: [] };
  for (const { name, code, results } of steps) {
    for (const { suite, passed, failed, failures = [] } of results) {
      total.passed += passed;
      total.failed += failed;
      if (failed === 0) continue;
      total.failures.push(`${suite}: ${failed} failed`, ...failures.slice(0, NAMED).map((name) => `  ${name}`));
      if (failures.length > NAMED) total.failures.push(`  and ${failures.length - NAMED} more`);
    }
    const clean = results.every(({ failed }) => failed === 0);
    if (code === 0 && results.length === 0) total.passed += 1;
    if (code !== 0 && clean) {
      total.failed += 1;
      total.failures.push(`${name}: exit code ${code}`);
    }
  }
  return total;
}

/** The results that a step left: `check` its own, `test` one a suite, other steps none. */
function resultsOf(name, folder) {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  const own = files.filter((file) =>
    name === "check" ? file === "check.json" : name === "test" && file !== "check.json",
  );
  return own.map((file) => ({ suite: file.slice(0, -5), ...JSON.parse(readFileSync(join(folder, file), "utf8")) }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = fileURLToPath(new URL("../../.mandate/results", import.meta.url));
  const steps = process.argv.slice(2).map((outcome) => {
    const [, name = "", code] = /^(.*)=(\d+)$/.exec(outcome) ?? [];
    return { name, code: Number(code ?? 1), results: resultsOf(name, folder) };
  });
  const { passed, failed, failures } = sumSteps(steps);
  for (const failure of failures) console.log(failure.startsWith(" ") ? failure : `✗ ${failure}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || steps.length === 0 ? 1 : 0;
}
