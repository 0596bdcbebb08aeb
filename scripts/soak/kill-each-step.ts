import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { evidenceOf } from "../../src/oracle/run-operator.ts";
import {
  eventually,
  operatorNames,
  type OperatorName,
  type OperatorProcess,
} from "../../test/support/oracle-network.ts";
import { outcomeOf } from "./epoch-outcome.ts";
import { hastenTurn } from "./hasten-turn.ts";
import type { SoakStage } from "./soak-stage.ts";

/** It alone submits: an epoch in which it does not finish is not accepted. */
export const victim: OperatorName = "operatorOne";
export const witnesses: readonly OperatorName[] = operatorNames.filter((each) => each !== victim);

const preload = fileURLToPath(new URL("../../test/support/kill-at-step.ts", import.meta.url));

/** A step before which the victim was killed, and what became of the epoch; 0 where it was killed while it started. */
export interface KilledStep {
  readonly epoch: number;
  readonly step: number;
  readonly name: string;
  readonly accepted: boolean;
}

export interface StepOptions {
  /** 1 kills before every step, n before each n-th. */
  readonly stride: number;
  readonly signal: AbortSignal;
  readonly onKill: (killed: KilledStep) => void;
}

/** Kills the victim before one step after the other of its start and of an epoch, each time in a new epoch, until it lives through one. */
export async function killEachStep(stage: SoakStage, options: StepOptions): Promise<readonly KilledStep[]> {
  const { network } = stage;
  const { stride, signal } = options;
  const killed: KilledStep[] = [];
  const note = (epoch: number, step: number, accepted: boolean): void => {
    const outcome = { epoch, step, name: lastStepOf(network.directory), accepted };
    killed.push(outcome);
    options.onKill(outcome);
  };

  for (let step = 1; await diesAt(stage, step); step += stride) {
    signal.throwIfAborted();
    note(0, step, true);
  }
  let step = 1;
  let running = await startArmed(stage, await network.runningEpoch(), step);
  for (;;) {
    signal.throwIfAborted();
    const epoch = await network.runningEpoch();
    await network.jumpTo(await network.endOf(epoch));
    const dies = diesIn(running);
    const outcome = outcomeOf(stage, epoch, signal);
    const hastened = hastenTurn(stage, running, epoch, outcome);
    hastened.catch(() => undefined); // it is awaited with the outcome
    const early = await Promise.race([dies, outcome]);
    if (early !== "died" && !early) throw new Error(`epoch ${epoch} was missed by an operator that nobody killed`);
    if (early === "died" || (await diesSealing(stage, epoch, dies))) {
      const next = startArmed(stage, epoch + 1, step + stride);
      const [accepted, started] = await Promise.all([outcome, next, hastened]);
      running = started;
      note(epoch, step, accepted);
      step += stride;
    } else return killed;
  }
}

/** Whether the victim ends before it is ready; where it does not, it is killed then. */
async function diesAt(stage: SoakStage, step: number): Promise<boolean> {
  let spawned: OperatorProcess | undefined;
  const isReady = await stage
    .start(victim, { ...armed(stage, 0, step), onSpawn: (operator) => (spawned = operator) })
    .then(() => true)
    .catch(async (error: unknown) => {
      if ((await spawned?.ended) !== "SIGKILL") throw error;
      return false;
    });
  if (isReady) await spawned?.end("SIGKILL");
  return !isReady;
}

/** When the deadline has passed, the epoch's evidence is sealed: steps as well. */
async function diesSealing({ network }: SoakStage, epoch: number, dies: Promise<"died">): Promise<boolean> {
  const closesAt = await network.closesAt(epoch);
  if ((await network.now()) < closesAt) await network.jumpTo(closesAt);
  const evidence = evidenceOf(join(network.directory, victim));
  const sealed = eventually(`epoch ${epoch} is sealed`, () => (evidence.isSealed(epoch) ? true : undefined)).then(
    () => "sealed" as const,
  );
  sealed.catch(() => undefined); // where it died, nobody seals
  return (await Promise.race([dies, sealed])) === "died";
}

async function diesIn(operator: OperatorProcess): Promise<"died"> {
  const end = await operator.ended;
  if (end !== "SIGKILL") throw new Error(`the operator ended with ${end}:\n${operator.log.slice(-20).join("\n")}`);
  return "died";
}

function startArmed(stage: SoakStage, epoch: number, step: number): Promise<OperatorProcess> {
  return stage.start(victim, armed(stage, epoch, step));
}

function armed({ network }: SoakStage, epoch: number, step: number) {
  const environment = { MANDATE_KILL_AT: `${epoch}:${step}`, MANDATE_KILLED_STEPS: stepsPath(network.directory) };
  return { nodeArguments: ["--import", preload], environment };
}

function stepsPath(directory: string): string {
  return join(directory, "killed-steps.txt");
}

/** What the last kill came before, without the directory of this run. */
function lastStepOf(directory: string): string {
  const path = stepsPath(directory);
  const line = existsSync(path) ? (readFileSync(path, "utf8").trim().split("\n").at(-1) ?? "") : "";
  return line.replace(/^\d+ /, "").replaceAll(`${directory}/`, "");
}
