import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Problem } from "../../core/api/problem.ts";
import { bytes32Schema } from "../../core/api/primitives.ts";
import type { ConfigAnswer, StatusAnswer } from "../../core/api/status.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Organization } from "../answers/organization.ts";
import type { ChangeStream } from "./change-stream.ts";

/** Silence after which a stream says that it is alive, so that proxies keep it open. */
const KEEP_ALIVE_MS = 15_000;

const eventsQuery = z.strictObject({
  after: z.coerce.bigint().nonnegative().default(0n),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const reportsQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) });
const newestQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) });

export interface IndexerAppOptions {
  readonly organization: Organization;
  readonly status: () => Promise<StatusAnswer>;
  readonly config: () => Promise<ConfigAnswer>;
  readonly changes: ChangeStream;
  /** The built web app; undefined serves none. */
  readonly webDirectory: string | undefined;
  readonly onDefect: (thrown: unknown) => void;
}

function problem(code: string, message: string, remedy?: string): Problem {
  return { code, message, ...(remedy === undefined ? {} : { remedy }) };
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new MandateError("RequestInvalid", z.prettifyError(result.error), { kind: "input", cause: result.error });
}

/** The indexer's HTTP interface: answers as `src/core/api` declares them, and the web app. */
export function createIndexerApp(options: IndexerAppOptions): Hono {
  const { organization, changes } = options;
  const app = new Hono();

  app.onError((thrown, context) => {
    if (thrown instanceof MandateError && thrown.kind === "input") {
      return context.json(problem(thrown.code, thrown.message, thrown.remedy), 400);
    }
    if (thrown instanceof MandateError && thrown.retryable) {
      return context.json(problem(thrown.code, thrown.message, thrown.remedy), 503, { "retry-after": "1" });
    }
    options.onDefect(thrown);
    return context.json(problem("IndexerUnavailable", "the index cannot be read now"), 503, { "retry-after": "1" });
  });
  app.use("/v1/*", async (context, next) => {
    await next();
    context.header("cache-control", "no-store");
    context.header("access-control-allow-origin", "*"); // public chain data; nothing here depends on who asks
  });

  app.get("/healthz", async (context) => {
    const { phase, trouble } = await options.status();
    return context.json({ phase, trouble }, phase === "halted" ? 503 : 200);
  });
  app.get("/v1/status", async (context) => context.json(await options.status()));
  app.get("/v1/config", async (context) => context.json(await options.config()));
  app.get("/v1/pools", async (context) => context.json(await organization.pools()));
  app.get("/v1/projects", async (context) => context.json(await organization.projects()));
  app.get("/v1/projects/:id", async (context) => {
    const id = parsed(bytes32Schema, context.req.param("id")).toLowerCase();
    const project = await organization.project(id);
    return project === undefined
      ? context.json(problem("ProjectUnknown", `no project has the id ${id}`), 404)
      : context.json(project);
  });
  app.get("/v1/reports", async (context) => {
    const { limit } = parsed(reportsQuery, context.req.query());
    return context.json(await organization.reports(limit));
  });
  app.get("/v1/forks", async (context) => context.json(await organization.forks()));
  app.get("/v1/teams", async (context) => context.json(await organization.teams()));
  app.get("/v1/anchors", async (context) => context.json(await organization.anchors()));
  app.get("/v1/safety", async (context) => context.json(await organization.safety()));
  app.get("/v1/policy", async (context) => context.json(await organization.policy()));
  app.get("/v1/escalations", async (context) => {
    const { limit } = parsed(newestQuery, context.req.query());
    return context.json(await organization.escalations(limit));
  });
  app.get("/v1/challenges", async (context) => {
    const { limit } = parsed(newestQuery, context.req.query());
    return context.json(await organization.challenges(limit));
  });
  app.get("/v1/rulesets", async (context) => context.json(await organization.rulesets()));
  app.get("/v1/tasks", async (context) => context.json(await organization.tasks()));
  app.get("/v1/events", async (context) => {
    const { after, limit } = parsed(eventsQuery, context.req.query());
    return context.json(await organization.events(after, limit));
  });
  app.get("/v1/stream", (context) =>
    streamSSE(context, async (stream) => {
      using subscription = changes.subscribe();
      stream.onAbort(() => {
        subscription[Symbol.dispose]();
      });
      const keepAlive = setInterval(() => void stream.write(": alive\n\n"), KEEP_ALIVE_MS);
      try {
        await stream.write(": open\n\n");
        for (let message = await subscription.next(); message !== undefined; message = await subscription.next()) {
          await stream.writeSSE({ event: message.kind, data: JSON.stringify(message) });
        }
      } finally {
        clearInterval(keepAlive);
      }
    }),
  );
  app.all("/v1/*", (context) => context.json(problem("RouteUnknown", `nothing answers ${context.req.path}`), 404));

  const { webDirectory } = options;
  if (webDirectory !== undefined) {
    const root = relative(process.cwd(), webDirectory) || ".";
    app.use("*", async (context, next) => {
      await next();
      context.header("x-content-type-options", "nosniff");
      context.header("x-frame-options", "DENY"); // a page that asks a wallet to sign is not shown inside another
      context.header("referrer-policy", "no-referrer");
    });
    app.use("*", serveStatic({ root }));
    // Whatever is no file is a place inside the app.
    app.get("*", async (context) => {
      if (/\.[a-z0-9]+$/i.test(context.req.path)) return context.notFound();
      return context.html(await readFile(join(webDirectory, "index.html"), "utf8"));
    });
  }
  return app;
}
