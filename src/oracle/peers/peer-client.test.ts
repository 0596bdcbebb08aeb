import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PeerClient } from "./peer-client.ts";

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const isKnown = request.headers["if-none-match"] === '"1"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"1"', "content-type": "application/json" });
    response.end(isKnown ? undefined : '{"messages":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

describe("a peer", () => {
  it("is not asked for the same again, until the asker begins anew", async () => {
    const peer = new PeerClient(url, 5_000);
    expect(await peer.messages(1)).toEqual({ ok: true, value: [] });
    expect(await peer.messages(1)).toMatchObject({ ok: false, reason: "unchanged" });
    peer.forget();
    expect(await peer.messages(1)).toEqual({ ok: true, value: [] });
  });
});
