import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createWalletClient, encodeErrorResult, http, parseEther } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { iHeartbeatOracleAbi } from "../../src/chain/abi.ts";
import { chainOf, createChainClient, type ChainClient } from "../../src/chain/client.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import type { Intent } from "../../src/chain/outbox/intent.ts";
import { openOutboxStore, type OutboxStore } from "../../src/chain/outbox/outbox-store.ts";
import { Outbox, type OutboxAlert } from "../../src/chain/outbox/outbox.ts";
import type { Clock } from "../../src/core/clock.ts";
import { hexOf, type Hex } from "../../src/core/hex.ts";
import { startChain, type LocalChain } from "../../src/stack/chain.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { freePort } from "../../src/stack/ports.ts";
import { startRpcProxy } from "../support/rpc-proxy.ts";

const key = devAccount("relayer").getHdKey().privateKey; // public test mnemonic
if (key === null) throw new Error("no key");
const account = privateKeyToAccount(hexOf(key));
const receiver: Hex = `0x${"ab".repeat(20)}`;
const bumpAfterMs = 10_000;

let directory: string;
let chain: LocalChain;
let client: ChainClient;
let store: OutboxStore;
let path: string;
let nowMs: number;
let alerts: OutboxAlert[];
let snapshot: unknown;
let databases = 0;

const clock: Clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() };
const rpc = (method: string, ...params: readonly unknown[]): Promise<unknown> => callRpc(chain.rpcUrl, method, params);
const mine = (blocks = 1): Promise<unknown> => rpc("anvil_mine", blocks);
const minedNonce = (): Promise<number> => client.getTransactionCount({ address: account.address });

function openOutbox(feeLimit = 10n ** 12n): Outbox {
  return new Outbox({ client, account, store, clock, bumpAfterMs, feeLimit, onAlert: (alert) => alerts.push(alert) });
}

async function intentOf(id: string, changes: Partial<Intent> = {}): Promise<Intent> {
  const { timestamp } = await client.getBlock();
  return { id, to: receiver, data: "0x", value: 1n, validUntilSeconds: Number(timestamp) + 1_000, ...changes };
}

const received = (): Promise<bigint> => client.getBalance({ address: receiver });

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "mandate-outbox-"));
  chain = await startChain({ port: await freePort(), directory, snapshotIntervalMs: 600_000 });
  client = createChainClient({ chainId: chain.chainId, rpcUrl: chain.rpcUrl });
  await rpc("evm_setIntervalMining", 0); // blocks come only when a test mines one
  await rpc("evm_setAutomine", false);
});
afterAll(async () => {
  await chain.stop();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  snapshot = await rpc("evm_snapshot");
  databases += 1;
  path = join(directory, `outbox-${databases}.sqlite`);
  store = openOutboxStore(path);
  nowMs = 1_000_000;
  alerts = [];
});
afterEach(async () => {
  store.close();
  await rpc("anvil_dropAllTransactions");
  await rpc("evm_revert", snapshot);
});

describe("an outbox on a real chain", () => {
  it("given an intent, it sends it once, however often it is driven or asked, and settles it when it is finalized", async () => {
    const outbox = openOutbox();
    const before = await received();
    const intent = await intentOf("a");
    outbox.enqueue(intent);
    outbox.enqueue(intent);
    await outbox.tick();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "pending", nonce: await minedNonce() });
    await mine();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "mined", succeeded: true });
    await mine(4);
    await outbox.tick();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "settled" });
    expect((await received()) - before).toBe(1n);
    expect(alerts).toEqual([]);
  });

  it("given three intents at once, they get consecutive nonces and are all mined", async () => {
    const outbox = openOutbox();
    const first = await minedNonce();
    for (const id of ["a", "b", "c"]) outbox.enqueue(await intentOf(id));
    await outbox.tick();
    expect(["a", "b", "c"].map((id) => outbox.status(id)?.nonce)).toEqual([first, first + 1, first + 2]);
    await mine();
    await outbox.tick();
    for (const id of ["a", "b", "c"]) expect(outbox.status(id)).toMatchObject({ status: "mined", succeeded: true });
  });

  it("given a transaction that stays unmined, each bump escalates from the last attempt, and exactly one is mined", async () => {
    const outbox = openOutbox();
    const before = await received();
    outbox.enqueue(await intentOf("a"));
    await outbox.tick();
    const nonce = outbox.status("a")?.nonce ?? -1;
    for (let bump = 1; bump <= 3; bump += 1) {
      nowMs += bumpAfterMs;
      await outbox.tick();
      expect(store.attemptsAt(nonce)).toHaveLength(bump + 1);
    }
    const fees = store.attemptsAt(nonce).map((each) => each.maxFeePerGas);
    for (const [index, fee] of fees.entries())
      if (index > 0) expect(fee * 8n).toBeGreaterThan((fees[index - 1] ?? 0n) * 9n);
    await mine();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "mined", succeeded: true });
    expect((await received()) - before).toBe(1n);
    expect(alerts).toEqual([]);
  });

  it("given bumps that reach the limit, it says so with both figures and keeps the last attempt", async () => {
    const { maxFeePerGas } = await client.estimateFeesPerGas();
    const outbox = openOutbox(maxFeePerGas);
    outbox.enqueue(await intentOf("a"));
    await outbox.tick();
    nowMs += bumpAfterMs;
    await outbox.tick();
    expect(alerts).toEqual([
      { type: "fee-limit", required: maxFeePerGas + maxFeePerGas / 8n + 1n, limit: maxFeePerGas },
    ]);
    await mine();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "mined" });
    expect(outbox.alerts).toEqual([]);
  });

  it("given a node that lost the transaction, it sends the same bytes again", async () => {
    const outbox = openOutbox();
    outbox.enqueue(await intentOf("a"));
    await outbox.tick();
    const [attempt] = store.attemptsAt(outbox.status("a")?.nonce ?? -1);
    await rpc("anvil_dropTransaction", attempt?.hash);
    await outbox.tick();
    await mine();
    const receipt = await client.getTransactionReceipt({ hash: attempt?.hash ?? "0x" });
    expect(receipt.status).toBe("success");
  });

  it("given no funds, it stops and alerts with what is needed; once funded it continues", async () => {
    const outbox = openOutbox();
    await rpc("anvil_setBalance", account.address, "0x1");
    outbox.enqueue(await intentOf("a"));
    outbox.enqueue(await intentOf("b"));
    await outbox.tick();
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({ type: "out-of-funds", account: account.address, balance: 1n });
    expect(outbox.status("a")).toMatchObject({ status: "queued", nonce: null });
    await rpc("anvil_setBalance", account.address, "0x8ac7230489e80000");
    await outbox.tick();
    await mine();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "mined", succeeded: true });
    expect(outbox.status("b")).toMatchObject({ status: "mined", succeeded: true });
    expect(outbox.alerts).toEqual([]);
  });

  it("given a transaction whose time ran out unmined, it is replaced by nothing, so that later ones are not stuck", async () => {
    const outbox = openOutbox();
    const before = await received();
    const { timestamp } = await client.getBlock();
    await rpc("evm_setNextBlockTimestamp", Number(timestamp) + 50);
    outbox.enqueue(await intentOf("late", { validUntilSeconds: Number(timestamp) + 10 }));
    await outbox.tick();
    const nonce = outbox.status("late")?.nonce ?? -1;
    // The node drops it, a block passes, and then the deadline is over.
    await rpc("anvil_dropTransaction", store.attemptsAt(nonce)[0]?.hash);
    await mine();
    outbox.enqueue(await intentOf("next"));
    await outbox.tick();
    expect(store.attemptsAt(nonce).at(-1)).toMatchObject({ purpose: "fill" });
    await mine();
    await outbox.tick();
    expect(outbox.status("late")).toMatchObject({ status: "expired" });
    expect(outbox.status("next")).toMatchObject({ status: "mined", nonce: nonce + 1 });
    expect((await received()) - before).toBe(1n);
  });

  it("given an intent that was never sent in time, it expires without a transaction", async () => {
    const outbox = openOutbox();
    const { timestamp } = await client.getBlock();
    outbox.enqueue(await intentOf("a", { validUntilSeconds: Number(timestamp) }));
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "expired", nonce: null });
  });

  it("given a nonce that another program used, it says so and sends the intent again with the next one", async () => {
    const outbox = openOutbox();
    outbox.enqueue(await intentOf("a"));
    await outbox.tick();
    const nonce = outbox.status("a")?.nonce ?? -1;
    await rpc("anvil_dropTransaction", store.attemptsAt(nonce)[0]?.hash);
    const wallet = createWalletClient({
      account,
      chain: chainOf(chain.chainId, chain.rpcUrl),
      transport: http(chain.rpcUrl),
    });
    await wallet.sendTransaction({ to: account.address, value: 0n, nonce });
    await mine();
    await outbox.tick();
    expect(alerts).toContainEqual({ type: "nonce-taken", nonce, intentId: "a" });
    expect(outbox.status("a")).toMatchObject({ status: "pending", nonce }); // it could be reorganized away, and ours mined
    await mine(4);
    await outbox.tick();
    await mine();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "mined", nonce: nonce + 1, succeeded: true });
  });

  it("given a gap below its transactions, it fills the gap, so that they are mined", async () => {
    const first = await minedNonce();
    const intent = await intentOf("a");
    // As after the loss of a database that was restored from an older copy: an attempt beyond the next nonce.
    store.add(intent);
    const { maxFeePerGas, maxPriorityFeePerGas } = await client.estimateFeesPerGas();
    const fees = { maxFeePerGas, maxPriorityFeePerGas };
    const raw = await account.signTransaction({
      type: "eip1559",
      chainId: chain.chainId,
      nonce: first + 2,
      gas: 30_000n,
      to: intent.to,
      value: intent.value,
      ...fees,
    });
    const hash = await client.sendRawTransaction({ serializedTransaction: raw });
    store.addAttempt({ hash, intentId: "a", nonce: first + 2, purpose: "call", raw, sentAtMs: nowMs, ...fees });
    const outbox = openOutbox();
    await outbox.tick();
    await mine();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "mined", nonce: first + 2, succeeded: true });
    expect(await minedNonce()).toBe(first + 3);
  });

  it("given a transaction that fills a gap and is lost or stays unmined, it is sent again and bumped, so that nothing waits for ever", async () => {
    const outbox = openOutbox();
    const first = await minedNonce();
    outbox.enqueue(await intentOf("a"));
    await outbox.tick();
    const [attempt] = store.attemptsAt(first);
    if (attempt === undefined) throw new Error("nothing was sent");
    // The same intent one nonce later, as an older copy of the database had it.
    await rpc("anvil_dropTransaction", attempt.hash);
    store.close();
    rmSync(path);
    store = openOutboxStore(path);
    store.add(await intentOf("a"));
    const fees = { maxFeePerGas: attempt.maxFeePerGas, maxPriorityFeePerGas: attempt.maxPriorityFeePerGas };
    const call = { to: receiver, value: 1n, gas: 30_000n };
    const raw = await account.signTransaction({
      type: "eip1559",
      chainId: chain.chainId,
      nonce: first + 1,
      ...call,
      ...fees,
    });
    const hash = await client.sendRawTransaction({ serializedTransaction: raw });
    store.addAttempt({ hash, intentId: "a", nonce: first + 1, purpose: "call", raw, sentAtMs: nowMs, ...fees });
    const again = openOutbox();
    await again.tick();
    const [filler] = store.attemptsAt(first);
    expect(filler).toMatchObject({ purpose: "fill", intentId: null });
    await rpc("anvil_dropTransaction", filler?.hash);
    await again.tick();
    expect(await rpc("eth_getTransactionByHash", filler?.hash)).not.toBeNull();
    expect(store.attemptsAt(first)).toHaveLength(1);
    nowMs += bumpAfterMs;
    await again.tick();
    expect(store.attemptsAt(first)).toHaveLength(2);
    await mine();
    await again.tick();
    expect(again.status("a")).toMatchObject({ status: "mined", nonce: first + 1, succeeded: true });
  });

  it("given a reorganization that takes the replacement of an expired intent out of its block, it is sent again", async () => {
    const outbox = openOutbox();
    const before = await received();
    const { timestamp } = await client.getBlock();
    outbox.enqueue(await intentOf("late", { validUntilSeconds: Number(timestamp) + 10 }));
    await outbox.tick();
    const nonce = outbox.status("late")?.nonce ?? -1;
    await rpc("anvil_dropTransaction", store.attemptsAt(nonce)[0]?.hash);
    await rpc("evm_setNextBlockTimestamp", Number(timestamp) + 50);
    await mine();
    const base = await rpc("evm_snapshot");
    await outbox.tick();
    await mine();
    await outbox.tick();
    expect(outbox.status("late")).toMatchObject({ status: "expired" });
    await rpc("evm_revert", base);
    outbox.enqueue(await intentOf("next"));
    await outbox.tick();
    await mine();
    await outbox.tick();
    expect(outbox.status("next")).toMatchObject({ status: "mined", nonce: nonce + 1 });
    expect((await received()) - before).toBe(1n);
  });

  it("iOP-010: given an endpoint that fails while it is asked for receipts, nothing is concluded and nothing sent twice", async () => {
    const proxy = await startRpcProxy(chain.rpcUrl);
    const before = await received();
    const direct = client;
    client = createChainClient({ chainId: chain.chainId, rpcUrl: proxy.url });
    const outbox = openOutbox();
    client = direct;
    outbox.enqueue(await intentOf("a"));
    await outbox.tick();
    await mine(4);
    proxy.answer = (call, forward) =>
      call.method === "eth_getTransactionReceipt"
        ? { error: { code: -32_005, message: "too many requests" } }
        : forward();
    await expect(outbox.tick()).rejects.toThrow();
    expect(outbox.status("a")).toMatchObject({ status: "pending" });
    expect(alerts).toEqual([]);
    proxy.answer = undefined;
    await outbox.tick();
    await mine();
    expect(outbox.status("a")).toMatchObject({ status: "mined", succeeded: true });
    expect((await received()) - before).toBe(1n);
    await proxy.stop();
  });

  it("given a call that the chain refuses, it keeps the reason and sends nothing", async () => {
    const outbox = openOutbox();
    const nonce = await minedNonce();
    const error = encodeErrorResult({
      abi: iHeartbeatOracleAbi,
      errorName: "HeartbeatOracleEpochNotNewer",
      args: [3, 4],
    });
    const push = `0x63${error.slice(2, 10)}60e01b6000526003600452600460245260446000fd`; // reverts with that error
    await rpc("anvil_setCode", receiver, push);
    outbox.enqueue(await intentOf("a"));
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "refused", nonce: null });
    expect(outbox.status("a")?.detail).toMatch(/^HeartbeatOracleEpochNotNewer: .*3.*4/);
    await mine();
    expect(await minedNonce()).toBe(nonce);
    await rpc("anvil_setCode", receiver, "0x");
  });

  it("given a reorganization that removes the block, it is pending again and mined again", async () => {
    const outbox = openOutbox();
    const before = await received();
    const base = await rpc("evm_snapshot");
    outbox.enqueue(await intentOf("a"));
    await outbox.tick();
    await mine();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "mined" });
    await rpc("evm_revert", base);
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "pending", minedBlock: null });
    await outbox.tick();
    await mine();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "mined", succeeded: true });
    expect((await received()) - before).toBe(1n);
  });

  it("iOP-010: given kill -9 after the transaction was stored, another process continues with the same bytes and sends nothing twice", async () => {
    const intent = await intentOf("a", { value: parseEther("1") });
    store.close();
    const here = (file: string): string =>
      JSON.stringify(pathToFileURL(join(import.meta.dirname, "../../src/chain", file)).href);
    const program = `
      import { createChainClient } from ${here("client.ts")};
      import { devAccount } from ${here("dev-accounts.ts")};
      import { openOutboxStore } from ${here("outbox/outbox-store.ts")};
      import { Outbox } from ${here("outbox/outbox.ts")};
      const client = createChainClient({ chainId: ${chain.chainId}, rpcUrl: ${JSON.stringify(chain.rpcUrl)} });
      const store = openOutboxStore(${JSON.stringify(path)});
      const killing = { ...store, addAttempt(attempt) { store.addAttempt(attempt); process.kill(process.pid, "SIGKILL"); } };
      const clock = { nowMs: () => ${nowMs}, sleep: async () => {} };
      const outbox = new Outbox({ client, account: devAccount("relayer"), store: killing, clock, bumpAfterMs: 10000, feeLimit: 10n ** 12n, onAlert() {} });
      outbox.enqueue({ id: "a", to: "${intent.to}", data: "0x", value: ${intent.value}n, validUntilSeconds: ${intent.validUntilSeconds} });
      await outbox.tick();`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], { stdio: "inherit" });
    const signal = await new Promise((resolve) => child.once("close", (_code, ended) => resolve(ended)));
    expect(signal).toBe("SIGKILL");

    const before = await received();
    store = openOutboxStore(path);
    const outbox = openOutbox();
    expect(outbox.status("a")).toMatchObject({ status: "pending" });
    const stored = store.attemptsAt(outbox.status("a")?.nonce ?? -1);
    expect(stored).toHaveLength(1);
    outbox.enqueue(intent);
    await outbox.tick();
    await mine();
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "mined", succeeded: true });
    expect((await received()) - before).toBe(parseEther("1"));
    expect(await client.getTransactionReceipt({ hash: stored[0]?.hash ?? "0x" })).toMatchObject({ status: "success" });
  });
});
