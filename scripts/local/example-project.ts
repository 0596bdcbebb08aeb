// A really running example project: a watcher that looks at the local chain at intervals, keeps its findings in its git
// repository, and tells how it is doing at /metrics (Prometheus) and /health.json. With --idle it serves, and does nothing.
import { parseArgs } from "node:util";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { Counter, Gauge, Registry } from "prom-client";
import { endSignal } from "../../src/cli/end-signal.ts";
import { systemClock } from "../../src/core/clock.ts";
import { messageOf } from "../../src/core/errors/mandate-error.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { commitFile, createRepository } from "./example-repository.ts";

/** Looks that count as recent. */
const RECENT_LOOKS = 20;

const { values } = parseArgs({
  options: {
    port: { type: "string" },
    rpc: { type: "string" },
    repository: { type: "string" },
    "commit-seconds": { type: "string" },
    idle: { type: "boolean", default: false },
  },
});
const { port, rpc, repository } = values;
if (port === undefined || rpc === undefined || repository === undefined)
  throw new TypeError("--port, --rpc and --repository are needed");
const commitSeconds = Number(values["commit-seconds"] ?? "4");

const registry = new Registry();
const looks = new Counter({
  name: "watch_looks_total",
  help: "Looks at the chain.",
  labelNames: ["outcome"],
  registers: [registry],
});
const recent = new Gauge({
  name: "watch_recent_looks",
  help: "Successful looks among the last 20.",
  registers: [registry],
});
const outcomes: boolean[] = [];

function note(success: boolean): void {
  looks.inc({ outcome: success ? "success" : "failure" });
  outcomes.push(success);
  if (outcomes.length > RECENT_LOOKS) outcomes.shift();
  recent.set(outcomes.filter(Boolean).length);
}

const app = new Hono();
app.get("/metrics", async (context) =>
  context.body(await registry.metrics(), 200, { "content-type": registry.contentType }),
);
app.get("/health.json", (context) => {
  const good = outcomes.filter(Boolean).length;
  const permille = outcomes.length === 0 ? 0 : Math.floor((good * 1_000) / outcomes.length); // rounded down: never flatters
  return context.json({ looks: outcomes.length, availabilityPermille: permille });
});

async function watch(directory: string, rpcUrl: string, ended: AbortSignal): Promise<void> {
  let lastCommitMs = 0;
  while (!ended.aborted) {
    try {
      const block = Number(await callRpc(rpcUrl, "eth_blockNumber", []));
      note(true);
      if (systemClock.nowMs() - lastCommitMs >= commitSeconds * 1_000) {
        lastCommitMs = systemClock.nowMs();
        const found = `block ${block}\n${JSON.stringify(outcomes)}\n`;
        await commitFile(directory, "watch.txt", found, `Record block ${block}`);
      }
    } catch (thrown) {
      note(false);
      process.stderr.write(`${messageOf(thrown)}\n`);
    }
    await systemClock.sleep(500, ended);
  }
}

const ended = endSignal();
await createRepository(repository);
const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(port) });
server.once("listening", () =>
  process.stdout.write(`${JSON.stringify({ event: "ready", service: "example-project" })}\n`),
);
if (values.idle) await new Promise((resolve) => ended.addEventListener("abort", resolve, { once: true }));
else await watch(repository, rpc, ended);
server.close();
