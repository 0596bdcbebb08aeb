// A build step runs when its inputs changed since it last succeeded, or its output is gone.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { BUILD_STEPS } from "./build-steps.mjs";
import { fingerprint } from "./fingerprint.mjs";
import { environmentWith } from "./node-runtime.mjs";
import { FOLLOW_PARENT, runQuietly } from "./run-quietly.mjs";
import { problemFromOutput } from "./setup-problem.mjs";

/** The steps that have to run now, of those that are `wanted` by name. */
export function pendingSteps(root, wanted) {
  return BUILD_STEPS.filter(
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

/** @param {{ root: string, node: string, step: import("./build-steps.mjs").BuildStep, report: (line: string) => void }} options */
export async function runStep({ root, node, step, report }) {
  report(step.doing);
  const stamp = stampPath(root, step);
  rmSync(stamp, { force: true });
  const before = fingerprint(root, step.inputs); // a file edited while the step runs makes it run again
  const { ok, output } = await runQuietly(node, [...FOLLOW_PARENT, ...step.run], {
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
