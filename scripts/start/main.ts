// `npm start`: the whole system on this machine. Set-up comes before, in scripts/bootstrap.mjs.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { exitCodeOf } from "../../src/cli/exit-code.ts";
import { errorText } from "../../src/cli/output.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";
import { databaseUrl, ensureDatabase, ensureLoginRole } from "../../src/stack/postgres-database.ts";
import { defaultPortBase } from "../../src/stack/ports.ts";
import type { Supervisor } from "../../src/stack/supervisor/supervisor.ts";
import { layFoundation } from "../local/foundation.ts";
import { layoutOf, urlOf, type Layout } from "../local/layout.ts";
import { Services } from "../local/services.ts";
import { runStack } from "../local/stack-run.ts";
import { exampleProjects, seedExample } from "./seed.ts";
import { summaryOf } from "./summary.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const startMs = performance.now();
const progress = (text: string): void =>
  say(`[${((performance.now() - startMs) / 1_000).toFixed(1).padStart(5)} s] ${text}`);

/** A person who leaves the local stack running keeps a growing chain: snapshots need not be frequent. */
const SNAPSHOT_INTERVAL_MS = 5_000;

function readOptions(): { layout: Layout } {
  const { values } = parseArgs({ options: { "port-base": { type: "string" }, state: { type: "string" } } });
  const text = values["port-base"] ?? process.env["MANDATE_PORT_BASE"] ?? String(defaultPortBase);
  const portBase = Number(text);
  if (!Number.isInteger(portBase) || portBase < 1_024 || portBase > 65_000) {
    throw new MandateError("PortBaseInvalid", `${text} is no port base: a whole number from 1024 to 65000`, {
      kind: "input",
    });
  }
  return { layout: layoutOf(resolve(values.state ?? join(".mandate", "local")), portBase) };
}

async function start(layout: Layout, supervisor: Supervisor): Promise<void> {
  const foundation = await layFoundation({
    layout,
    supervisor,
    parameters: {},
    snapshotIntervalMs: SNAPSHOT_INTERVAL_MS,
    onProgress: progress,
    onFounded: (session, organization) => seedExample(session, layout, organization),
  });
  if (!foundation.origin.fresh) progress("Continuing with the state of the last start");

  const { session, organization, postgres } = foundation;
  const repositories = Object.fromEntries(
    exampleProjects.map(({ name }) => [name, join(layout.directory, "repositories", name)]),
  );
  const services = new Services({ layout, deployment: session.deployment, organization, repositories }, supervisor);

  progress("Starting the example projects, the evidence store and three attestors");
  const indexerRole = { name: "mandate_indexer", password: postgres.derivePassword("indexer") };
  await ensureLoginRole(postgres.ownerUrl, indexerRole);
  await ensureDatabase(postgres.ownerUrl, "mandate", indexerRole.name);
  await supervisor.startStage(
    exampleProjects.map(({ name, portOffset, idle }) => {
      return services.exampleProject({ name, port: layout.ports.metrics + portOffset, idle, commitSeconds: 20 });
    }),
  );
  await services.evidence();
  await services.attestors([urlOf(layout.ports.evidence)]);
  progress("Starting four oracle operators");
  await services.operators();
  progress("Starting the data gateway, the indexer with the web page, and notifications");
  await services.gateway(postgres);
  await services.indexer(databaseUrl(postgres.ownerUrl, "mandate", indexerRole));
  await services.notify();
  await services.renewal();
  progress("Everything runs");
  say(summaryOf(layout, foundation));
  throw await supervisor.interrupted();
}

try {
  const { layout } = readOptions();
  const end = await runStack({ directory: layout.directory, onProgress: progress }, (supervisor) =>
    start(layout, supervisor),
  );
  if (end === "asked") progress("Stopped. The next npm start continues with this state.");
} catch (thrown) {
  process.stderr.write(`\n${errorText(thrown)}\n`);
  process.exitCode = exitCodeOf(thrown);
}
