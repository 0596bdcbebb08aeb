// The build steps, in order. A step runs when its inputs changed since it last succeeded, or its output is gone.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { fingerprint } from "./fingerprint.mjs";
import { environmentWith } from "./node-runtime.mjs";
import { runQuietly } from "./run-quietly.mjs";
import { problemFromOutput } from "./setup-problem.mjs";

const HARDHAT = "node_modules/hardhat/dist/src/cli.js";

/**
 * @typedef {object} BuildStep
 * @property {string} name
 * @property {string} doing progress line
 * @property {string} [when] the step exists only where this file does
 * @property {string[]} inputs
 * @property {string[]} outputs
 * @property {string[]} run arguments for Node
 */

/** @type {readonly BuildStep[]} */
export const BUILD_STEPS = [
  {
    name: "contracts",
    doing: "Compiling the contracts",
    inputs: ["contracts", "hardhat.config.ts", "package-lock.json"],
    outputs: ["artifacts", "generated/typechain"],
    run: [HARDHAT, "build", "--no-tests", "--quiet"],
  },
  {
    name: "abis",
    doing: "Generating the ABIs",
    when: "scripts/generate/abis.ts",
    inputs: ["contracts", "hardhat.config.ts", "package-lock.json", "scripts/generate"],
    outputs: ["generated/abi"],
    run: ["scripts/generate/abis.ts"],
  },
  {
    name: "web",
    doing: "Building the web app",
    when: "web/vite.config.ts",
    inputs: ["contracts", "web", "src/core", "src/chain", "src/org", "scripts/generate", "package-lock.json"],
    outputs: ["web/dist"],
    run: ["node_modules/vite/bin/vite.js", "build", "web", "--logLevel", "warn"],
  },
];

/** The steps that have to run now, of those that are `wanted` by name. */
export function pendingSteps(root, wanted, steps = BUILD_STEPS) {
  return steps.filter(
    (step) =>
      wanted.includes(step.name) &&
      (step.when === undefined || existsSync(join(root, step.when))) &&
      !isCurrent(root, step),
  );
}

function isCurrent(root, step) {
  const stamp = stampPath(root, step);
  return (
    step.outputs.every((output) => existsSync(join(root, output))) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === fingerprint(root, step.inputs)
  );
}

function stampPath(root, step) {
  return join(root, ".mandate/build", step.name);
}

/** @param {BuildStep} step */
export async function runStep({ root, node, step, report }) {
  report(step.doing);
  const stamp = stampPath(root, step);
  rmSync(stamp, { force: true });
  const before = fingerprint(root, step.inputs); // a file edited while the step runs makes it run again
  const { ok, output } = await runQuietly(node, step.run, {
    cwd: root,
    env: environmentWith(node),
    log: join(root, `.mandate/logs/build-${step.name}.log`),
  });
  if (!ok) {
    process.stderr.write(`${output.trimEnd()}\n`);
    throw problemFromOutput(output, {
      code: "build",
      what: `${step.doing} failed; its messages are above.`,
      todo: "Mend what they name, then run the same command again.",
    });
  }
  mkdirSync(join(root, ".mandate/build"), { recursive: true });
  writeFileSync(stamp, before);
}
