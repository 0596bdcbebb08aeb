/**
 * What is too slow for every change: the Solidity tests with many more runs and fresh inputs, then the coverage of the
 * contracts by all their tests. Prints figures; fails when a test fails, never on a figure.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const HARDHAT = "node_modules/hardhat/dist/src/cli.js";

function hardhat(doing: string, args: readonly string[]): boolean {
  console.log(`\n━━ ${doing}\n`);
  return spawnSync(process.execPath, [HARDHAT, ...args], { cwd: root, stdio: "inherit" }).status === 0;
}

/** Lines hit and lines found, over the contracts that are deployed, from an lcov report. */
function lineCoverage(report: string): { hit: number; found: number } {
  const total = { hit: 0, found: 0 };
  for (const record of report.split("end_of_record")) {
    if (!/^SF:.*contracts\//m.test(record) || /^SF:.*contracts\/mocks\//m.test(record)) continue;
    total.hit += Number(/^LH:(\d+)/m.exec(record)?.[1] ?? 0);
    total.found += Number(/^LF:(\d+)/m.exec(record)?.[1] ?? 0);
  }
  return total;
}

const deep = hardhat("Solidity tests, deep", ["test", "solidity", "--test-profile", "assure"]);
// Counting what runs costs gas: tests of gas figures, which say so in their titles, mean nothing here.
const covered = hardhat("coverage of the contracts", ["--coverage", "test", "--grep-exclude", "\\bgas\\b"]);
if (covered) {
  const { hit, found } = lineCoverage(readFileSync(join(root, "coverage/lcov.info"), "utf8"));
  console.log(`\nlines covered, without test doubles: ${((100 * hit) / found).toFixed(2)} % (${hit} of ${found})`);
}
process.exitCode = deep && covered ? 0 : 1;
