import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { holdOut } from "../../oracle/operations/hold-out.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";
import { countWithin } from "../values/count.ts";
import { readDocument } from "../documents/read-document.ts";

/** Epochs in which what was held back counts beyond its last one, where nothing else is said. */
const THROUGH_EPOCHS = 4;

interface HoldOutOptions {
  readonly definition: string;
  readonly checks: string;
  readonly first: number;
  readonly last: number;
  readonly through?: number;
  readonly out: string;
}

const secretSchema = z.strictObject({ probes: z.unknown(), checks: z.unknown() });

function write(path: string, document: unknown, mode: number): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(document, undefined, 2)}\n`, { flag: "wx", mode });
  } catch (cause) {
    throw new MandateError("DocumentsUnwritable", `cannot write ${path}`, {
      kind: "environment",
      data: { path },
      remedy: "Name a directory of yours with --out <directory>.",
      cause,
    });
  }
}

function run(this: Command, options: HoldOutOptions): void {
  const { first, last, through = last + THROUGH_EPOCHS, out } = options;
  const secret = secretSchema.safeParse(readDocument(options.checks));
  if (!secret.success) {
    throw new MandateError("HeldOutInvalid", `what is held back is not valid: ${z.prettifyError(secret.error)}`, {
      kind: "input",
      remedy: "The file has `probes` and `checks` and nothing else. Nothing was written.",
    });
  }
  const { probes, checks } = secret.data;
  const made = holdOut({
    definition: readDocument(options.definition),
    secret: { probes, checks },
    ...{ first, last, through },
  });
  const paths = {
    definition: join(out, `${made.definition.hash}.json`),
    heldOut: join(out, `${made.heldOut.hash}.json`),
  };
  // The secret first: a definition whose secret is lost counts against the project.
  write(paths.heldOut, made.heldOut.document, 0o600);
  write(paths.definition, made.definition.document, 0o644);
  outputOf(this).result(
    {
      definition: { hash: made.definition.hash, path: paths.definition },
      heldOut: { hash: made.heldOut.hash, path: paths.heldOut, first, last, through },
    },
    [
      factsText([
        ["definition", made.definition.hash],
        ["publish", paths.definition],
        ["keep secret", `${paths.heldOut}, until epoch ${last} is over`],
        ["counts", `in epochs ${last} to ${through}`],
      ]),
      `When epoch ${last} is over, copy the secret file into the \`documents\` of an operator: the others fetch it there. If it is not shown by epoch ${through}, that is a finding against the score.`,
    ].join("\n"),
  );
}

/** `mandate oracle hold-out` */
export function holdOutCommand(): Command {
  return new Command("hold-out")
    .description("commit a score definition to checks that nobody knows before their epochs are over")
    .requiredOption("--definition <file>", "the score definition without them (JSON)")
    .requiredOption("--checks <file>", "`probes` and `checks` to hold back (JSON)")
    .requiredOption("--first <epoch>", "first epoch over whose time the probes are read", countWithin(1, 0xffff_ffff))
    .requiredOption(
      "--last <epoch>",
      "last such epoch; when it is over the secret may be shown",
      countWithin(1, 0xffff_ffff),
    )
    .option(
      "--through <epoch>",
      `last epoch in which they count (default: ${THROUGH_EPOCHS} after --last)`,
      countWithin(1, 0xffff_ffff),
    )
    .option("--out <directory>", "where both documents are written, each as <hash>.json", ".")
    .addHelpText(
      "after",
      `
Example:
  $ mandate oracle hold-out --definition sales.json --checks returning-buyers.json --first 12 --last 15 --out documents`,
    )
    .action(run);
}
