/**
 * What is too slow for every change: the Solidity tests with many more runs and fresh inputs, the same tests on a second
 * engine (Forge), proofs of the pure mathematics (Halmos), then the coverage of the contracts by all their tests, then oracle operators that are
 * killed in each of fifty epochs. Says what is
 * missing where a tool is; fails when a test or a proof fails, never on a figure. `main.ts [part…]` runs parts.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { setUpForge } from "./forge.ts";
import { judge, statedIn, verdictsOf } from "./proofs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
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

const PROOFS = "test/solidity/proofs";
const PROVER = "pipx install halmos==0.3.3 (needs Python 3.11 or newer)";
const NO_FORGE = "Forge is missing (npm ci with optional dependencies; none for Windows): left out";

function deep(): boolean {
  return hardhat("Solidity tests, deep", ["test", "solidity", "--test-profile", "assure"]);
}

/** The same tests, compiled and run by Forge. */
function secondEngine(): boolean {
  console.log("\n━━ Solidity tests, second engine: Forge\n");
  const forge = setUpForge({ root, name: "tests", sources: "contracts", tests: "test/solidity" });
  if (forge === undefined) {
    console.log(NO_FORGE);
    return true;
  }
  return spawnSync("forge", ["test", "--root", root], { cwd: root, env: forge.env, stdio: "inherit" }).status === 0;
}

/** Every property of the pure mathematics: proved, failed or not decided. Only a failed one fails. */
function proofs(): boolean {
  console.log("\n━━ proofs of the pure mathematics: Halmos\n");
  const forge = setUpForge({ root, name: "proofs", sources: PROOFS, tests: PROOFS });
  if (forge === undefined) {
    console.log(NO_FORGE);
    return true;
  }
  // No proof takes one branch, that its inputs decide, more than eight times.
  const args = ["--root", root, "--function", "prove_", "--forge-build-out", forge.out, "--loop", "8"];
  const run = spawnSync("halmos", args, { cwd: root, env: forge.env, encoding: "utf8" });
  if (run.error !== undefined) {
    console.log(`Halmos is missing: ${PROVER}; no property was decided`);
    return true;
  }
  const stated = readdirSync(join(root, PROOFS)).flatMap((file) =>
    statedIn(readFileSync(join(root, PROOFS, file), "utf8")),
  );
  const found = verdictsOf(run.stdout);
  const verdicts = judge(stated, found);
  for (const { property, verdict } of verdicts) console.log(`${verdict.padEnd(11)}  ${property}`);
  const failed = verdicts.some(({ verdict }) => verdict === "failed");
  if (failed || found.length === 0) console.log(`\n${run.stdout}${run.stderr}`);
  return !failed && found.length > 0;
}

function coverage(): boolean {
  // Counting what runs costs gas: tests of gas figures, which say so in their titles, mean nothing here.
  const covered = hardhat("coverage of the contracts", ["--coverage", "test", "--grep-exclude", "\\bgas\\b"]);
  if (covered) {
    const { hit, found } = lineCoverage(readFileSync(join(root, "coverage/lcov.info"), "utf8"));
    console.log(`\nlines covered, without test doubles: ${((100 * hit) / found).toFixed(2)} % (${hit} of ${found})`);
  }
  return covered;
}

function soak(): boolean {
  console.log("\n━━ oracle operators killed in each of fifty epochs\n");
  const args = ["scripts/soak/main.ts", "--epochs", "50", "--seed", "1"];
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status === 0;
}

const PARTS: Readonly<Record<string, () => boolean>> = { deep, forge: secondEngine, proofs, coverage, soak };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(", ")}. Parts: ${Object.keys(PARTS).join(", ")}`);
  process.exitCode = 1;
} else {
  const results = Object.entries(PARTS)
    .filter(([name]) => wanted.length === 0 || wanted.includes(name))
    .map(([, run]) => run());
  process.exitCode = results.every(Boolean) ? 0 : 1;
}
