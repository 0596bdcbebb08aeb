import { Command } from "commander";
import { loadOperatorConfiguration } from "../../oracle/configuration/operator-configuration.ts";
import { detect } from "../../oracle/operations/detect.ts";
import { outputOf } from "../output.ts";

async function run(this: Command, options: { config: string }): Promise<void> {
  const detected = await detect(loadOperatorConfiguration(options.config));
  const { epochs, signed, advice } = detected;
  const lines = [
    epochs.length === 0
      ? "No accepted epoch whose values this operator agreed on."
      : `${epochs.length} accepted epochs, ${epochs[0]} to ${epochs.at(-1)}.`,
    ...signed.flatMap(({ epoch, findings }) =>
      findings.flatMap(({ definition, findings: own }) =>
        own.map((each) => `  epoch ${epoch}  ${definition}  ${each.kind} ${each.subject}: ${each.reason}, signed`),
      ),
    ),
    ...advice.map((each) => `  epoch ${each.epoch}  ${each.definition}  ${each.kind} ${each.subject}: advice`),
  ];
  outputOf(this).result(detected, lines.join("\n"));
}

/** `mandate oracle detect` */
export function detectCommand(): Command {
  return new Command("detect")
    .description("what speaks against scores: findings that the quorum signed, and what this operator's history shows")
    .requiredOption("--config <file>", "configuration (YAML or JSON)")
    .addHelpText("after", "\nExample:\n  $ mandate oracle detect --config operator.yaml --json")
    .action(run);
}
