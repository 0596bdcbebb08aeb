import { once } from "node:events";
import { Command } from "commander";
import { pino } from "pino";
import { statusAnswerSchema, type StatusAnswer } from "../../core/api/status.ts";
import { systemClock } from "../../core/clock.ts";
import { loadIndexerConfiguration } from "../../indexer/configuration/configuration.ts";
import { runIndexer } from "../../indexer/run-indexer.ts";
import { endSignal } from "../end-signal.ts";
import { askService } from "../http/ask-service.ts";
import { jsonLine, outputOf, processStreams } from "../output.ts";

async function run(options: { config: string; rebuild?: boolean }): Promise<void> {
  const file = loadIndexerConfiguration(options.config);
  const databaseUrl = process.env["DATABASE_URL"] ?? file.databaseUrl;
  const logger = pino({ name: "indexer", redact: ["*.databaseUrl"] }, pino.destination(2));
  const end = endSignal();
  const indexer = await runIndexer({
    configuration: { ...file, ...(databaseUrl === undefined ? {} : { databaseUrl }) },
    logger,
    clock: systemClock,
    rebuild: options.rebuild === true,
  });
  processStreams.out(`${jsonLine({ event: "ready", service: "indexer", url: indexer.url })}\n`);
  if (!end.aborted) await once(end, "abort");
  await indexer.stop();
}

function statusText(status: StatusAnswer): string {
  const journals = status.journal.map(
    ({ name, ok, events }) => `  ${ok ? "complete" : "NOT COMPLETE"}  ${name} (${events} events)`,
  );
  return [
    `chain ${status.chainId}, block ${status.block}, ${status.phase}, ${status.lagSeconds.toFixed(1)} s since the last block`,
    ...(status.trouble === null ? [] : [`${status.trouble.code}: ${status.trouble.message}`]),
    "journals:",
    ...journals,
  ].join("\n");
}

function runCommand(): Command {
  return new Command("run")
    .description("follow the chain and serve the index over HTTP until SIGINT or SIGTERM")
    .requiredOption("--config <file>", "configuration (YAML or JSON)")
    .option("--rebuild", "drop what was indexed and read the whole history again")
    .addHelpText(
      "after",
      "\nExamples:\n  $ mandate indexer run --config indexer.yaml\n  $ mandate indexer run --config indexer.yaml --rebuild",
    )
    .action(run);
}

function statusCommand(): Command {
  const command = new Command("status")
    .description("show how far the index is and whether every journal is complete (exit 1 where one is not)")
    .option("--indexer <url>", "the indexer's address", "http://127.0.0.1:4102")
    .addHelpText("after", "\nExample:\n  $ mandate indexer status --json");
  return command.action(async (options: { indexer: string }) => {
    const status = await askService(options.indexer, "/v1/status", statusAnswerSchema);
    outputOf(command).result(status, statusText(status));
    if (status.trouble !== null || status.journal.some(({ ok }) => !ok)) process.exitCode = 1;
  });
}

/** `mandate indexer …` */
export function indexerCommand(): Command {
  return new Command("indexer")
    .description("Follow every contract, prove their journals complete, answer over HTTP.")
    .addCommand(runCommand())
    .addCommand(statusCommand());
}
