import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeErrorResult, parseAbi, parseEther } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { assertChainId, createChainClient, type ChainClient } from "../../src/chain/client.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { openOutboxStore } from "../../src/chain/outbox/outbox-store.ts";
import { Outbox } from "../../src/chain/outbox/outbox.ts";
import { createQuorumClient } from "../../src/chain/rpc/quorum-transport.ts";
import { surveyEndpoints } from "../../src/chain/rpc/survey-endpoints.ts";
import { systemClock } from "../../src/core/clock.ts";
import { hexOf, type Hex } from "../../src/core/hex.ts";
import { startChain, type LocalChain } from "../../src/stack/chain.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { freePort } from "../../src/stack/ports.ts";
import { startRpcProxy, type RpcAnswering, type RpcProxy } from "../support/rpc-proxy.ts";

const apiKey = "0123456789abcdef-secret-key";
const key = devAccount("relayer").getHdKey().privateKey; // public test mnemonic
if (key === null) throw new Error("no key");
const account = privateKeyToAccount(hexOf(key));

/** Answers with 7; emits a log without topics when it is called; refuses. */
const seven: Hex = `0x${"07".repeat(20)}`;
const logger: Hex = `0x${"08".repeat(20)}`;
const refusing: Hex = `0x${"09".repeat(20)}`;
const abi = parseAbi(["function value() view returns (uint256)", "error Refused(uint256 reason)"]);
const word = (value: number): Hex => `0x${value.toString(16).padStart(64, "0")}`;

let directory: string;
let chain: LocalChain;
let direct: ChainClient;
let proxies: RpcProxy[];
let disagreements: { endpoint: string; method: string }[];

const rpc = (method: string, ...params: readonly unknown[]): Promise<unknown> => callRpc(chain.rpcUrl, method, params);
const mine = (blocks = 1): Promise<unknown> => rpc("anvil_mine", blocks);
const nameOf = (index: number): string => new URL(proxy(index).url).host;

function proxy(index: number): RpcProxy {
  const found = proxies[index];
  if (found === undefined) throw new Error(`no proxy ${index}`);
  return found;
}

function quorumOf(quorum = 2, urls = proxies.map((each) => each.url), timeoutMs = 3_000): ChainClient {
  return createQuorumClient({
    chainId: chain.chainId,
    rpc: { urls, quorum },
    timeoutMs,
    onDisagreement: (each) => disagreements.push(each),
  });
}

const readSeven = (client: ChainClient): Promise<bigint> =>
  client.readContract({ address: seven, abi, functionName: "value" });

/** A node that has not seen the last `blocks` blocks. */
function lagging(blocks: number, head: bigint): RpcAnswering {
  const own = head - BigInt(blocks);
  return async ({ method, params }, forward) => {
    const [first] = params;
    if (method === "eth_getBlockByNumber") {
      if (first === "latest") return forward({ params: [`0x${own.toString(16)}`, false] });
      if (typeof first === "string" && first.startsWith("0x") && BigInt(first) > own) return { result: null };
    }
    const block = params.at(-1);
    if (typeof block === "object" && block !== null && "blockHash" in block) {
      const { number } = await direct.getBlock({ blockHash: block.blockHash as Hex });
      if (number > own) return { error: { code: -32_000, message: "header not found" } };
    }
    return forward();
  };
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "mandate-rpc-"));
  chain = await startChain({ port: await freePort(), directory, snapshotIntervalMs: 600_000 });
  direct = createChainClient({ chainId: chain.chainId, rpcUrl: chain.rpcUrl });
  await rpc("evm_setIntervalMining", 0); // blocks come only when a test mines one
  await rpc("evm_setAutomine", false);
  await rpc("anvil_setCode", seven, "0x60075f5260205ff3");
  await rpc("anvil_setCode", logger, "0x5f5fa0");
  const error = encodeErrorResult({ abi, errorName: "Refused", args: [3n] });
  await rpc(
    "anvil_setCode",
    refusing,
    `0x63${error.slice(2, 10)}60e01b6000526003600452602460 00fd`.replaceAll(" ", ""),
  );
  await mine(5);
});
afterAll(async () => {
  await chain.stop();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  disagreements = [];
  proxies = await Promise.all([0, 1, 2].map(() => startRpcProxy(chain.rpcUrl, `/v3/${apiKey}?token=${apiKey}`)));
});
afterEach(async () => {
  await Promise.all(proxies.map((each) => each.stop()));
  await rpc("anvil_dropAllTransactions");
});

describe("a quorum of endpoints", () => {
  it("given honest ones, every read is what one of them alone says, and every request asks for the chain's id", async () => {
    const client = quorumOf();
    await assertChainId(client);
    const block = await client.getBlock();
    expect(block).toMatchObject({
      hash: (await direct.getBlock()).hash,
      timestamp: (await direct.getBlock()).timestamp,
    });
    expect(await client.getBlockNumber()).toBe(block.number);
    expect((await client.getBlock({ blockNumber: 2n })).hash).toBe((await direct.getBlock({ blockNumber: 2n })).hash);
    expect((await client.getBlock({ blockHash: block.hash })).number).toBe(block.number);
    expect((await client.getBlock({ blockTag: "finalized" })).number).toBe(
      (await direct.getBlock({ blockTag: "finalized" })).number,
    );
    expect(await readSeven(client)).toBe(7n);
    expect(await client.getCode({ address: seven, blockNumber: block.number })).toBe("0x60075f5260205ff3");
    expect(await client.getBalance(account)).toBe(await direct.getBalance(account));
    for (const blockTag of ["latest", "pending", "finalized"] as const) {
      const terms = { address: account.address, blockTag };
      expect(await client.getTransactionCount(terms)).toBe(await direct.getTransactionCount(terms));
    }
    expect(await client.estimateGas({ account, to: seven })).toBe(await direct.estimateGas({ account, to: seven }));
    expect((await client.estimateFeesPerGas()).maxFeePerGas).toBeGreaterThan(0n);
    expect(disagreements).toEqual([]);
    const [first] = proxies;
    const asked = [...(first?.calls ?? [])].filter(([method]) => method !== "eth_chainId");
    const requests = asked.reduce((sum, [, count]) => sum + count, 0);
    expect(first?.calls.get("eth_chainId")).toBeGreaterThanOrEqual(requests);
  });

  it("iOP-025: given state at a tag or height, it asks by the hash of a block on which they agree", async () => {
    const asked: unknown[] = [];
    proxy(0).answer = (call, forward) => {
      if (call.method === "eth_call") asked.push(call.params[1]);
      return forward();
    };
    await readSeven(quorumOf(3));
    await quorumOf(3).readContract({ address: seven, abi, functionName: "value", blockNumber: 2n });
    expect(asked).toEqual([
      { blockHash: (await direct.getBlock()).hash, requireCanonical: true },
      { blockHash: (await direct.getBlock({ blockNumber: 2n })).hash, requireCanonical: true },
    ]);
  });

  it.each([
    ["hangs", (target: RpcProxy) => (target.respond = () => undefined)],
    ["is dead", (target: RpcProxy) => target.stop()],
    ["answers by halves", (target: RpcProxy) => (target.respond = (response, body) => response.end(body.slice(0, -9)))],
    ["drops connections", (target: RpcProxy) => (target.respond = (response) => response.destroy())],
    ["answers without JSON", (target: RpcProxy) => (target.respond = (response) => response.end("<html>"))],
    [
      "leaves out an answer",
      (target: RpcProxy) =>
        (target.respond = (response, body) =>
          response.end(JSON.stringify((JSON.parse(body) as unknown[]).slice(0, 1)))),
    ],
    [
      "refuses batches",
      (target: RpcProxy) =>
        (target.respond = (response) => response.end('{"error":{"code":-32005,"message":"limit"}}')),
    ],
    ["fails", (target: RpcProxy) => (target.respond = (response) => response.writeHead(503).end("[]"))],
    [
      "redirects",
      (target: RpcProxy) => (target.respond = (response) => response.writeHead(307, { location: chain.rpcUrl }).end()),
    ],
    [
      "serves another chain",
      (target: RpcProxy) =>
        (target.answer = ({ method }, forward) => (method === "eth_chainId" ? { result: "0x1" } : forward())),
    ],
  ])(
    "given one that %s, the two others answer, without waiting for it; together they are no quorum of three",
    async (_, spoil) => {
      await spoil(proxy(1));
      const client = quorumOf();
      const startMs = Date.now();
      expect(await readSeven(client)).toBe(7n);
      expect((await client.getBlock()).hash).toBe((await direct.getBlock()).hash);
      await client.estimateGas({ account, to: seven });
      expect(Date.now() - startMs).toBeLessThan(2_500);
      expect(disagreements).toEqual([]);
      const failed = await readSeven(quorumOf(3, undefined, 300)).catch((error: unknown) => error);
      expect(String(failed)).toContain(nameOf(1));
      expect(String(failed)).not.toContain(apiKey);
    },
  );

  it("given two that are dead, it is an error that names them and no key, never a quorum of one", async () => {
    await Promise.all([proxy(0).stop(), proxy(2).stop()]);
    const client = quorumOf();
    await expect(client.getBlockNumber()).rejects.toMatchObject({ cause: { code: "RpcHeadMissing", kind: "retry" } });
    const failed = await client.getChainId().catch((error: unknown) => error);
    expect(failed).toMatchObject({ cause: { code: "RpcQuorumMissing", data: { quorum: 2, endpoints: 3 } } });
    expect(String(failed)).toContain(`${nameOf(0)} is unreachable`);
    expect(JSON.stringify(failed) + String(failed)).not.toContain(apiKey);
  });

  it("given two that serve another chain, it is the wrong chain", async () => {
    for (const index of [0, 1]) {
      proxy(index).answer = ({ method }, forward) => (method === "eth_chainId" ? { result: "0x1" } : forward());
    }
    await expect(assertChainId(quorumOf())).rejects.toMatchObject({ code: "WrongChain", kind: "environment" });
  });

  it("given one that lags, it disagrees with nobody; given two, the head is where a quorum is, and is read there", async () => {
    const { number } = await direct.getBlock();
    proxy(0).answer = lagging(2, number);
    const client = quorumOf();
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(number);
    expect(await readSeven(client)).toBe(7n);
    proxy(1).answer = lagging(1, number);
    expect((await client.getBlock()).number).toBe(number - 1n);
    expect(await readSeven(client)).toBe(7n);
    expect(disagreements).toEqual([]);
  });

  it("given one that catches up while it is asked, its answer counts", async () => {
    const { number } = await direct.getBlock();
    await proxy(2).stop();
    proxy(1).answer = lagging(3, number);
    setTimeout(() => (proxy(1).answer = undefined), 250);
    expect((await quorumOf().getBlock({ blockNumber: number })).number).toBe(number);
  });

  it.each([0, 1, 2])(
    "given that endpoint %i lies about state, the others' answer is given and the liar named, also when it is late",
    async (index) => {
      proxy(index).answer = async ({ method }, forward) => {
        if (method !== "eth_call") return forward();
        await systemClock.sleep(index === 1 ? 200 : 0);
        return { result: word(8) };
      };
      expect(await readSeven(quorumOf())).toBe(7n);
      await systemClock.sleep(400);
      expect(disagreements).toEqual([{ endpoint: nameOf(index), method: "eth_call" }]);
    },
  );

  it("given three that say three things, or two of two, nobody is believed", async () => {
    for (const index of [0, 1]) {
      proxy(index).answer = ({ method }, forward) => (method === "eth_call" ? { result: word(index) } : forward());
    }
    await expect(readSeven(quorumOf())).rejects.toThrow(/no 2 of 3 endpoints agree on eth_call/);
    await expect(readSeven(quorumOf(2, [proxy(1).url, proxy(2).url]))).rejects.toThrow(/no 2 of 2/);
    expect(disagreements).toEqual([]);
  });

  it("given one whose head is far ahead, or on a fork of its own, the others' head is taken", async () => {
    const { number, hash } = await direct.getBlock();
    proxy(0).answer = async ({ method, params }, forward) => {
      if (method !== "eth_getBlockByNumber") return forward();
      const real = (await forward({ params: ["latest", false] })) as { result: object };
      const height = params[0] === "latest" ? `0x${(number + 50n).toString(16)}` : params[0];
      return { result: { ...real.result, number: height, hash: word(99), timestamp: "0xffffffff" } };
    };
    proxy(1).answer = lagging(1, number);
    // Ahead, behind and true: the head that a quorum has reached is the true one, and only the one behind shares an older block with it.
    const block = await quorumOf().getBlock();
    expect(block.number).toBe(number - 1n);
    proxy(1).answer = undefined;
    expect(await quorumOf().getBlock()).toMatchObject({ number, hash });
  });

  it("given one that leaves out logs, it is named; given one that lags behind the range, it is not", async () => {
    const raw = await account.signTransaction({
      type: "eip1559",
      chainId: chain.chainId,
      nonce: await direct.getTransactionCount(account),
      gas: 60_000n,
      to: logger,
      maxFeePerGas: parseEther("0.00001"),
      maxPriorityFeePerGas: 1n,
    });
    await direct.sendRawTransaction({ serializedTransaction: raw });
    await mine();
    const { number, hash } = await direct.getBlock();
    const terms = { address: logger, fromBlock: 0n };
    const expected = (await direct.getLogs(terms)).map((each) => each.transactionHash);
    expect(expected).toHaveLength(1);
    const logsOf = async (where: object): Promise<unknown> =>
      (await quorumOf().getLogs({ ...terms, ...where })).map((each) => each.transactionHash);

    proxy(0).answer = lagging(1, number);
    expect(await logsOf({ toBlock: number })).toEqual(expected);
    expect(disagreements).toEqual([]);
    proxy(0).answer = ({ method }, forward) => (method === "eth_getLogs" ? { result: [] } : forward());
    expect(await logsOf({})).toEqual(expected);
    expect((await quorumOf().getLogs({ address: logger, blockHash: hash })).length).toBe(1);
    await systemClock.sleep(200);
    expect(new Set(disagreements.map((each) => each.endpoint))).toEqual(new Set([nameOf(0)]));
  });

  it("given a contract that refuses, a quorum's refusal is the answer, however each words it; one alone is not", async () => {
    const ask = (client: ChainClient): Promise<unknown> =>
      client.readContract({ address: refusing, abi, functionName: "value" });
    proxy(0).answer = async ({ method }, forward) => {
      const outcome = await forward();
      return method === "eth_call" && "error" in outcome
        ? { error: { ...outcome.error, code: -32_000, message: "VM error: revert" } }
        : outcome;
    };
    await expect(ask(quorumOf(3))).rejects.toThrow(/Refused\(uint256 reason\)/);
    proxy(0).answer = ({ method }, forward) =>
      method === "eth_call" || method === "eth_estimateGas"
        ? { error: { code: 3, message: "execution reverted", data: "0x" } }
        : forward();
    expect(await readSeven(quorumOf())).toBe(7n);
    await quorumOf().estimateGas({ account, to: seven });
    await proxy(1).stop();
    await expect(quorumOf().estimateGas({ account, to: seven })).rejects.toThrow(/too few endpoints answer/);
  });

  it.each([
    ["a refusal without data", { code: 3, message: "execution reverted", data: "0x" }, false],
    ["no gas left", { code: -32_000, message: "out of gas" }, false],
    ["a refusal with data", { code: 3, message: "execution reverted", data: word(9) }, true],
  ])("given one that answers %s where the others have a value, theirs is given", async (_, error, isNamed) => {
    proxy(0).answer = ({ method }, forward) => (method === "eth_call" ? { error } : forward());
    expect(await readSeven(quorumOf())).toBe(7n);
    await systemClock.sleep(200);
    expect(disagreements).toEqual(isNamed ? [{ endpoint: nameOf(0), method: "eth_call" }] : []);
  });

  it("given two that answer a refusal without data, that is the answer, and the one that has a value is not named", async () => {
    for (const index of [0, 1]) {
      proxy(index).answer = ({ method }, forward) =>
        method === "eth_call" ? { error: { code: 3, message: "execution reverted", data: "0x" } } : forward();
    }
    await expect(readSeven(quorumOf())).rejects.toThrow(/reverted/);
    await systemClock.sleep(200);
    expect(disagreements).toEqual([]);
  });

  it("given estimates that differ, the largest that a quorum reaches counts: one cannot move it far", async () => {
    const truth = await direct.getTransactionCount({ ...account, blockTag: "pending" });
    for (const lie of ["0x0", "0xffff"]) {
      proxy(2).answer = ({ method }, forward) => (method === "eth_getTransactionCount" ? { result: lie } : forward());
      expect(await quorumOf().getTransactionCount({ ...account, blockTag: "pending" })).toBe(truth);
    }
  });

  it("given a transaction, it goes to all; one that takes it is enough, and its hash is ours", async () => {
    const nonce = await direct.getTransactionCount(account);
    const fees = { maxFeePerGas: parseEther("0.00001"), maxPriorityFeePerGas: 1n };
    const terms = { type: "eip1559", chainId: chain.chainId, gas: 21_000n, to: account.address, ...fees } as const;
    const raw = await account.signTransaction({ ...terms, nonce });
    proxy(0).answer = ({ method }, forward) => (method === "eth_sendRawTransaction" ? { result: word(5) } : forward());
    const refused = { error: { code: -32_000, message: "replacement transaction underpriced" } };
    proxy(1).answer = ({ method }, forward) => (method === "eth_sendRawTransaction" ? refused : forward());
    const client = quorumOf();
    const hash = await client.sendRawTransaction({ serializedTransaction: raw });
    await systemClock.sleep(200);
    expect(proxies.map((each) => each.calls.get("eth_sendRawTransaction"))).toEqual([1, 1, 1]);
    await mine();
    expect((await direct.getTransactionReceipt({ hash })).status).toBe("success");

    // One alone has, or denies, a receipt.
    proxy(0).answer = ({ method }, forward) => (method === "eth_getTransactionReceipt" ? { result: null } : forward());
    expect((await client.getTransactionReceipt({ hash })).status).toBe("success");
    expect(disagreements).toEqual([]);
    proxy(1).answer = ({ method }, forward) => (method === "eth_getTransactionReceipt" ? { result: null } : forward());
    await expect(client.getTransactionReceipt({ hash })).rejects.toThrow(/could not be found/);

    for (const each of proxies) {
      each.answer = ({ method }, forward) => (method === "eth_sendRawTransaction" ? refused : forward());
    }
    await expect(client.sendRawTransaction({ serializedTransaction: raw })).rejects.toThrow(
      /replacement transaction underpriced/,
    );
    await Promise.all(proxies.map((each) => each.stop()));
    await expect(client.sendRawTransaction({ serializedTransaction: raw })).rejects.toThrow(/too few endpoints answer/);
  });

  it("given a survey, each endpoint is shown by its host, with chain, head and whether it agrees", async () => {
    const survey = () =>
      surveyEndpoints({ chainId: chain.chainId, urls: proxies.map((each) => each.url), clock: systemClock });
    const { number } = await direct.getBlock();
    for (const [index, { name, problem, detail }] of (await survey()).entries()) {
      expect([name, problem]).toEqual([nameOf(index), undefined]);
      expect(detail).toMatch(new RegExp(`^chain 31337, block ${number}, \\d+ ms, agrees on block ${number}$`));
    }
    proxy(0).answer = async ({ method, params }, forward) => {
      if (method !== "eth_getBlockByNumber" || params[0] === "latest") return forward();
      const { result } = (await forward()) as { result: object };
      return { result: { ...result, hash: word(99) } };
    };
    proxy(1).answer = ({ method }, forward) => (method === "eth_chainId" ? { result: "0x1" } : forward());
    expect((await survey()).map((each) => each.problem)).toEqual([
      `it agrees with 0 of 1 others on block ${number}`,
      "it serves chain 1",
      `it agrees with 0 of 1 others on block ${number}`,
    ]);
    await mine(5);
    proxy(0).answer = lagging(5, number + 5n);
    proxy(1).answer = lagging(4, number + 5n);
    expect((await survey()).map((each) => each.problem)).toEqual(["it is 5 blocks behind", undefined, undefined]);
    await Promise.all(proxies.map((each) => each.stop()));
    const dead = await survey();
    expect(dead.every((each) => each.problem !== undefined && each.detail.endsWith(" ms"))).toBe(true);
    expect(JSON.stringify(dead)).not.toContain(apiKey);
  });

  it("given a method for which nobody says when endpoints agree, it is refused", async () => {
    await expect(quorumOf().request({ method: "net_version" })).rejects.toMatchObject({
      cause: { code: "RpcMethodUnsupported" },
    });
  });

  it("iOP-010: given an outbox on endpoints of which one hangs, one lies, each in turn, its transaction is mined once", async () => {
    const store = openOutboxStore(join(directory, "outbox.sqlite"));
    const outbox = new Outbox({
      client: quorumOf(3, [
        ...proxies.map((each) => each.url),
        chain.rpcUrl,
        chain.rpcUrl.replace("127.0.0.1", "localhost"),
      ]),
      account,
      store,
      clock: systemClock,
      bumpAfterMs: 60_000,
      feeLimit: 10n ** 12n,
      onAlert: (alert) => expect(alert).toBeUndefined(),
    });
    const { timestamp } = await direct.getBlock();
    const receiver: Hex = `0x${"ab".repeat(20)}`;
    outbox.enqueue({ id: "a", to: receiver, data: "0x", value: 1n, validUntilSeconds: Number(timestamp) + 1_000 });
    const lie: RpcAnswering = ({ method }, forward) =>
      method === "eth_getTransactionCount" || method === "eth_getBalance" ? { result: "0x999" } : forward();
    for (const [hanging, lying] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const) {
      for (const each of proxies) [each.answer, each.respond] = [undefined, undefined];
      proxy(hanging).respond = () => undefined;
      proxy(lying).answer = lie;
      await outbox.tick();
      await mine(3);
    }
    await outbox.tick();
    expect(outbox.status("a")).toMatchObject({ status: "settled", succeeded: true });
    expect(await direct.getBalance({ address: receiver })).toBe(1n);
    expect(disagreements.length).toBeGreaterThan(0);
    store.close();
  });
});
