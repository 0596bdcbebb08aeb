import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { devAccount } from "../chain/dev-accounts.ts";
import { systemClock } from "../core/clock.ts";
import { startChain, type LocalChain } from "./chain.ts";
import { callRpc } from "./json-rpc.ts";
import { freePort } from "./ports.ts";

/** Init code whose constructor emits one log. */
const emitting = "0x602a60005260206000a05f5ff3";

describe("startChain", () => {
  const directory = mkdtempSync(join(tmpdir(), "mandate-chain-"));
  let port: number;
  let chain: LocalChain;
  const rpc = (method: string, ...params: unknown[]): Promise<unknown> => callRpc(chain.rpcUrl, method, params);
  const start = async (snapshotIntervalMs = 100_000): Promise<LocalChain> =>
    (chain = await startChain({ port, directory, snapshotIntervalMs }));
  const emit = (): Promise<unknown> =>
    rpc("eth_sendTransaction", { from: devAccount("deployer").address, data: emitting, gas: "0x30000" });

  /** All that a reader of history sees. */
  async function history(): Promise<unknown> {
    const logs = await rpc("eth_getLogs", { fromBlock: "0x0", toBlock: "latest" });
    const blocks = await Promise.all(["0x0", "0x1"].map((number) => rpc("eth_getBlockByNumber", number, true)));
    return { logs, blocks };
  }

  beforeAll(async () => {
    port = await freePort();
    await start();
    await chain.minedAtOnce(async () => {
      for (let count = 0; count < 3; ++count) await emit();
    });
  });
  afterAll(async () => {
    await chain.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("mines each transaction at once while asked to, without its clock running ahead", async () => {
    expect(await rpc("eth_getLogs", { fromBlock: "0x0", toBlock: "latest" })).toHaveLength(3);
    const block = (await rpc("eth_getBlockByNumber", "latest", false)) as { timestamp: string };
    expect(Number(block.timestamp)).toBeLessThanOrEqual(Date.now() / 1_000 + 1);
  });

  it("puts what was sent together into one block, in the order in which it was sent", async () => {
    const hashes = await chain.minedTogether(async () => [await emit(), await emit()]);
    const receipts = await Promise.all(hashes.map((hash) => rpc("eth_getTransactionReceipt", hash)));
    const [first, second] = receipts as { blockNumber: string; transactionIndex: string }[];
    expect(first?.blockNumber).toBe(second?.blockNumber);
    expect([first?.transactionIndex, second?.transactionIndex]).toEqual(["0x0", "0x1"]);
  });

  it("given a stop, when it starts again, logs, receipts and old blocks are there", async () => {
    const before = await history();
    await chain.stop();
    await start();
    expect(await history()).toEqual(before);
  });

  it("given kill -9 after a snapshot, it reports that, and when it starts again, history up to it is there", async () => {
    await chain.save();
    const before = await history();
    process.kill(chain.pid, "SIGKILL");
    expect(await chain.failed).toMatchObject({ code: "ProcessEnded", data: { signal: "SIGKILL" } });
    await chain.stop();
    await start();
    expect(await history()).toEqual(before);
  });

  it("given many starts, each a second after the other, the first genesis block stays the parent of block 1", async () => {
    const before = await history();
    for (let count = 0; count < 5; ++count) {
      await systemClock.sleep(1_000); // each start's own genesis block has another time
      await chain.stop();
      await start();
      expect(await history()).toEqual(before);
    }
  });

  it("given that a snapshot cannot be written, it says so, and the last one is complete", async () => {
    const path = join(directory, "state.json");
    await chain.stop();
    await start(50);
    mkdirSync(`${path}.partial`); // what is written first, and cannot be written now
    await expect(chain.failed).resolves.toMatchObject({ code: "ChainStateUnsaved", data: { path } });
    expect(JSON.parse(readFileSync(path, "utf8"))).toHaveProperty("blocks");
    await chain.stop();
    await start();
  });

  it("given a port that it holds itself, a second start is refused with PortInUse", async () => {
    await expect(startChain({ port, directory: join(directory, "other") })).rejects.toMatchObject({
      code: "PortInUse",
      data: { port, usedFor: "the embedded chain" },
    });
  });
});
