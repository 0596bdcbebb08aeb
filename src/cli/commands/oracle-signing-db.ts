import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import { loadOperatorConfiguration } from "../../oracle/configuration/operator-configuration.ts";
import { exportSigningDatabase, importSigningDatabase } from "../../oracle/operations/signing-database.ts";
import { outputOf, processStreams } from "../output.ts";

async function exportDatabase(this: Command, options: { config: string; out?: string }): Promise<void> {
  const file = await exportSigningDatabase(loadOperatorConfiguration(options.config));
  const text = `${JSON.stringify(file, undefined, 2)}\n`;
  if (options.out === undefined) {
    processStreams.out(outputOf(this).json ? `${JSON.stringify(file)}\n` : text);
    return;
  }
  try {
    writeFileSync(options.out, text, { flag: "wx", mode: 0o600 }); // an older export is not replaced: it may be the only one
  } catch (cause) {
    throw new MandateError("FileNotWritten", `cannot write ${options.out}: ${messageOf(cause)}`, {
      kind: "environment",
      cause,
      remedy: "Name a file that does not exist yet, in a directory that does.",
    });
  }
  const { operator, watermark, statements } = file;
  outputOf(this).result(
    { file: options.out, operator, watermark, statements: statements.length },
    `${statements.length} statements of ${operator} to epoch ${watermark}, in ${options.out}.\n` +
      "Do not start this operator here again: what it signs from now on is not in the file.",
  );
}

async function importDatabase(this: Command, file: string, options: { config: string }): Promise<void> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new MandateError("FileNotRead", `cannot read ${file}: ${messageOf(cause)}`, {
      kind: "input",
      cause,
      remedy: "Name the file that `mandate oracle export-signing-db` wrote.",
    });
  }
  const imported = await importSigningDatabase(loadOperatorConfiguration(options.config), text);
  outputOf(this).result(
    imported,
    `${imported.added} of ${imported.statements} statements of ${imported.operator} were new.\n` +
      `At and below epoch ${imported.watermark} this operator signs nothing else.`,
  );
}

/** `mandate oracle export-signing-db` and `mandate oracle import-signing-db` */
export function signingDatabaseCommands(): readonly Command[] {
  return [
    new Command("export-signing-db")
      .description("write what this operator has signed, for another machine; not while it runs")
      .requiredOption("--config <file>", "configuration (YAML or JSON)")
      .option("--out <file>", "file to write; otherwise standard output")
      .addHelpText("after", "\nExample:\n  $ mandate oracle export-signing-db --config operator.yaml --out signed.json")
      .action(exportDatabase),
    new Command("import-signing-db")
      .description(
        "take over what this operator has signed on another machine; all of it or nothing, not while it runs",
      )
      .argument("<file>", "what export-signing-db wrote")
      .requiredOption("--config <file>", "configuration (YAML or JSON)")
      .addHelpText("after", "\nExample:\n  $ mandate oracle import-signing-db signed.json --config operator.yaml")
      .action(importDatabase),
  ];
}
