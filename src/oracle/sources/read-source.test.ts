import { createServer, type RequestListener, type Server } from "node:http";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createChainClient } from "../../chain/client.ts";
import { addressPolicy } from "../egress/address-policy.ts";
import { EgressClient } from "../egress/egress-client.ts";
import type { HttpJsonSource } from "./http-json/http-json-source.ts";
import { openSources } from "./open-sources.ts";
import type { PrometheusSource } from "./prometheus/prometheus-source.ts";
import type { ReadSource } from "./read-source.ts";
import type { SqlSource } from "./sql/sql-source.ts";

const window = { epoch: 1, startSeconds: 0, endSeconds: 60, block: { number: 1, hash: "0x01" } } as const;
let server: Server | undefined;

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const address = started.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}/`;
}

afterAll(() => egress.close());
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const rpcUrl = "http://127.0.0.1:1/";
const client = createChainClient({ chainId: 31337, rpcUrl });
const egress = new EgressClient(addressPolicy(["127.0.0.1"]));

function readerOf(hosts: readonly string[]): ReadSource {
  const places = { repositories: {}, directories: {}, databases: {}, credentials: {} };
  const sources = { hosts, ...places, timeoutMs: 300, maximumBytes: 1_000 };
  return openSources({ rpc: { urls: [rpcUrl] }, sources }, { egress, client }).read;
}
const reader = readerOf(["127.0.0.1"]);
const json = (url: string, pointer = "/a"): HttpJsonSource => ({ kind: "http-json", url, pointer });
const calls = (url: string, labels: Record<string, string> = {}): PrometheusSource => ({
  kind: "prometheus",
  url,
  metric: "calls",
  labels,
});

describe("sourceReader", () => {
  it.each([
    ['{"a":0.1}', 100_000_000_000_000_000n],
    ['{"a":"12.5"}', 12_500_000_000_000_000_000n],
    ['{"a":1e-18}', 1n],
  ])("given the JSON %s, it reads the number exactly", async (body, value) => {
    const url = await serve((_, response) => response.end(body));
    expect(await reader(json(url), 18, window)).toMatchObject({ ok: true, value, capture: { text: body } });
  });

  it.each([
    ["text", "not JSON"],
    ['{"a":null}', 'no number at "/a"'],
    ['{"b":1}', 'no number at "/a"'],
    ['{"a":"1 apple"}', 'no number at "/a"'],
  ])("given the answer %s, it is declined", async (body, detail) => {
    const url = await serve((_, response) => response.end(body));
    expect(await reader(json(url), 0, window)).toEqual({ ok: false, failure: "declined", detail });
  });

  it("given samples that match by name and labels, it adds them up", async () => {
    const url = await serve((_, response) =>
      response.end('calls{a="1",b="x"} 2\ncalls{a="1",b="y"} 3\ncalls{a="2"} 4\nother 5\n'),
    );
    expect(await reader(calls(url, { a: "1" }), 0, window)).toMatchObject({ ok: true, value: 5n });
    expect(await reader(calls(url), 0, window)).toMatchObject({ ok: true, value: 9n });
    expect(await reader(calls(url, { a: "3" }), 0, window)).toMatchObject({ ok: false, failure: "declined" });
  });

  it.each(["calls NaN\n", "calls +Inf\n", "<html></html>\n"])(
    "given the exposition %j, it is declined",
    async (body) => {
      const url = await serve((_, response) => response.end(body));
      expect(await reader(calls(url), 0, window)).toMatchObject({ ok: false, failure: "declined" });
    },
  );

  it("given a status other than 200, a redirect or too much text, it is declined", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/redirect") response.writeHead(302, { location: "/" }).end();
      else if (request.url === "/large") response.end("1".repeat(2_000));
      else response.writeHead(503).end();
    });
    expect(await reader(json(url), 0, window)).toEqual({ ok: false, failure: "declined", detail: "status 503" });
    expect(await reader(json(`${url}redirect`), 0, window)).toMatchObject({
      failure: "declined",
      detail: "status 302",
    });
    expect(await reader(json(`${url}large`), 0, window)).toMatchObject({
      failure: "declined",
      detail: "more than 1000 bytes",
    });
  });

  it("given a service that never answers, or none, it is unreachable", async () => {
    const url = await serve(() => {});
    expect(await reader(json(url), 0, window)).toMatchObject({ ok: false, failure: "unreachable" });
    expect(await reader(json("http://127.0.0.1:1/"), 0, window)).toMatchObject({ ok: false, failure: "unreachable" });
  });

  it("iOP-009: given a host or a repository that the operator did not allow, it asks nobody", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.end('{"a":1}');
    });
    const strict = readerOf([]);
    expect(await strict(json(url), 0, window)).toMatchObject({ ok: false, failure: "unreachable" });
    const git = { kind: "git", repository: "site", branch: "main", measure: "commits" } as const;
    const file = { kind: "file", directory: "logs", path: "a", content: { format: "json", pointer: "" } } as const;
    const sql = { kind: "sql", database: "billing", statement: "select 1", parameters: [] } as SqlSource;
    const query = { kind: "prometheus-query", url, query: "up" } as const;
    const jsonata = { kind: "http-jsonata", url, expression: "a" } as const;
    const github = { kind: "github", api: url, repository: "a/b", measure: "releases" } as const;
    for (const source of [git, file, sql, query, jsonata, github]) {
      expect(await strict(source, 0, window)).toMatchObject({ ok: false, failure: "unreachable" });
    }
    expect(asked).toBe(0);
  });
});
