import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { descriptorsOf } from "../../chain/clear-signing/descriptor.ts";
import { loadDeployment } from "../../chain/deployment.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { defaultDeployment } from "../chain/session-options.ts";
import { outputOf } from "../output.ts";

interface ClearSigningOptions {
  readonly deployment: string;
  readonly out: string;
}

function writeDescriptors(command: Command, options: ClearSigningOptions): void {
  const files = descriptorsOf(loadDeployment(options.deployment));
  try {
    mkdirSync(options.out, { recursive: true });
    for (const { fileName, descriptor } of files) {
      writeFileSync(join(options.out, fileName), `${JSON.stringify(descriptor, undefined, 2)}\n`);
    }
  } catch (cause) {
    throw new MandateError("DescriptorsNotWritten", `cannot write the descriptors into ${options.out}`, {
      kind: "input",
      cause,
      data: { directory: options.out },
      remedy: "Name a folder that can be written with --out",
    });
  }
  const names = files.map(({ fileName }) => fileName);
  outputOf(command).result(
    { directory: options.out, files: names },
    [`${names.length} descriptors in ${options.out}:`, ...names.map((name) => `  ${name}`)].join("\n"),
  );
}

/** `mandate deployment` */
export function deploymentCommand(): Command {
  const command = new Command("deployment").description("what a deployment is to others: descriptors for wallets");
  command
    .command("clear-signing")
    .description("write ERC-7730 descriptors, from which a wallet says in words what is signed")
    .option("--deployment <file>", "deployment record", process.env["MANDATE_DEPLOYMENT"] ?? defaultDeployment)
    .requiredOption("--out <folder>", "where the files go")
    .addHelpText(
      "after",
      `
Examples:
  $ mandate deployment clear-signing --out descriptors`,
    )
    .action((options: ClearSigningOptions, each: Command) => {
      writeDescriptors(each, options);
    });
  return command;
}
