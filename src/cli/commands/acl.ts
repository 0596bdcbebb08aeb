import { once } from "node:events";
import { Command } from "commander";
import { pino } from "pino";
import { loadAclConfiguration } from "../../acl/configuration/configuration.ts";
import { runAcl } from "../../acl/run-acl.ts";
import {
  dataGrantsAnswerSchema,
  queryAnswerSchema,
  type DataGrantsAnswer,
  type DataVerdict,
  type QueryAnswer,
} from "../../core/api/data-access.ts";
import { systemClock } from "../../core/clock.ts";
import { addSignerOption } from "../chain/signer.ts";
import { endSignal } from "../end-signal.ts";
import { exitCodes } from "../exit-code.ts";
import { askService } from "../http/ask-service.ts";
import { sessionToken, sessionVariable, signIn } from "../http/data-session.ts";
import { jsonLine, outputOf, processStreams } from "../output.ts";
import { countOf } from "../values/count.ts";

interface ReaderOptions {
  readonly gateway: string;
  readonly chainId: number;
  readonly as: string;
}

const verdictTexts: Readonly<Record<DataVerdict, string>> = {
  allowed: "a grant allows it",
  "allowed-by-role": "a standing role allows it",
  "mirror-empty": "the gateway has not seen a block yet",
  "mirror-halted": "the gateway's view of the chain contradicts itself; everything is denied until that is resolved",
  "mirror-lagging": "the gateway has seen no new block for too long; everything is denied until one comes",
  "stale-snapshot": "permissions are not decided within an old snapshot",
  "session-missing": "nobody is signed in",
  "session-unknown": "the session is unknown, or was signed out",
  "session-expired": "the session's time has passed",
  "target-closed": "the resource is closed to everybody",
  "role-missing": "only holders of a role may read it, and this account is none",
  "role-delayed": "the account's role acts with a delay, and a read cannot wait",
  "grant-missing": "no grant covers it",
  "grant-ended": "the grant was ended",
  "grant-not-started": "the grant has not begun",
  "grant-expired": "the grant's time has passed",
  "grant-counted": "the grant counts its uses, which a read cannot spend",
  "grant-capped": "the grant has a cap of impact, which a read cannot spend",
  "task-completed": "the task that the grant served is completed",
  "task-failed": "the task that the grant served has failed",
  "action-unlisted": "the action catalog does not list this reading any more",
  "outside-scope": "reading this is outside the scopes that the task's team has now",
  "outside-reversibility": "the task's team may now only do what can be undone better than this reading",
  "action-with-impact": "the action catalog gives this reading an impact, which is checked call by call",
  "resource-unregistered": "there is no such row, or it is not registered yet",
};

function addReaderOptions(command: Command): Command {
  command
    .option("--gateway <url>", "the data gateway's address", process.env["MANDATE_GATEWAY"] ?? "http://127.0.0.1:4103")
    .option("--chain-id <id>", "chain that sign-in messages name", countOf, 31337);
  return addSignerOption(command, "agent");
}

async function run(options: { config: string; rebuild?: boolean }): Promise<void> {
  const file = loadAclConfiguration(options.config);
  const databaseUrl = process.env["DATABASE_URL"] ?? file.databaseUrl;
  const logger = pino({ name: "acl", redact: ["*.databaseUrl", "*.token"] }, pino.destination(2));
  const end = endSignal();
  const acl = await runAcl({
    configuration: { ...file, ...(databaseUrl === undefined ? {} : { databaseUrl }) },
    logger,
    clock: systemClock,
    rebuild: options.rebuild === true,
  });
  const ready = { event: "ready", service: "acl", url: acl.url, attacksWithstood: acl.attacksWithstood };
  processStreams.out(`${jsonLine(ready)}\n`);
  if (!end.aborted) await once(end, "abort");
  await acl.stop();
}

function runCommand(): Command {
  return new Command("run")
    .description("mirror permissions, attack the own database, then serve reads over HTTP until SIGINT or SIGTERM")
    .requiredOption("--config <file>", "configuration (YAML or JSON)")
    .option("--rebuild", "drop the mirror and all sessions, and read the whole history again")
    .addHelpText("after", "\nExample:\n  $ mandate acl run --config acl.yaml")
    .action(run);
}

function signInCommand(): Command {
  const command = addReaderOptions(new Command("sign-in"))
    .description("sign in with Ethereum and print the session's token")
    .addHelpText("after", `\nExample:\n  $ export ${sessionVariable}=$(mandate acl sign-in --as agent)`);
  return command.action(async (options: ReaderOptions) => {
    const answer = await signIn({ gateway: options.gateway, account: options.as, chainId: options.chainId });
    outputOf(command).result(answer, answer.token);
  });
}

function rowsText({ rows, verdict, at }: QueryAnswer): string {
  const head = at === null ? "" : ` (as of block ${at.number})`;
  if (rows.length === 0) return `Nothing: ${verdictTexts[verdict]}${head}.`;
  const lines = rows.flatMap((row) =>
    Object.entries(row).map(
      ([column, value]) => `${column}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
    ),
  );
  return [...lines, `Shown because ${verdictTexts[verdict]}${head}.`].join("\n");
}

function readCommand(): Command {
  const command = addReaderOptions(new Command("read").argument("<resource>", "for example postgres://records/1"))
    .description("read a resource's rows through row-level security (exit 1 where nothing may be read)")
    .addHelpText(
      "after",
      `\nThe session is taken from ${sessionVariable}; without it, a new one is begun.\n
Example:\n  $ mandate acl read postgres://records/1 --as agent --json`,
    );
  return command.action(async (resource: string, options: ReaderOptions) => {
    const token = await sessionToken(options);
    const answer = await askService(options.gateway, "/v1/query", queryAnswerSchema, { body: { resource }, token });
    outputOf(command).result(answer, rowsText(answer));
    if (answer.rows.length === 0) process.exitCode = exitCodes.refused;
  });
}

function grantsText({ account, grants }: DataGrantsAnswer): string {
  if (grants.length === 0) return `${account} holds no grant to read data.`;
  return grants
    .map(({ resource, target, task, verdict }) => `${resource ?? target} for task ${task}: ${verdictTexts[verdict]}`)
    .join("\n");
}

function grantsCommand(): Command {
  const command = addReaderOptions(new Command("grants"))
    .description("list an account's grants to read data, and whether each has effect")
    .addHelpText("after", "\nExample:\n  $ mandate acl grants --as agent");
  return command.action(async (options: ReaderOptions) => {
    const token = await sessionToken(options);
    const answer = await askService(options.gateway, "/v1/grants", dataGrantsAnswerSchema, { token });
    outputOf(command).result(answer, grantsText(answer));
  });
}

/** `mandate acl …` */
export function aclCommand(): Command {
  return new Command("acl")
    .description("Enforce the authority's permissions on rows in PostgreSQL.")
    .addCommand(runCommand())
    .addCommand(signInCommand())
    .addCommand(readCommand())
    .addCommand(grantsCommand());
}
