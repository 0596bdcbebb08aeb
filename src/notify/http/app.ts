import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { etag } from "hono/etag";
import type { Problem } from "../../core/api/problem.ts";
import type { NotifyStatus } from "./status.ts";

export interface NotifyAppOptions {
  readonly status: () => NotifyStatus;
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
  readonly feedTokens: ReadonlyMap<string, string>;
  readonly feed: (name: string) => Readonly<Record<string, unknown>>;
  readonly onDefect: (thrown: unknown) => void;
}

/** Compared as hashes: neither length nor first difference shows in the time that it takes. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

function problem(code: string, message: string): Problem {
  return { code, message };
}

/** The service's HTTP interface: its feeds, and what those who watch over it ask. */
export function createNotifyApp(options: NotifyAppOptions): Hono {
  const app = new Hono();
  app.onError((thrown, context) => {
    options.onDefect(thrown);
    return context.json(problem("InternalError", "the request failed; the service's log says why"), 500);
  });
  app.notFound((context) => context.json(problem("RouteUnknown", `nothing answers ${context.req.path}`), 404));

  app.get("/healthz", (context) => {
    const { healthy, trouble } = options.status();
    return context.json({ healthy, trouble }, healthy ? 200 : 503);
  });
  app.get("/metrics", async (context) => {
    const { text, contentType } = await options.metrics();
    return context.body(text, 200, { "content-type": contentType });
  });
  app.get("/v1/status", (context) => context.json(options.status(), 200, { "cache-control": "no-store" }));

  // A reader that cannot send a header gives its token in the address.
  app.get("/v1/feeds/:name", etag(), (context) => {
    const name = context.req.param("name");
    const token = options.feedTokens.get(name);
    const given =
      /^Bearer (.+)$/.exec(context.req.header("authorization") ?? "")?.[1] ?? context.req.query("token") ?? "";
    // A feed that is not there and a wrong token answer alike: names are not to be found out.
    if (token === undefined || !isSame(given, token)) {
      return context.json(problem("TokenRefused", "no feed of this name has this token"), 401, {
        "www-authenticate": "Bearer",
      });
    }
    return context.body(JSON.stringify(options.feed(name)), 200, {
      "content-type": "application/feed+json",
      "cache-control": "private, no-cache",
      "referrer-policy": "no-referrer",
    });
  });
  return app;
}
