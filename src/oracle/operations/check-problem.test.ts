import { createServer } from "node:http";
import { parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import { createChainClient } from "../../chain/client.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { checkProblem } from "./check-problem.ts";

const abi = parseAbi(["function genesis() view returns (uint48)"]);

/** What reading a contract throws where every request is answered with this. */
async function thrownBy(answer: Readonly<Record<string, unknown>>): Promise<unknown> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...answer }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const client = createChainClient({ chainId: 1, rpcUrl: `http://127.0.0.1:${port}` });
  try {
    const read = client.readContract({ address: `0x${"11".repeat(20)}`, abi, functionName: "genesis" });
    return await read.then(() => undefined).catch((thrown: unknown) => thrown);
  } finally {
    server.close();
  }
}

describe("checkProblem", () => {
  it("given an address without a contract, it says so on one line, with a remedy", async () => {
    const problem = checkProblem(await thrownBy({ result: "0x" }));
    expect(problem.detail).toBe('The contract function "genesis" returned no data ("0x").');
    expect(problem.remedy).toContain("Correct the address");
  });

  it("given an endpoint that refuses, it says with which words on one line, and to name others", async () => {
    const problem = checkProblem(await thrownBy({ error: { code: -32000, message: "too busy\nfor you" } }));
    expect(problem.detail).toContain("too busy");
    expect(problem.detail).not.toContain("\n");
    expect(problem.remedy).toContain("rpc.urls");
  });

  it("given an error of our own, whatever a library wrapped around it, its message and its remedy are on a line each", () => {
    const own = new MandateError("Own", "one\n  two", { kind: "input", remedy: "Do\nthis." });
    expect(checkProblem(new Error("many\nlines", { cause: own }))).toEqual({ detail: "one two", remedy: "Do this." });
    expect(checkProblem(new MandateError("Own", "one", { kind: "input" }))).toEqual({ detail: "one" });
  });

  it("given anything else, its first line is the cause", () => {
    expect(checkProblem(new Error("first\nsecond"))).toEqual({ detail: "first" });
    expect(checkProblem("text")).toEqual({ detail: "text" });
  });
});
