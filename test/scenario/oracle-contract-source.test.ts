import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeErrorResult, parseAbi, zeroHash } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createChainClient, type ChainClient } from "../../src/chain/client.ts";
import type { Hex } from "../../src/core/hex.ts";
import { contractSource } from "../../src/oracle/sources/contract/contract-source.ts";
import { readContract } from "../../src/oracle/sources/contract/read-contract.ts";
import { startChain, type LocalChain } from "../../src/stack/chain.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { freePort } from "../../src/stack/ports.ts";

const directory = mkdtempSync(join(tmpdir(), "mandate-contract-source-"));
let chain: LocalChain;
let client: ChainClient;
let web: Server;
let webAsked = 0;

/** Contracts in a few instructions. */
const place = (last: string): Hex => `0x${"c0".repeat(19)}${last}`;
const code = {
  blockNumber: "0x435f5260205ff3",
  argument: "0x6004355f5260205ff3", // answers with its first argument
  minusOne: "0x5f195f5260205ff3",
  revert: "0x5f5ffd",
  invalid: "0xfe",
  endless: "0x5b5f56",
  short: "0x60105ff3",
} as const;
const addresses = Object.fromEntries(
  Object.keys(code).map((name, index) => [name, place(String(10 + index))]),
) as Record<keyof typeof code, Hex>;
const lookup = place("99");

function read(address: Hex, options: Record<string, unknown> = {}, decimals = 0, hash?: Hex) {
  const source = contractSource.parse({
    kind: "contract",
    address,
    function: "function value() view returns (uint256)",
    ...options,
  });
  return client.getBlock().then((latest) => {
    const block = { number: Number(latest.number), hash: hash ?? latest.hash };
    return readContract(source, { epoch: 1, startSeconds: 0, endSeconds: 60, block }, decimals, client);
  });
}

beforeAll(async () => {
  chain = await startChain({ port: await freePort(), directory, snapshotIntervalMs: 600_000 });
  client = createChainClient({ chainId: chain.chainId, rpcUrl: chain.rpcUrl });
  const setCode = (address: Hex, bytes: string) => callRpc(chain.rpcUrl, "anvil_setCode", [address, bytes]);
  for (const [name, bytes] of Object.entries(code)) await setCode(addresses[name as keyof typeof code], bytes);

  web = createServer((_, response) => {
    webAsked += 1;
    response.end('{"data":"0x"}');
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const address = web.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const offchain = encodeErrorResult({
    abi: parseAbi([
      "error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData)",
    ]),
    args: [lookup, [`http://127.0.0.1:${address.port}/{data}`], "0x", "0x00000000", "0x"],
  }).slice(2);
  const length = (offchain.length / 2).toString(16).padStart(4, "0");
  await setCode(lookup, `0x61${length}600c5f3961${length}5ffd${offchain}`);
});
afterAll(async () => {
  web.closeAllConnections();
  web.close();
  await chain.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe("a contract as a source", () => {
  it("given the block that closed the epoch, it reads the state after that block, whatever came later", async () => {
    await callRpc(chain.rpcUrl, "anvil_mine", ["0x5"]);
    const closing = await client.getBlock();
    await callRpc(chain.rpcUrl, "anvil_mine", ["0x5"]);
    const reading = await read(addresses.blockNumber, {}, 0, closing.hash);
    expect(reading).toMatchObject({ ok: true, value: closing.number });
    expect(reading.ok && reading.capture.text).toContain(closing.hash);
  });

  it.each([
    [{ function: "function of(uint256 id) view returns (uint256)", args: ["7"] }, 2, 700n],
    [{ function: "function of(int8 id) view returns (int8)", args: ["-7"] }, 0, -7n],
    [{ function: "function of(bool b) pure returns (uint8)", args: ["true"] }, 0, 1n],
    [{ function: "function of(address a) view returns (uint160)", args: [`0x${"00".repeat(19)}ff`] }, 0, 255n],
    [{ function: "function of(uint256) view returns (uint256)", args: ["1999999999999999999"], places: 18 }, 2, 199n],
    [{ function: "function of(int256) view returns (int256)", args: ["-1"], places: 18 }, 2, -1n],
  ])("given %j, it gives the integer in the metric's places, rounded down", async (options, decimals, value) => {
    expect(await read(addresses.argument, options, decimals)).toMatchObject({ ok: true, value });
  });

  it("given the largest integer, it keeps every digit", async () => {
    expect(await read(addresses.minusOne)).toMatchObject({ ok: true, value: 2n ** 256n - 1n });
  });

  it.each([
    ["one that reverts", addresses.revert, {}],
    ["one that fails", addresses.invalid, {}],
    ["one that never ends", addresses.endless, {}],
    ["nothing", place("77"), {}],
    ["one that answers too little", addresses.short, {}],
    ["an integer beyond its type", addresses.minusOne, { function: "function value() view returns (uint8)" }],
  ])("given %s, it is declined", async (_, address, options) => {
    expect(await read(address, options)).toMatchObject({ ok: false, failure: "declined" });
  });

  it("given a contract that sends on to the web, nobody is asked", async () => {
    expect(await read(lookup)).toMatchObject({ ok: false, failure: "declined" });
    expect(webAsked).toBe(0);
  });

  it("given a block that the chain does not have, or no endpoint, it is unreachable", async () => {
    expect(await read(addresses.blockNumber, {}, 0, zeroHash)).toMatchObject({ ok: false, failure: "unreachable" });
    const source = contractSource.parse({
      kind: "contract",
      address: lookup,
      function: "function a() view returns (int8)",
    });
    const nobody = createChainClient({ chainId: chain.chainId, rpcUrl: "http://127.0.0.1:1/v3/some-key" });
    const moment = { epoch: 1, startSeconds: 0, endSeconds: 60, block: { number: 1, hash: zeroHash } };
    const reading = await readContract(source, moment, 0, nobody);
    expect(reading).toMatchObject({ ok: false, failure: "unreachable" });
    expect(reading.ok ? "" : reading.detail).not.toContain("some-key");
  });

  it.each([
    { function: "function pay() returns (uint256)" },
    { function: "event Paid(uint256 amount)" },
    { function: "function of(uint256[] ids) view returns (uint256)" },
    { function: "function of() view returns (address)" },
    { function: "function of() view returns (uint256)", output: 1 },
    { function: "function of(uint8 a) view returns (uint256)", args: ["256"] },
    { function: "function of(uint8 a) view returns (uint256)", args: [] },
    { function: "function of(uint8 a) view returns (uint256)", args: ["0x1"] },
    { function: "function of(address a) view returns (uint256)", args: ["0x12"] },
    { function: "function of(bytes4 a) view returns (uint256)", args: ["0x1234567890"] },
    { function: "select 1" },
  ])("given %j, the definition is refused", (options) => {
    expect(contractSource.safeParse({ kind: "contract", address: lookup, ...options }).success).toBe(false);
  });
});
