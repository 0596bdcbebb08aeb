import { createServer, type RequestListener, type Server } from "node:http";
import type { LookupFunction } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { addressPolicy } from "./address-policy.ts";
import { EgressClient } from "./egress-client.ts";

const limits = { timeoutMs: 400, maximumBytes: 10_000 };
const servers: Server[] = [];
const clients: EgressClient[] = [];

/** A server on one address of this machine; returns its port. */
async function serve(listener: RequestListener, address = "127.0.0.1", port = 0): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  return bound.port;
}

function client(allowed: readonly string[], lookup?: LookupFunction): EgressClient {
  const made = new EgressClient(addressPolicy(allowed), lookup);
  clients.push(made);
  return made;
}

/** Answers a name with one address after the other, the last one for ever; counts how often it is asked. */
function changingLookup(...answers: readonly string[]): LookupFunction & { asked: () => number } {
  let asked = 0;
  const lookup: LookupFunction = (_host, _options, callback) => {
    const address = answers[Math.min(asked, answers.length - 1)] ?? "";
    asked += 1;
    callback(null, [{ address, family: address.includes(":") ? 6 : 4 }]);
  };
  return Object.assign(lookup, { asked: () => asked });
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe("EgressClient", () => {
  it("iOP-009: given an address that is not allowed, it connects to nobody", async () => {
    let asked = 0;
    const port = await serve((_, response) => {
      asked += 1;
      response.end("inner");
    });
    const strict = client([]);
    const spellings = [
      "127.0.0.1",
      "0x7f.1",
      "2130706433",
      "[::ffff:127.0.0.1]",
      "[::1]",
      "0.0.0.0",
      "169.254.169.254",
    ];
    for (const host of spellings) {
      expect(await strict.request(`http://${host}:${port}/`, limits)).toMatchObject({
        ok: false,
        problem: "address-refused",
      });
    }
    expect(asked).toBe(0);
    expect(await client(["127.0.0.1"]).request(`http://127.0.0.1:${port}/`, limits)).toMatchObject({
      ok: true,
      status: 200,
      text: "inner",
    });
  });

  it("given a name of this machine, it is judged by where it leads", async () => {
    const port = await serve((_, response) => response.end("inner"), "localhost");
    const url = `http://localhost:${port}/`;
    expect(await client([]).request(url, limits)).toMatchObject({ ok: false, problem: "address-refused" });
    expect(await client(["localhost"]).request(url, limits)).toMatchObject({ ok: true, text: "inner" });
  });

  it("given a name that leads elsewhere at every question, it goes where it judged, or nowhere", async () => {
    const port = await serve((_, response) => response.setHeader("connection", "close").end("allowed"));
    await serve((_, response) => response.end("forbidden"), "127.0.0.2", port);
    const lookup = changingLookup("127.0.0.1", "127.0.0.2");
    const rebound = client(["127.0.0.1"], lookup);
    const url = `http://name.example:${port}/`;
    expect(await rebound.request(url, limits)).toMatchObject({ ok: true, text: "allowed" });
    expect(lookup.asked()).toBe(1); // one question a connection: what is judged is what is connected to
    const second = await rebound.request(url, limits);
    expect(second).toMatchObject({ ok: false, problem: "address-refused" });
    expect(second.ok ? "" : second.detail).toBe(
      "name.example is at 127.0.0.2, which is not public, and this operator does not allow it",
    );
    expect(lookup.asked()).toBe(2);
  });

  it("given a name with one forbidden address among others, it does not connect", async () => {
    const lookup: LookupFunction = (_host, _options, callback) =>
      callback(null, [
        { address: "127.0.0.1", family: 4 },
        { address: "10.0.0.1", family: 4 },
      ]);
    const port = await serve((_, response) => response.end());
    expect(await client(["127.0.0.1"], lookup).request(`http://name.example:${port}/`, limits)).toMatchObject({
      problem: "address-refused",
    });
  });

  it("given a redirect to an inner address, it stays where it is", async () => {
    let inner = 0;
    const innerPort = await serve((_, response) => {
      inner += 1;
      response.end();
    }, "127.0.0.2");
    const port = await serve((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.2:${innerPort}/` }).end("moved"),
    );
    expect(await client(["127.0.0.0/8"]).request(`http://127.0.0.1:${port}/`, limits)).toMatchObject({
      ok: true,
      status: 302,
      text: "",
    });
    expect(inner).toBe(0);
  });

  it("given a body as long as allowed, it reads it; one byte more, chunk after chunk without an end, it does not", async () => {
    let sent = 0;
    const port = await serve((request, response) => {
      if (request.url === "/whole") response.end("x".repeat(10_000));
      if (request.url === "/longer") response.end("x".repeat(10_001));
      if (request.url !== "/endless") return;
      const push = (): void => {
        while (!response.destroyed) {
          sent += 1;
          if (!response.write("x".repeat(1_000))) return;
        }
      };
      response.on("drain", push);
      push();
    });
    const open = client(["127.0.0.1"]);
    expect(await open.request(`http://127.0.0.1:${port}/whole`, limits)).toMatchObject({ ok: true });
    for (const path of ["longer", "endless"]) {
      expect(await open.request(`http://127.0.0.1:${port}/${path}`, limits)).toEqual({
        ok: false,
        problem: "too-large",
        detail: "more than 10000 bytes",
      });
    }
    const stopped = sent;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sent).toBe(stopped);
  });

  it("iOP-012: given a body that grows when it is decoded, it counts what it has become", async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const port = await serve((request, response) => {
      const body = request.url === "/bomb" ? bomb : request.url === "/torn" ? bomb.subarray(0, 500) : gzipSync("small");
      response.writeHead(200, { "content-encoding": "gzip" }).end(body);
    });
    const open = client(["127.0.0.1"]);
    expect(await open.request(`http://127.0.0.1:${port}/small`, limits)).toMatchObject({ ok: true, text: "small" });
    expect(await open.request(`http://127.0.0.1:${port}/bomb`, limits)).toMatchObject({ problem: "too-large" });
    const torn = { timeoutMs: 400, maximumBytes: 100_000_000 };
    expect(await open.request(`http://127.0.0.1:${port}/torn`, torn)).toMatchObject({ problem: "undecodable" });
  });

  it.each(["br", "deflate", "gzip, gzip"])(
    "given the encoding %s, which it did not ask for, it refuses",
    async (encoding) => {
      const port = await serve((_, response) => response.writeHead(200, { "content-encoding": encoding }).end("x"));
      expect(await client(["127.0.0.1"]).request(`http://127.0.0.1:${port}/`, limits)).toMatchObject({
        problem: "undecodable",
      });
    },
  );

  it("given a server that is silent, or never ends, it gives up after its time", async () => {
    const port = await serve((request, response) => {
      if (request.url === "/silent") return;
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(timer));
    });
    const open = client(["127.0.0.1"]);
    for (const path of ["silent", "drip"]) {
      const startedMs = performance.now();
      expect(await open.request(`http://127.0.0.1:${port}/${path}`, limits)).toEqual({
        ok: false,
        problem: "timed-out",
        detail: "no whole answer within 400 ms",
      });
      expect(performance.now() - startedMs).toBeLessThan(2_000);
    }
  });

  it("given nobody there, or an answer cut off, it is unreachable", async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" }).write("x");
      setTimeout(() => response.destroy(), 20);
    });
    const open = client(["127.0.0.1"]);
    expect(await open.request("http://127.0.0.1:1/", limits)).toMatchObject({ problem: "unreachable" });
    expect(await open.request(`http://127.0.0.1:${port}/`, limits)).toMatchObject({ problem: "unreachable" });
  });
});
