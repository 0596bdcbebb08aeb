import { once } from "node:events";
import { Command, InvalidArgumentError } from "commander";
import { pino, type Logger } from "pino";
import { systemClock } from "../../core/clock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { loadNotifyConfiguration } from "../../notify/configuration/configuration.ts";
import { notifyStatusSchema, type NotifyStatus } from "../../notify/http/status.ts";
import { notifyOnce, runNotify } from "../../notify/run-notify.ts";
import { testChannels } from "../../notify/test-channels.ts";
import { endSignal } from "../end-signal.ts";
import { exitCodes } from "../exit-code.ts";
import { askService } from "../http/ask-service.ts";
import { jsonLine, outputOf, processStreams } from "../output.ts";

const configOption = ["--config <file>", "configuration (YAML or JSON)"] as const;

function loggerOf(): Logger {
  return pino({ name: "notify", redact: ["*.secret", "*.password", "*.token"] }, pino.destination(2));
}

function statusText(status: NotifyStatus): string {
  const channels = status.channels.map(({ name, kind, queued, sent, expired, lastError }) => {
    const trouble = lastError === null ? "" : `; last failure: ${lastError}`;
    return `  ${name} (${kind}): ${sent} sent, ${queued} queued, ${expired} given up${trouble}`;
  });
  return [
    `chain ${status.chainId}, block ${status.block ?? "none yet"}: ${status.waiting} notices wait for somebody`,
    ...(status.healthy ? [] : ["NOT HEALTHY: the node does not answer, or its history is not complete"]),
    ...(status.trouble === null ? [] : [`${status.trouble.code}: ${status.trouble.message}`]),
    "channels:",
    ...channels,
    ...status.unrouted.map(({ title, id }) => `NOBODY SUBSCRIBED  ${title} (${id})`),
    ...status.expired.map(({ title, channel }) => `NOT HEARD IN TIME  ${title} (to ${channel})`),
  ].join("\n");
}

function secondsOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("a whole number of seconds");
}

async function run(options: { config: string }): Promise<void> {
  const configuration = loadNotifyConfiguration(options.config);
  const end = endSignal();
  const notify = await runNotify({ configuration, environment: process.env, logger: loggerOf(), clock: systemClock });
  processStreams.out(`${jsonLine({ event: "ready", service: "notify", url: notify.url })}\n`);
  if (!end.aborted) await once(end, "abort");
  await notify.stop();
}

async function runOnce(this: Command, options: { config: string; wait: number }): Promise<void> {
  const { status, complete } = await notifyOnce({
    configuration: loadNotifyConfiguration(options.config),
    environment: process.env,
    logger: loggerOf(),
    clock: systemClock,
    waitMs: options.wait * 1_000,
  });
  outputOf(this).result({ complete, ...status }, statusText(status));
  if (!complete) process.exitCode = exitCodes.refused;
}

async function status(this: Command, options: { notify: string }): Promise<void> {
  const answer = await askService(options.notify, "/v1/status", notifyStatusSchema);
  outputOf(this).result(answer, statusText(answer));
  if (!answer.healthy || answer.unrouted.length > 0) process.exitCode = exitCodes.refused;
}

async function test(this: Command, options: { config: string; channel?: string }): Promise<void> {
  const configuration = loadNotifyConfiguration(options.config);
  if (options.channel !== undefined && !Object.hasOwn(configuration.channels, options.channel)) {
    throw new MandateError("ChannelUnknown", `the configuration has no channel ${options.channel}`, {
      kind: "input",
      data: { channel: options.channel },
    });
  }
  const results = await testChannels({
    configuration,
    environment: process.env,
    clock: systemClock,
    only: options.channel,
  });
  const ok = results.every(({ acknowledged }) => acknowledged);
  const lines = results.map(({ channel, kind, failure }) =>
    failure === null ? `ok    ${channel} (${kind})` : `FAIL  ${channel} (${kind}): ${failure}`,
  );
  outputOf(this).result({ ok, channels: results }, lines.join("\n"));
  if (!ok) process.exitCode = exitCodes.refused;
}

/** `mandate notify …` */
export function notifyCommand(): Command {
  const command = new Command("notify").description(
    "Tell people what waits for them, by mail, webhook and feed: silence denies.",
  );
  command
    .command("run")
    .description("follow the chain and send notices until SIGINT or SIGTERM")
    .requiredOption(...configOption)
    .addHelpText("after", "\nExample:\n  $ mandate notify run --config notify.yaml")
    .action(run);
  command
    .command("once")
    .description("look at the chain, send what waits, and end (exit 1 where something is left)")
    .requiredOption(...configOption)
    .option("--wait <seconds>", "how long to try", secondsOf, 30)
    .addHelpText("after", "\nExample:\n  $ mandate notify once --config notify.yaml --wait 60 --json")
    .action(runOnce);
  command
    .command("status")
    .description("what a running service has sent, and what it could not (exit 1 where it needs a person)")
    .option("--notify <url>", "the service's address", "http://127.0.0.1:4104")
    .addHelpText("after", "\nExample:\n  $ mandate notify status --json")
    .action(status);
  command
    .command("test")
    .description("send a test notice through every channel, or one (exit 1 where one does not arrive)")
    .requiredOption(...configOption)
    .option("--channel <name>", "this one alone")
    .addHelpText("after", "\nExample:\n  $ mandate notify test --config notify.yaml --channel ops")
    .action(test);
  return command;
}
