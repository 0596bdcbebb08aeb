/**
 * Runs test suites one after the other, some beside the one before, and sums up: `run-suites.ts [suite] [arguments for that suite]`; without a
 * suite, all of them. Writes `.mandate/results/<suite>.json`. Exits 1 unless every suite ran and nothing failed.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { judgeSuite } from "./judge-suite.ts";
import {
  clearSuiteResult,
  readSuiteResult,
  RESULT_FILE_VARIABLE,
  saveSuiteResult,
  totalLine,
  type SuiteResult,
} from "./suite-result.ts";
import { NOT_YET, SUITES, type Suite } from "./suites.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Finished {
  readonly name: string;
  readonly result: SuiteResult;
  readonly seconds: number;
}

async function main([wanted, ...args]: readonly string[]): Promise<number> {
  const suites = wanted === undefined ? SUITES : SUITES.filter(({ name }) => name === wanted);
  if (suites.length === 0) {
    console.error(`There is no suite "${wanted ?? ""}". Suites: ${SUITES.map(({ name }) => name).join(", ")}`);
    return 1;
  }
  const finished: Finished[] = [];
  for (const group of groupsOf(suites)) {
    const [first, ...others] = group;
    const running = [runSuite(first, args), ...others.map((suite) => runSuite(suite, args, "when it has ended"))];
    finished.push(...(await Promise.all(running)));
  }
  return summarize(finished);
}

/** Suites that run at the same time. */
function groupsOf(suites: readonly Suite[]): [Suite, ...Suite[]][] {
  const groups: [Suite, ...Suite[]][] = [];
  for (const suite of suites) {
    const last = groups.at(-1);
    if (suite.beside && last !== undefined) last.push(suite);
    else groups.push([suite]);
  }
  return groups;
}

/** When a suite's output appears: as it comes, or at its end, where it would mix with another's. */
type Shown = "as it comes" | "when it has ended";

async function runSuite(suite: Suite, args: readonly string[], shown: Shown = "as it comes"): Promise<Finished> {
  const file = join(root, ".mandate/results", `${suite.name}.json`);
  const startedMs = performance.now();
  const hasTests = testFiles(suite).length > 0;
  const notYet = NOT_YET.includes(suite.name);
  clearSuiteResult(file);
  let exit;
  if (hasTests && !notYet) {
    const title = `\n━━ ${suite.name}\n`;
    if (shown === "as it comes") console.log(title);
    const ended = await execute([...suite.run, ...args], { ...process.env, [RESULT_FILE_VARIABLE]: file }, shown);
    if (shown === "when it has ended") process.stdout.write(`${title}\n${ended.output}`);
    exit = ended;
  }
  const result = judgeSuite({ name: suite.name, hasTests, notYet, exit, result: readSuiteResult(file) });
  saveSuiteResult(file, result);
  return { name: suite.name, result, seconds: (performance.now() - startedMs) / 1000 };
}

function testFiles({ folders, filePattern }: Suite): string[] {
  return folders
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }))
    .filter((file) => filePattern.test(file) && !file.includes("node_modules"));
}

/** A group of its own where the system has groups: a signal reaches the suite's workers before their parent's end does. */
const ownGroup = process.platform !== "win32";

function execute(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  shown: Shown,
): Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env,
      stdio: shown === "as it comes" ? "inherit" : ["ignore", "pipe", "pipe"],
      detached: ownGroup,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    let asked: NodeJS.Signals | undefined;
    const stop = (signal: NodeJS.Signals): void => {
      asked = signal;
      if (ownGroup && child.pid !== undefined) process.kill(-child.pid, signal);
      else child.kill(signal);
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve({ code, signal, output });
      if (asked !== undefined) process.kill(process.pid, asked); // no further suite
    });
  });
}

/** Prints one row a suite, what failed and what was skipped and why, and the total as the last line. */
function summarize(finished: readonly Finished[]): number {
  console.log("\n━━ summary\n");
  for (const { name, result, seconds } of finished) {
    const row = NOT_YET.includes(name) && result.failed === 0 ? "no tests yet" : totalLine(result);
    console.log(`${result.failed > 0 ? "✗" : "✓"} ${name.padEnd(10)} ${row}  (${seconds.toFixed(0)} s)`);
  }
  for (const { name, result } of finished) {
    for (const failure of result.failures) console.log(`\n✗ ${name}: ${failure}`);
    for (const { test, reason } of result.skipped) console.log(`- ${name}: skipped ${test}: ${reason}`);
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { result } of finished) {
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped.length;
  }
  console.log(`\n${totalLine(total)}`);
  return total.failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
