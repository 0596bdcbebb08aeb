import { Command } from "commander";
import { pino } from "pino";
import { z } from "zod";
import { systemClock } from "../../core/clock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { ONE } from "../../core/fixed-point.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { loadOperatorConfiguration } from "../../oracle/configuration/operator-configuration.ts";
import { checkOperator } from "../../oracle/operations/check-operator.ts";
import { dryRun } from "../../oracle/operations/dry-run.ts";
import { withoutSecrets } from "../../oracle/operations/without-secrets.ts";
import { runOperator } from "../../oracle/run-operator.ts";
import { readSourceSecrets } from "../../oracle/sources/source-secrets.ts";
import { endSignal } from "../end-signal.ts";
import { exitCodes } from "../exit-code.ts";
import { jsonLine, outputOf, processStreams } from "../output.ts";
import { bundleCommand, replayCommand } from "./oracle-evidence.ts";
import { detectCommand } from "./oracle-detect.ts";
import { holdOutCommand } from "./oracle-hold-out.ts";
import { initCommand } from "./oracle-init.ts";
import { registerKeyCommand } from "./oracle-register-key.ts";
import { rotateKeyCommand } from "./oracle-rotate-key.ts";
import { participationCommand } from "./oracle-participation.ts";
import { joinCommand, leaveCommand, reinstateCommand } from "./oracle-seats.ts";
import { rulesetCommand } from "./oracle-ruleset.ts";
import { signingDatabaseCommands } from "./oracle-signing-db.ts";
import { simulateCommand } from "./oracle-simulate.ts";
import { submitCommand } from "./oracle-submit.ts";
import { suspendCommand } from "./oracle-suspend.ts";

const STATUS_TIMEOUT_MS = 5_000;

const rulesetSchema = z
  .looseObject({ hash: z.string().nullable(), fromEpoch: z.number().nullable(), problem: z.string().nullable() })
  .nullable();

const statusSchema = z.looseObject({
  operator: z.string(),
  block: z.number().nullable(),
  lastAcceptedEpoch: z.number().nullable(),
  lastError: z.string().nullable(),
  submits: z.boolean().default(true),
  rulesets: z
    .looseObject({ running: rulesetSchema, scheduled: rulesetSchema })
    .default({ running: null, scheduled: null }),
  round: z
    .looseObject({
      epoch: z.number(),
      committers: z.array(z.string()),
      observers: z.array(z.string()),
      late: z.array(z.string()).default([]),
      withheld: z.array(z.string()).default([]),
      signatures: z.array(z.string()),
      quorum: z.number(),
    })
    .nullable(),
  alerts: z.array(z.looseObject({ type: z.string() })),
});

async function run(options: { config: string }): Promise<void> {
  const configuration = loadOperatorConfiguration(options.config);
  const { redact } = readSourceSecrets(configuration);
  const errors = pino.destination(2);
  // Whole lines, not fields: libraries quote addresses and answers in messages of their own.
  const redacted = { write: (line: string) => errors.write(redact(line)) };
  const logger = pino({ name: "oracle", redact: ["*.privateKey", "*.key"] }, redacted);
  const ended = endSignal();
  const operator = await withoutSecrets(configuration, () => runOperator(configuration, logger));
  const { url, operator: address } = operator;
  processStreams.out(`${jsonLine({ event: "ready", service: "oracle", url, operator: address })}\n`);
  if (!ended.aborted) await new Promise((resolve) => ended.addEventListener("abort", resolve, { once: true }));
  await operator.stop();
}

async function check(this: Command, options: { config: string }): Promise<void> {
  const configuration = loadOperatorConfiguration(options.config);
  const results = await withoutSecrets(configuration, () => checkOperator(configuration, systemClock));
  const ok = results.every((each) => each.ok);
  const lines = results.flatMap(({ name, ok: isThere, warning, detail, remedy }) => [
    `${warning ? "WARN" : isThere ? "ok  " : "FAIL"}  ${name}: ${detail}`,
    ...(remedy === undefined ? [] : [`      ${remedy}`]),
  ]);
  outputOf(this).result({ ok, checks: results }, lines.join("\n"));
  if (!ok) process.exitCode = exitCodes.refused;
}

/** A fixed-point share as a decimal with four places, rounded down. */
function shareText(value: bigint): string {
  const scaled = (value * 10_000n) / ONE;
  return `${scaled / 10_000n}.${(scaled % 10_000n).toString().padStart(4, "0")}`;
}

function leafLine(leaf: Leaf, threshold: bigint): string {
  if (leaf.outcome !== "value") return `  ${leaf.project}  ${leaf.outcome}`;
  const verdict = leaf.score >= threshold ? "survives" : "below the threshold";
  return `  ${leaf.project}  ${shareText(leaf.score)}  grade ${"ABCD"[leaf.grade - 1] ?? "?"}  ${verdict}`;
}

async function measure(this: Command, options: { config: string }): Promise<void> {
  const configuration = loadOperatorConfiguration(options.config);
  const outcome = await withoutSecrets(configuration, () => dryRun(configuration));
  if (!outcome.ok) {
    throw new MandateError("NoEpochClosed", "no epoch has closed yet", {
      kind: "refused",
      remedy: "Try again when the first epoch is over.",
    });
  }
  const { epoch, root, threshold, leaves, failures } = outcome.run;
  const lines = [
    `Epoch ${epoch} as this operator alone sees it; nothing is signed or sent. Threshold ${shareText(threshold)}.`,
    ...leaves.map((leaf) => leafLine(leaf, threshold)),
    ...failures.map(
      (each) =>
        `  ${each.outcome}: ${each.metric} of ${each.definition.slice(0, 10)}…, ${each.source}: ${each.failure}, ${each.detail}`,
    ),
    `Root ${root}`,
  ];
  outputOf(this).result({ epoch, root, threshold, leaves, failures }, lines.join("\n"));
}

async function status(this: Command, options: { url: string }): Promise<void> {
  let answer: unknown;
  try {
    const response = await fetch(new URL("/v1/status", options.url), {
      signal: AbortSignal.timeout(STATUS_TIMEOUT_MS),
    });
    answer = await response.json();
  } catch (cause) {
    throw new MandateError("OperatorUnreachable", `no operator answers at ${options.url}`, {
      kind: "retry",
      cause,
      data: { url: options.url },
      remedy: "Start one (mandate oracle run), or name another with --url.",
    });
  }
  const found = statusSchema.parse(answer);
  const { round } = found;
  const lines = [
    `Operator ${found.operator}, block ${found.block ?? "unknown"}, last accepted epoch ${found.lastAcceptedEpoch ?? "unknown"}`,
    round === null
      ? "No report is due."
      : `Epoch ${round.epoch}: ${round.committers.length} commitments, ${round.observers.length} observations, ${round.signatures.length} of ${round.quorum} signatures`,
    ...(round === null || round.late.length === 0 ? [] : [`  Committed too late: ${round.late.join(", ")}`]),
    ...(round === null || round.withheld.length === 0
      ? []
      : [`  Committed, and show nothing: ${round.withheld.join(", ")}`]),
    ...rulesetLines("Ruleset", found.rulesets.running),
    ...rulesetLines("Scheduled ruleset", found.rulesets.scheduled),
    ...(found.submits ? [] : ["Dry run: it submits nothing (`submit` is false)."]),
    ...found.alerts.map((each) => `ALERT ${jsonLine(each)}`),
    ...(found.lastError === null ? [] : [`Last error: ${found.lastError}`]),
  ];
  outputOf(this).result(found, lines.join("\n"));
}

function rulesetLines(name: string, ruleset: z.infer<typeof rulesetSchema>): readonly string[] {
  if (ruleset === null) return [];
  const { hash, fromEpoch, problem } = ruleset;
  return [
    `${name}: ${hash === null ? "none is named" : `${hash}, from epoch ${fromEpoch} on`}`,
    ...(problem === null ? [] : [`  CANNOT BE FOLLOWED: ${problem}`]),
  ];
}

/** `mandate oracle …` */
export function oracleCommand(): Command {
  const command = new Command("oracle").description(
    "Measure projects, agree with other operators, report to the chain.",
  );
  command
    .command("run")
    .description("run an operator until SIGINT or SIGTERM")
    .requiredOption("--config <file>", "configuration (YAML or JSON)")
    .addHelpText("after", "\nExample:\n  $ mandate oracle run --config operator.yaml")
    .action(run);
  command
    .command("status")
    .description("what a running operator is doing")
    .option("--url <url>", "address of the operator", "http://127.0.0.1:4111")
    .addHelpText("after", "\nExample:\n  $ mandate oracle status --url http://127.0.0.1:4112 --json")
    .action(status);
  command
    .command("check")
    .description("try keys, chain, seat, gas money, sources and peers before running; exit code 1 where one fails")
    .requiredOption("--config <file>", "configuration (YAML or JSON)")
    .addHelpText("after", "\nExample:\n  $ mandate oracle check --config operator.yaml")
    .action(check);
  command
    .command("dry-run")
    .description("measure and score the last closed epoch from this operator's sources alone; signs and sends nothing")
    .requiredOption("--config <file>", "configuration (YAML or JSON)")
    .addHelpText("after", "\nExample:\n  $ mandate oracle dry-run --config operator.yaml --json")
    .action(measure);
  command.addCommand(detectCommand());
  command.addCommand(holdOutCommand());
  command.addCommand(bundleCommand());
  command.addCommand(replayCommand());
  command.addCommand(initCommand());
  command.addCommand(registerKeyCommand());
  command.addCommand(rotateKeyCommand());
  command.addCommand(submitCommand());
  command.addCommand(suspendCommand());
  command.addCommand(joinCommand());
  command.addCommand(leaveCommand());
  command.addCommand(reinstateCommand());
  command.addCommand(rulesetCommand());
  command.addCommand(simulateCommand());
  command.addCommand(participationCommand());
  for (const each of signingDatabaseCommands()) command.addCommand(each);
  return command;
}
