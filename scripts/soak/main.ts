// `npm run soak:oracle -- --epochs 50 --seed 1`: operator processes on a real chain that are killed again and again. `--json` for programs.
import { parseArgs } from "node:util";
import { endSignal } from "../../src/cli/end-signal.ts";
import { exitCodeOf, exitCodes } from "../../src/cli/exit-code.ts";
import { errorText, jsonLine } from "../../src/cli/output.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";
import { soakEpochs, soakSteps, type SoakRun } from "./soak.ts";

const USAGE = `Runs operators on a real chain and kills them with SIGKILL. Exit code 1 where an epoch (with --every: two in a row) was not accepted, or where
statements, transactions or files contradict each other afterwards.

  --epochs <number>  epochs in each of which one of four operators is killed at a drawn moment (50)
  --seed <number>    what victims and moments are drawn from (1)
  --every <number>   instead: kill one operator before each such step of its start and of an epoch; 1 for every step
  --json             one JSON value on the last line, progress on standard error

Examples:
  $ npm run soak:oracle -- --epochs 50 --seed 1
  $ npm run soak:oracle -- --every 1 --json`;

/** @throws {MandateError} `OptionInvalid`. */
function numberOf(name: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least) return number;
  throw new MandateError("OptionInvalid", `--${name} takes a whole number from ${least} on, not ${text}`, {
    kind: "input",
    data: { name, text },
  });
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      epochs: { type: "string", default: "50" },
      seed: { type: "string", default: "1" },
      every: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return exitCodes.ok;
  }
  const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`);
  const run: SoakRun = { signal: endSignal(), say };
  const result =
    values.every === undefined
      ? await soakEpochs(run, { epochs: numberOf("epochs", values.epochs, 1), seed: numberOf("seed", values.seed, 0) })
      : await soakSteps(run, { every: numberOf("every", values.every, 1) });
  if (values.json) process.stdout.write(`${jsonLine(result)}\n`);
  return result.ok ? exitCodes.ok : exitCodes.refused;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  process.stderr.write(`${errorText(thrown)}\n`);
  process.exitCode = exitCodeOf(thrown);
}
