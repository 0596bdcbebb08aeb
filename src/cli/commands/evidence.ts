import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { pino } from "pino";
import type { EvidenceClient, MilestoneEvidence } from "../../chain/evidence/evidence-client.ts";
import { systemClock } from "../../core/clock.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { loadEvidenceConfiguration } from "../../evidence/configuration/configuration.ts";
import { runEvidence } from "../../evidence/run-evidence.ts";
import { addStoreOption, evidenceClientAs } from "../chain/evidence-store.ts";
import { addSignerOption } from "../chain/signer.ts";
import { endSignal } from "../end-signal.ts";
import { exitCodes } from "../exit-code.ts";
import { jsonLine, outputOf, processStreams } from "../output.ts";
import { bytes32 } from "../values/bytes32.ts";
import { countOf } from "../values/count.ts";

interface PartyOptions {
  readonly store: string;
  readonly chainId: number;
  readonly as: string;
}

function addPartyOptions(command: Command, usual: "payeeOne" | "attestorOne"): Command {
  command
    .argument("<project>", "id of the project", bytes32)
    .argument("<milestone>", "number of the milestone, from 0", countOf);
  addStoreOption(command).option("--chain-id <id>", "chain that sign-in messages name", countOf, 31337);
  return addSignerOption(command, usual);
}

function clientOf({ store, chainId, as }: PartyOptions): EvidenceClient {
  return evidenceClientAs(store, chainId, as);
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new MandateError("EvidenceUnreadable", `cannot read ${file}`, { kind: "input", data: { file }, cause });
  }
}

function readDocument(file: string): unknown {
  try {
    return JSON.parse(Buffer.from(readBytes(file)).toString("utf8"));
  } catch (cause) {
    if (cause instanceof MandateError) throw cause;
    throw new MandateError("EvidenceInvalid", `${file} is no JSON: ${messageOf(cause)}`, { kind: "input", cause });
  }
}

async function serve(options: { config: string }): Promise<void> {
  const configuration = loadEvidenceConfiguration(options.config);
  const logger = pino({ name: "evidence", redact: ["*.token"] }, pino.destination(2));
  const end = endSignal();
  const evidence = await runEvidence({ configuration, logger, clock: systemClock });
  processStreams.out(`${jsonLine({ event: "ready", service: "evidence", url: evidence.url })}\n`);
  if (!end.aborted) await once(end, "abort");
  await evidence.stop();
}

function serveCommand(): Command {
  return new Command("serve")
    .description("store and serve evidence over HTTP until SIGINT or SIGTERM")
    .requiredOption("--config <file>", "configuration (YAML or JSON)")
    .addHelpText("after", "\nExample:\n  $ mandate evidence serve --config evidence.yaml")
    .action(serve);
}

function putCommand(): Command {
  const command = addPartyOptions(new Command("put"), "payeeOne")
    .argument("<file>", "what to upload")
    .option("--document", "the file is a JSON document: its canonical text is stored, whose hash attestors sign")
    .option("--type <media type>", "what the bytes are", "application/octet-stream")
    .description("upload evidence for a milestone, as the project's payee or opener; prints its hash")
    .addHelpText(
      "after",
      "\nExamples:\n  $ mandate evidence put 0x… 0 manifest.json --document\n  $ mandate evidence put 0x… 0 report.pdf --type application/pdf --as payee.key --json",
    );
  type PutOptions = PartyOptions & { readonly document?: true; readonly type: string };
  return command.action(async (project: Hex, milestone: number, file: string, options: PutOptions) => {
    const place: MilestoneEvidence = { project, milestone };
    const client = clientOf(options);
    const answer =
      options.document === true
        ? await client.putDocument(place, readDocument(file))
        : await client.putBytes(place, readBytes(file), options.type);
    outputOf(command).result(answer, answer.record.hash);
  });
}

function getCommand(): Command {
  const command = addPartyOptions(new Command("get"), "attestorOne")
    .argument("<hash>", "Keccak-256 of what was stored", bytes32)
    .option("--out <file>", "write it there instead of to standard output")
    .description("fetch a milestone's evidence and check its hash (exit 1 where the store does not have it)")
    .addHelpText(
      "after",
      "\nWith --json the content is written to --out only.\n\nExample:\n  $ mandate evidence get 0x… 0 0x… --out manifest.json --as attestorOne",
    );
  type GetOptions = PartyOptions & { readonly out?: string };
  return command.action(async (project: Hex, milestone: number, hash: Hex, options: GetOptions) => {
    const answer = await clientOf(options).get({ project, milestone }, hash);
    if (!answer.found) {
      const why = answer.reason === "missing" ? "has nothing with this hash" : "served something with another hash";
      throw new MandateError("EvidenceUnavailable", `the store ${why} for the milestone`, {
        kind: "refused",
        data: { hash, reason: answer.reason },
      });
    }
    const { bytes, contentType } = answer;
    const output = outputOf(command);
    if (options.out !== undefined) writeFileSync(options.out, bytes);
    else if (!output.json) process.stdout.write(bytes);
    const found = { hash, contentType, sizeBytes: bytes.length, file: options.out ?? null };
    if (output.json) output.result(found, "");
    else if (options.out !== undefined)
      output.result(found, `${bytes.length} bytes of ${contentType} in ${options.out}`);
  });
}

function listCommand(): Command {
  const command = addPartyOptions(new Command("list"), "attestorOne")
    .description("list what is stored for a milestone (exit 1 where that is nothing)")
    .addHelpText("after", "\nExample:\n  $ mandate evidence list 0x… 0 --as anchor --json");
  return command.action(async (project: Hex, milestone: number, options: PartyOptions) => {
    const records = await clientOf(options).list({ project, milestone });
    const lines = records.map(({ hash, sizeBytes, contentType }) => `${hash}  ${sizeBytes} bytes  ${contentType}`);
    outputOf(command).result({ records }, records.length === 0 ? "Nothing is stored for it." : lines.join("\n"));
    if (records.length === 0) process.exitCode = exitCodes.refused;
  });
}

/** `mandate evidence …` */
export function evidenceCommand(): Command {
  return new Command("evidence")
    .description("Evidence by its hash: of milestones for the project's parties alone, of challenges for everybody.")
    .addCommand(serveCommand())
    .addCommand(putCommand())
    .addCommand(getCommand())
    .addCommand(listCommand());
}
