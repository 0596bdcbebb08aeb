import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { assertPortFree, freePort, loopback, stackPorts } from "./ports.ts";

describe("assertPortFree", () => {
  it("given a free port, it resolves, and the port is still free", async () => {
    const port = await freePort();
    await assertPortFree(port, "the test");
    await assertPortFree(port, "the test");
  });

  it("given a port that another server holds, it names the port, its use and what to do", async () => {
    const server = createServer().listen(0, loopback);
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(assertPortFree(port, "the test")).rejects.toMatchObject({
      code: "PortInUse",
      kind: "environment",
      data: { port, usedFor: "the test" },
      remedy: expect.stringContaining("MANDATE_PORT_BASE"),
    });
    server.close();
  });
});

describe("stackPorts", () => {
  it("gives every service a port of its own", () => {
    const ports = stackPorts(4100);
    const all = [ports.chain, ports.postgres, ports.web, ports.acl, ports.notify, ports.evidence, ports.metrics];
    for (const number of [1, 2, 3, 4]) all.push(ports.operator(number), ports.attestor(number));
    expect(new Set(all).size).toBe(all.length);
    expect(ports).toMatchObject({
      chain: 4100,
      postgres: 4101,
      web: 4102,
      acl: 4103,
      notify: 4104,
      evidence: 4105,
      metrics: 4131,
    });
    expect([ports.operator(1), ports.attestor(3)]).toEqual([4111, 4123]);
  });
});
