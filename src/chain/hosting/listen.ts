import { serve } from "@hono/node-server";
import { MandateError } from "../../core/errors/mandate-error.ts";

export interface Listening {
  readonly url: string;
  /** Takes no more requests, lets running ones end for a moment, then closes every connection. */
  close(): Promise<void>;
}

/** What running requests get to end in, so that a service stops within five seconds. */
const CLOSE_GRACE_MS = 2_000;

/** Serves `fetch` over HTTP. @throws {MandateError} `PortInUse`, `ListenFailed`. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const server = serve({ fetch, hostname: host, port });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const code = cause.code === "EADDRINUSE" ? "PortInUse" : "ListenFailed";
      reject(
        new MandateError(code, `cannot listen on ${host}:${port}`, {
          kind: "environment",
          cause,
          data: { host, port },
          remedy: "Free the port, or set another one as `listen.port`.",
        }),
      );
    });
  });
  const bound = server.address();
  return {
    url: `http://${host}:${typeof bound === "object" && bound !== null ? bound.port : port}`,
    close: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => {
          if ("closeAllConnections" in server) server.closeAllConnections();
        }, CLOSE_GRACE_MS);
        server.close(() => {
          clearTimeout(force);
          resolve();
        });
        if ("closeIdleConnections" in server) server.closeIdleConnections();
      }),
  };
}
