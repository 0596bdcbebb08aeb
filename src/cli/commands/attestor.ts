import { Command } from "commander";
import { pino } from "pino";
import { loadAttestorConfiguration } from "../../attestor/configuration/configuration.ts";
import { runAttestor } from "../../attestor/run-attestor.ts";
import { jsonLine, processStreams } from "../output.ts";

/** Resolves at the first request to end. */
function endRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

async function run(options: { config: string }): Promise<void> {
  const configuration = loadAttestorConfiguration(options.config);
  const logger = pino({ name: "attestor", redact: ["*.privateKey", "*.key"] }, pino.destination(2));
  const end = endRequested();
  const attestor = await runAttestor(configuration, logger);
  processStreams.out(`${jsonLine({ event: "ready", service: "attestor", url: attestor.url, ...attestor.signer })}\n`);
  await end;
  await attestor.stop();
}

/** `mandate attestor …` */
export function attestorCommand(): Command {
  const command = new Command("attestor").description(
    "Check evidence against milestone specifications and sign proofs.",
  );
  command
    .command("run")
    .description("serve attestations over HTTP until SIGINT or SIGTERM")
    .requiredOption("--config <file>", "configuration (YAML or JSON)")
    .addHelpText("after", "\nExample:\n  $ mandate attestor run --config attestor.yaml")
    .action(run);
  return command;
}
