// Sets up what a command needs, then runs it: `node scripts/bootstrap.mjs <command> [arguments]`. Every npm script
// goes through here, so that a clean clone works on a machine with any Node from 18 on and npm, and nothing else.
//
//   own Node where the running one is too old → npm ci → build steps → the command
//
// Each stage runs only when its inputs changed, leaves no half state when it is stopped, and prints to standard
// error; a command's standard output is its own. No dependencies: this runs before anything is installed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { pendingSteps, runStep } from "./bootstrap/build.mjs";
import { installIsCurrent, installPackages } from "./bootstrap/install.mjs";
import { environmentWith, findNpm, installNode, readyNode } from "./bootstrap/node-runtime.mjs";
import { runCommand } from "./bootstrap/run-command.mjs";
import { withSetupLock } from "./bootstrap/setup-lock.mjs";
import { Interrupted, SetupProblem, problemFromOutput } from "./bootstrap/setup-problem.mjs";
import { COMMANDS } from "./commands.mjs";

/** Exit code when the command was not reached. */
const SETUP_FAILED = 3;

const root = fileURLToPath(new URL("..", import.meta.url));
const report = (line) => process.stderr.write(`[setup] ${line}\n`);

async function main([name, ...args]) {
  const command = Object.hasOwn(COMMANDS, name ?? "") ? COMMANDS[name] : undefined;
  if (!command) {
    throw new SetupProblem("usage", {
      what: name ? `There is no command "${name}".` : "No command given.",
      todo: `Choose one of: ${Object.keys(COMMANDS).join(", ")}.`,
    });
  }
  const node = await setUp(command.build);
  const [entry] = command.run;
  if (entry === undefined) return 0;
  if (!existsSync(join(root, entry))) {
    throw new SetupProblem("usage", { what: `${entry} does not exist.`, todo: "Check out the whole project." });
  }
  return runCommand({ node, args: [...command.run, ...args], cwd: root, env: environmentWith(node) });
}

/** Brings Node, packages and build up to date, under a lock when anything has to be done. Returns the Node to use. */
async function setUp(wantedSteps) {
  const ready = readyNode({ root });
  if (ready && installIsCurrent(root) && pendingSteps(root, wantedSteps).length === 0) return ready;

  const startedMs = performance.now();
  return withSetupLock({ root, report }, async () => {
    const node = readyNode({ root }) ?? (await installNode({ root, npm: findNpm(), report }));
    if (!installIsCurrent(root)) await installPackages({ root, node, npm: findNpm(), report });
    for (const name of wantedSteps) {
      for (const step of pendingSteps(root, [name])) await runStep({ root, node, step, report });
    }
    report(`Ready after ${Math.round((performance.now() - startedMs) / 1000)} s`);
    return node;
  });
}

function explain(error) {
  if (error instanceof SetupProblem) return error;
  if (typeof error?.code !== "string") return undefined;
  return problemFromOutput(error.code, { code: "install", what: error.message, todo: "Run the same command again." });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Interrupted) {
    report("Stopped. Nothing is half done: the same command continues from here.");
    process.exitCode = 130;
  } else {
    const problem = explain(error);
    if (!problem) throw error;
    process.stderr.write(`\n[setup] ${problem.what} (${problem.code})\n[setup] ${problem.todo}\n`);
    process.exitCode = SETUP_FAILED;
  }
}
