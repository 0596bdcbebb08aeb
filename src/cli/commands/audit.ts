import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import type { Finding } from "../../audit/finding.ts";
import { loadIdentityRecords } from "../../audit/metrics/identity-records.ts";
import { postingsCsv } from "../../audit/postings-csv.ts";
import { createRpc } from "../../audit/reader/rpc.ts";
import { runAudit, type AuditReport } from "../../audit/run-audit.ts";
import { loadDeployment } from "../../chain/deployment.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { exitCodes } from "../exit-code.ts";
import { jsonLine, outputOf, processStreams, type Output } from "../output.ts";

interface AuditOptions {
  readonly rpc: string;
  readonly authority?: Hex;
  readonly deployment?: string;
  readonly fromBlock?: bigint;
  readonly toBlock?: bigint;
  readonly report?: string;
  readonly identityRecords?: string;
}

function address(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new InvalidArgumentError("not an address");
  return text as Hex;
}

function blockNumber(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError("not a block number");
  return BigInt(text);
}

/** Where the system stands: its authority as given, or the deployment record's. */
function systemOf(options: AuditOptions): { authority: Hex; fromBlock?: bigint } {
  if (options.authority !== undefined) return { authority: options.authority };
  if (options.deployment !== undefined) {
    const { contracts, fromBlock } = loadDeployment(options.deployment);
    return { authority: contracts.Authority, fromBlock: BigInt(fromBlock) };
  }
  throw new MandateError("AuthorityMissing", "the system to audit is not named", {
    kind: "input",
    remedy: "Name it with --authority <address> or --deployment <file>.",
  });
}

function audit(options: AuditOptions, output: Output): Promise<AuditReport> {
  const { fromBlock, toBlock, identityRecords } = options;
  return runAudit({
    rpc: createRpc(options.rpc),
    ...systemOf(options),
    ...(fromBlock === undefined ? {} : { fromBlock }),
    ...(toBlock === undefined ? {} : { toBlock }),
    ...(identityRecords === undefined ? {} : { hasIdentityRecord: loadIdentityRecords(identityRecords) }),
    progress: (text) => {
      output.note(text);
    },
  });
}

function findingText({ rule, severity, contract, block, transaction, logIndex, expected, actual }: Finding): string {
  const place = [`contract ${contract}`, block && `block ${block}`, transaction && `transaction ${transaction}`];
  const log = logIndex === null ? [] : [`log ${logIndex}`];
  return [
    `${severity} ${rule}: ${[...place.filter(Boolean), ...log].join(", ")}`,
    `  expected ${expected}`,
    `  found    ${actual}`,
  ].join("\n");
}

function verdictOf({ findings, unchecked }: AuditReport): "findings" | "unchecked" | "clean" {
  if (findings.length > 0) return "findings";
  return unchecked.length > 0 ? "unchecked" : "clean";
}

const codeOf = { findings: exitCodes.refused, unchecked: exitCodes.environment, clean: exitCodes.ok } as const;

/** How the system was governed, in a few lines; nothing where nothing was decided. */
function metricsText({ metrics }: AuditReport): string[] {
  if (metrics === null || metrics.decisions === 0) return [];
  const { decisions, escalations, traced, escalationLatencyP99Seconds: latency } = metrics;
  return [
    `decisions: ${decisions}, escalated ${escalations}, traced to a named human ${traced} (${metrics.accountabilityTraceability})`,
    `autonomous operation ${metrics.autonomousOperationRate} (target ${metrics.targetAutonomyRate}), governance health H' ${metrics.governanceHealth}, as published ${metrics.governanceHealthPublished}`,
    ...(latency === null ? [] : [`escalations decided within ${latency} s (99 of 100)`]),
  ];
}

function reportText(report: AuditReport): string {
  const { block, contracts, events, signatures, findings, unchecked } = report;
  const checked = Object.values(signatures).reduce((sum, each) => sum + each, 0);
  const scope = `${contracts.length} contracts, ${events} events, ${checked} signatures, up to block ${block.number}`;
  const open = unchecked.map(
    ({ rule, block: at, transaction, reason }) => `${rule}: block ${at}, ${transaction}: ${reason}`,
  );
  const lines = [...findings.map(findingText), ...open.map((line) => `not checked: ${line}`)];
  const verdict = {
    findings: `${findings.length} findings`,
    unchecked: "not everything could be checked",
    clean: "clean",
  };
  return [...lines, ...metricsText(report), `${verdict[verdictOf(report)]}: ${scope}`].join("\n");
}

async function run(options: AuditOptions, command: Command): Promise<void> {
  const output = outputOf(command);
  const report = await audit(options, output);
  const { postings: _postings, ...answer } = report;
  const result = { verdict: verdictOf(report), ...answer };
  if (options.report !== undefined) writeFileSync(options.report, `${jsonLine(result)}\n`);
  output.result(result, reportText(report));
  process.exitCode = codeOf[result.verdict];
}

async function journal(options: AuditOptions & { csv?: string | true }, command: Command): Promise<void> {
  const output = outputOf(command);
  const report = await audit(options, { ...output, note: (text) => processStreams.err(`${text}\n`) });
  const rows = [...postingsCsv(report.postings)];
  const verdict = verdictOf(report);
  if (typeof options.csv === "string") {
    writeFileSync(options.csv, `${rows.join("\n")}\n`);
    output.result(
      { verdict, postings: rows.length - 1, file: options.csv },
      `${rows.length - 1} postings in ${options.csv}`,
    );
  } else {
    for (const row of rows) processStreams.out(`${row}\n`);
  }
  // Books that do not rest on a clean audit are written, and said to be such.
  process.exitCode = codeOf[verdict];
}

function withSystem(command: Command): Command {
  return command
    .requiredOption("--rpc <url>", "JSON-RPC endpoint of a node that serves eth_getProof")
    .option("--authority <address>", "the system's authority, whose registry names every contract", address)
    .option("--deployment <file>", "deployment record, in place of --authority")
    .option("--from-block <number>", "first block of the system's history", blockNumber)
    .option("--to-block <number>", "judge the system at the end of this block (default: the latest)", blockNumber);
}

/** `mandate audit …` */
export function auditCommand(): Command {
  const command = new Command("audit").description("Verify the whole history from the chain alone; export the books.");
  withSystem(command.command("run"))
    .description(
      "check journals, signatures, leases, payments, permissions and votes; exit 1 with findings, 3 if unsure",
    )
    .option("--identity-records <directory>", "anchors' identity records: which decisions trace to a named human")
    .option("--report <file>", "also write the report as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ mandate audit run --rpc http://127.0.0.1:4100 --deployment .mandate/local/deployment.json",
    )
    .action((options: AuditOptions, self: Command) => run(options, self));
  withSystem(command.command("journal"))
    .description("write every movement of money as one row that names its transaction and log")
    .option("--csv [file]", "as CSV, to a file or to standard output")
    .addHelpText(
      "after",
      "\nExample:\n  $ mandate audit journal --rpc http://127.0.0.1:4100 --authority 0x… --csv books.csv",
    )
    .action((options: AuditOptions & { csv?: string | true }, self: Command) => journal(options, self));
  return command;
}
