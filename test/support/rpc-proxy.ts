/** A node behind a loopback proxy that lags, lies, hangs, dies or answers by halves when a test tells it to. */
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

export interface RpcCall {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

export type RpcOutcome =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } };

/** Answers a call in the node's stead; `forward` asks the node, for the same call or for another. */
export type RpcAnswering = (
  call: RpcCall,
  forward: (changed?: Partial<RpcCall>) => Promise<RpcOutcome>,
) => RpcOutcome | Promise<RpcOutcome>;

export interface RpcProxy {
  readonly url: string;
  /** Calls since the start, by method. */
  readonly calls: Map<string, number>;
  answer: RpcAnswering | undefined;
  /** What is done with the whole response instead of sending it. */
  respond: ((response: ServerResponse, body: string) => void) | undefined;
  stop(): Promise<void>;
}

export async function startRpcProxy(upstream: string, path = "/"): Promise<RpcProxy> {
  const forward = async (call: RpcCall): Promise<RpcOutcome> => {
    const response = await fetch(upstream, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", ...call }),
    });
    return (await response.json()) as RpcOutcome;
  };
  const answerTo = async (call: RpcCall): Promise<unknown> => {
    proxy.calls.set(call.method, (proxy.calls.get(call.method) ?? 0) + 1);
    const original = (changed: Partial<RpcCall> = {}): Promise<RpcOutcome> => forward({ ...call, ...changed });
    const outcome = await (proxy.answer === undefined ? original() : proxy.answer(call, original));
    return { ...outcome, jsonrpc: "2.0", id: call.id };
  };
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const calls = JSON.parse(body) as RpcCall | readonly RpcCall[];
      const answer = await (Array.isArray(calls) ? Promise.all(calls.map(answerTo)) : answerTo(calls as RpcCall));
      if (proxy.respond !== undefined) proxy.respond(response, JSON.stringify(answer));
      else response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${address.port}${path}`,
    calls: new Map(),
    answer: undefined,
    respond: undefined,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return proxy;
}
