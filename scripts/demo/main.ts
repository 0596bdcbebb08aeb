// `npm run demo`: the main job from end to end, on a fresh chain, with real processes. `-- --json` for programs.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { exitCodeOf } from "../../src/cli/exit-code.ts";
import { errorJson, errorText, jsonLine } from "../../src/cli/output.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";
import { removeCluster } from "../../src/stack/postgres-program.ts";
import type { Supervisor } from "../../src/stack/supervisor/supervisor.ts";
import { layoutOf } from "../local/layout.ts";
import { runStack } from "../local/stack-run.ts";
import { findPortBase } from "../local/find-port-base.ts";
import { createNarrator, type Narrator } from "./narrator.ts";
import type { Evidence, Stage, Step } from "./step.ts";
import { auditEverything } from "./steps/audit-everything.ts";
import { closeEpoch } from "./steps/close-epoch.ts";
import { deployAndFund } from "./steps/deploy-and-fund.ts";
import { forkAndMerge } from "./steps/fork-and-merge.ts";
import { grantForATask } from "./steps/grant-for-a-task.ts";
import { lapseAndReclaim } from "./steps/lapse-and-reclaim.ts";
import { openProjects } from "./steps/open-projects.ts";
import { renewAndRelease } from "./steps/renew-and-release.ts";

const steps: readonly Step[] = [
  deployAndFund,
  openProjects,
  closeEpoch,
  renewAndRelease,
  lapseAndReclaim,
  forkAndMerge,
  grantForATask,
  auditEverything,
];

interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly evidence: Evidence;
}

/** Plays the steps in order; what stands on a step that failed is not played. */
async function play(stage: Stage, outcomes: Outcome[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    stage.narrator.step(index + 1, step.title);
    try {
      outcomes.push({ name: step.name, ok: true, evidence: await step.run(stage) });
      stage.narrator.say("holds");
    } catch (thrown) {
      const reason: unknown = stage.supervisor.signal.aborted ? stage.supervisor.signal.reason : thrown;
      outcomes.push({ name: step.name, ok: false, evidence: errorJson(reason) });
      throw reason;
    }
  }
}

function conclude(outcomes: readonly Outcome[]): readonly Outcome[] {
  const reached = new Set(outcomes.map(({ name }) => name));
  const rest = steps.filter(({ name }) => !reached.has(name));
  return [...outcomes, ...rest.map(({ name }) => ({ name, ok: false, evidence: { reason: "not reached" } }))];
}

function removeState(directory: string): void {
  removeCluster(join(directory, "postgres"));
  rmSync(directory, { recursive: true, force: true });
}

async function demonstrate(options: { json: boolean; keep: boolean; narrator: Narrator }): Promise<number> {
  const { narrator } = options;
  mkdirSync(".mandate", { recursive: true });
  const directory = resolve(mkdtempSync(join(".mandate", "demo-")));
  const outcomes: Outcome[] = [];
  let failure: unknown;
  try {
    const layout = layoutOf(directory, await findPortBase());
    const work = (supervisor: Supervisor): Promise<void> => play({ layout, supervisor, narrator }, outcomes);
    const end = await runStack({ directory, onProgress: (text) => narrator.say(text) }, work);
    if (end === "asked") failure = new MandateError("Stopped", "stopped before the end", { kind: "refused" });
  } catch (thrown) {
    failure = thrown;
  }
  if (failure !== undefined) process.stderr.write(`\n${errorText(failure)}\n`);
  if (options.keep) narrator.say(`State and logs are kept in ${directory}`);
  else removeState(directory);
  const all = conclude(outcomes);
  const ok = failure === undefined && all.every((each) => each.ok);
  const held = all.filter((each) => each.ok).length;
  narrator.say(ok ? `\nAll ${all.length} steps hold.` : `\n${held} of ${all.length} steps hold.`);
  if (options.json) process.stdout.write(`${jsonLine({ steps: all, ok })}\n`);
  return ok ? 0 : 1;
}

try {
  const { values } = parseArgs({
    options: { json: { type: "boolean", default: false }, keep: { type: "boolean", default: false } },
  });
  process.exitCode = await demonstrate({ ...values, narrator: createNarrator(values.json) });
} catch (thrown) {
  process.stderr.write(`${errorText(thrown)}\n`);
  process.exitCode = exitCodeOf(thrown);
}
