import { Command, Option } from "commander";
import { MAX_OPERATORS, MIN_OPERATORS } from "../../org/quorum.ts";
import { faultProfiles, type FaultProfile } from "../../oracle/simulation/faults.ts";
import { Simulation } from "../../oracle/simulation/simulation.ts";
import { loadKeccakHasher } from "../../oracle/tree/keccak-hasher.ts";
import { exitCodes } from "../exit-code.ts";
import { outputOf, processStreams } from "../output.ts";
import { simulationText } from "../text/simulation-text.ts";
import { countWithin } from "../values/count.ts";

/** Epochs between two words about the progress. */
const PROGRESS_EPOCHS = 100;

interface SimulateOptions {
  readonly epochs: number;
  readonly operators: number;
  readonly seed: number;
  readonly faults: FaultProfile;
}

async function simulate(this: Command, options: SimulateOptions): Promise<void> {
  const { epochs, operators, seed, faults } = options;
  const result = await new Simulation({
    epochs,
    operators,
    seed,
    profile: faults,
    keccak: await loadKeccakHasher(),
    onEpoch: (epoch) => {
      if (epoch % PROGRESS_EPOCHS === 0) processStreams.err(`epoch ${epoch} of ${epochs}\n`);
    },
  }).run();
  outputOf(this).result(result, simulationText(result));
  if (result.safetyViolations + result.livenessViolations > 0) process.exitCode = exitCodes.refused;
}

/** `mandate oracle simulate` */
export function simulateCommand(): Command {
  return new Command("simulate")
    .description(
      "run operators in virtual time against drawn faults and liars; exit code 1 where two reports or no report came of it",
    )
    .option("--epochs <number>", "epochs to simulate", countWithin(1, 1_000_000), 1_000)
    .option("--operators <number>", "size of the operator set", countWithin(MIN_OPERATORS, MAX_OPERATORS), 13)
    .option("--seed <number>", "what all faults are drawn from", countWithin(0, 2 ** 32 - 1), 1)
    .addOption(
      new Option("--faults <profile>", "how much goes wrong").choices(Object.keys(faultProfiles)).default("default"),
    )
    .addHelpText(
      "after",
      `
Examples:
  $ mandate oracle simulate --epochs 1000 --operators 13 --seed 1
  $ mandate oracle simulate --epochs 200 --operators 31 --seed 7 --faults harsh --json`,
    )
    .action(simulate);
}
