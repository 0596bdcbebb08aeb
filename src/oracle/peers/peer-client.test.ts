import { createServer, type RequestListener, type Server } from "node:http";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { addressPolicy } from "../egress/address-policy.ts";
import { EgressClient } from "../egress/egress-client.ts";
import { PeerClient } from "./peer-client.ts";

const egress = new EgressClient(addressPolicy(["127.0.0.1"]));
let server: Server | undefined;

async function peerThat(listener: RequestListener): Promise<PeerClient> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const address = started.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return new PeerClient(`http://127.0.0.1:${address.port}`, egress, { timeoutMs: 400, maximumBytes: 10_000 });
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});
afterAll(() => egress.close());

describe("PeerClient", () => {
  it("given an answer that is known already, it is unchanged", async () => {
    const peer = await peerThat((request, response) => {
      if (request.headers["if-none-match"] === '"one"') response.writeHead(304).end();
      else response.setHeader("etag", '"one"').end('{"messages":[]}');
    });
    expect(await peer.messages(1)).toEqual({ ok: true, value: [] });
    expect(await peer.messages(1)).toMatchObject({ ok: false, reason: "unchanged" });
    peer.forget(); // the asker begins anew
    expect(await peer.messages(1)).toEqual({ ok: true, value: [] });
  });

  it("given a hostile peer whose answer never ends, it stops reading at its limit", async () => {
    const peer = await peerThat((_, response) => {
      const push = (): void => {
        while (!response.destroyed && response.write("[".repeat(1_000)));
      };
      response.on("drain", push);
      push();
    });
    expect(await peer.messages(1)).toEqual({ ok: false, reason: "declined", detail: "more than 10000 bytes" });
  });

  it("given a peer whose answer drips, it is unreachable after its time", async () => {
    const peer = await peerThat((_, response) => {
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    });
    expect(await peer.head(1)).toMatchObject({ ok: false, reason: "unreachable" });
  });

  it("given no JSON, another form or a status of failure, it is declined", async () => {
    const peer = await peerThat((request, response) => {
      if (request.method === "POST") response.writeHead(413).end();
      else response.end(request.url === "/v1/agreement/1" ? "<html>" : '{"record":1}');
    });
    expect(await peer.messages(1)).toMatchObject({ ok: false, reason: "declined" });
    expect(await peer.head(1)).toMatchObject({ ok: false, reason: "declined" });
    expect(await peer.send(1, [])).toEqual({ ok: false, reason: "declined", detail: "status 413" });
  });

  it("given a peer that sends on to an inner address, it does not follow", async () => {
    const peer = await peerThat((_, response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end());
    expect(await peer.send(1, [])).toEqual({ ok: false, reason: "declined", detail: "status 307" });
    expect(await peer.status()).toMatchObject({ ok: false, reason: "declined", detail: "status 307" });
  });

  it("given requests, it tells whether the last was answered, with whatever, and when one was last", async () => {
    const peer = await peerThat((request, response) => {
      if (request.url === "/v1/status") response.writeHead(500).end();
      else if (request.url === "/v1/epochs/1/report") response.end('{"record":null}');
      else request.socket.destroy();
    });
    expect(peer.contact).toBeUndefined();
    await peer.messages(1);
    expect(peer.contact).toEqual({ answered: false, answeredAtMs: undefined });
    await peer.head(1);
    const answeredAtMs = peer.contact?.answeredAtMs;
    expect(peer.contact).toEqual({ answered: true, answeredAtMs: expect.any(Number) as number });
    await peer.messages(1);
    expect(peer.contact).toEqual({ answered: false, answeredAtMs });
    await peer.status();
    expect(peer.contact).toMatchObject({ answered: true });
  });

  it("given a peer at an address that is not allowed, it is unreachable", async () => {
    const strict = new EgressClient(addressPolicy([]));
    expect(await new PeerClient("http://127.0.0.1:1", strict).status()).toMatchObject({
      reason: "unreachable",
      detail: "127.0.0.1 is not public, and this operator does not allow it",
    });
    await strict.close();
  });
});
