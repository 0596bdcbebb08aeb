import { rmSync } from "node:fs";
import { numberToHex } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { iBudgetVaultAbi } from "../../src/chain/abi.ts";
import type { ChainClient } from "../../src/chain/client.ts";
import { createQuorumClient } from "../../src/chain/rpc/quorum-transport.ts";
import type { Hex } from "../../src/core/hex.ts";
import { OracleChain, type BlockReference } from "../../src/oracle/epochs/oracle-chain.ts";
import { readProjects } from "../../src/oracle/epochs/read-projects.ts";
import { packLeaves, type PackedLeaves } from "../../src/oracle/tree/packed-leaves.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { openingOf, projectId, vaultCode } from "../support/many-projects-vault.ts";
import { eventually, startOracleNetwork, type OracleNetwork } from "../support/oracle-network.ts";
import { startRpcProxy, type RpcAnswering, type RpcProxy } from "../support/rpc-proxy.ts";

/** Vaults by the number of their projects. */
const vaults = new Map<number, Hex>([0, 1, 2, 250, 251].map((count) => [count, vaultOf(count)]));
const COUNT = 251;

let network: OracleNetwork;
let oracle: Hex;
let block: BlockReference;
let proxies: RpcProxy[];
let disagreements: string[];
let real: Hex[];

const rpc = (method: string, ...params: readonly unknown[]): Promise<unknown> =>
  callRpc(network.chain.rpcUrl, method, params);

function vaultOf(count: number): Hex {
  return `0xaa${count.toString(16).padStart(38, "0")}`;
}

/** Most are active; some have ended, some are scored by another oracle. */
function idOf(number: number): Hex {
  if (number % 7 === 3) return projectId(number, { status: 3 });
  return projectId(number, number % 5 === 4 ? { foreign: 9 } : {});
}

function activeOf(count: number): readonly { project: Hex; definition: Hex }[] {
  return Array.from({ length: count }, (_, number) => number)
    .filter((number) => number % 7 !== 3 && number % 5 !== 4)
    .map((number) => ({ project: idOf(number), definition: idOf(number) }))
    .sort((a, b) => (a.project < b.project ? -1 : 1)); // ids are distinct
}

function quorumClient(): ChainClient {
  const urls = proxies.map((each) => each.url);
  const onDisagreement = ({ endpoint }: { readonly endpoint: string }): void => void disagreements.push(endpoint);
  return createQuorumClient({
    chainId: network.chain.chainId,
    rpc: { urls, quorum: 2 },
    timeoutMs: 5_000,
    onDisagreement,
  });
}

async function activeIn(...read: readonly Hex[]): Promise<readonly unknown[]> {
  const { fromBlock } = network.deployment;
  return [...(await new OracleChain({ client: quorumClient(), oracle, fromBlock }).activeProjects(block, read))];
}

const calls = (method: string): number => Math.max(...proxies.map((each) => each.calls.get(method) ?? 0));

/** How many projects a call without `to` is about; 0 where it has one. */
function projectsIn(params: readonly unknown[]): number {
  const [call] = params as [{ to?: string; data: Hex }];
  return call.to === undefined ? (call.data.length - 2 - 2 * 0x8d) / 64 : 0;
}

function answerAll(answering: RpcAnswering): void {
  for (const each of proxies) each.answer = answering;
}

beforeAll(async () => {
  network = await startOracleNetwork({ hosts: [], repositories: {} });
  const { HeartbeatOracle } = network.deployment.contracts;
  oracle = `0x${HeartbeatOracle.slice(2).toLowerCase()}`;
  real = [];
  for (const title of ["one", "two", "three"]) real.push(await network.openProject({ title }));
  await network.chain.minedAtOnce(async () => {
    const [from] = (await rpc("eth_accounts")) as Hex[];
    for (const [count, vault] of vaults) {
      await rpc("anvil_setCode", vault, vaultCode(oracle));
      for (let number = 0; number < count; number += 1) {
        await rpc("eth_sendTransaction", { from, to: vault, data: openingOf(idOf(number)), gas: "0x30d40" });
      }
    }
    await eventually("all of them are mined", async () => {
      const { pending } = (await rpc("txpool_status")) as { readonly pending: Hex };
      return Number(pending) === 0 ? true : undefined;
    });
  });
  await rpc("anvil_mine", "0x2");
  const { number, hash } = await network.client.getBlock();
  block = { number: Number(number), hash };
});
afterAll(async () => {
  await network.stop();
  rmSync(network.directory, { recursive: true, force: true });
});
beforeEach(async () => {
  disagreements = [];
  proxies = await Promise.all([0, 1, 2].map(() => startRpcProxy(network.chain.rpcUrl)));
});
afterEach(async () => {
  await Promise.all(proxies.map((each) => each.stop()));
});

describe("the projects of an epoch", () => {
  it("given the real vault, many in one call are what it says of each alone", async () => {
    const { BudgetVault } = network.deployment.contracts;
    const unknown: Hex = `0x${"77".repeat(32)}`;
    const asked = [...real, unknown];
    const states = await readProjects(quorumClient(), BudgetVault, asked, block.hash);
    for (const [index, project] of asked.entries()) {
      const [alone] = await readProjects(quorumClient(), BudgetVault, [project], block.hash);
      expect(states[index]).toEqual(alone);
      const found = await network.client.readContract({
        address: BudgetVault,
        abi: iBudgetVaultAbi,
        functionName: "getProject",
        args: [project],
      });
      expect(alone).toEqual({
        status: found.status,
        oracle: found.oracle.toLowerCase(),
        definition: found.scoreDefinition,
      });
    }
    expect(await activeIn(BudgetVault)).toHaveLength(real.length);
  });

  it.each([
    { count: 0, reads: 0 },
    { count: 1, reads: 1 },
    { count: 2, reads: 1 },
    { count: 250, reads: 1 },
    { count: 251, reads: 2 },
  ])("given $count, they are read in $reads calls at the hash of the block", async ({ count, reads }) => {
    const blocks = new Set<unknown>();
    answerAll((call, forward) => {
      if (call.method === "eth_call") blocks.add(JSON.stringify(call.params[1]));
      return forward();
    });
    expect(await activeIn(vaultOf(count))).toEqual(activeOf(count));
    expect(calls("eth_call")).toBe(reads);
    expect([...blocks]).toEqual(reads === 0 ? [] : [JSON.stringify({ blockHash: block.hash, requireCanonical: true })]);
    expect(disagreements).toEqual([]);
  });

  it("given several vaults, it has the projects of all, ascending", async () => {
    const { BudgetVault } = network.deployment.contracts;
    const found = (await activeIn(vaultOf(2), BudgetVault)) as { project: Hex }[];
    const expected = [...activeOf(2).map((each) => each.project), ...real];
    expect(found.map((each) => each.project)).toEqual(expected.toSorted());
  });

  it("iOP-025: given one endpoint that lies about a project, the others are believed, and it is named", async () => {
    const [liar] = proxies;
    if (liar === undefined) throw new Error("no proxy");
    liar.answer = async (call, forward) => {
      const outcome = await forward();
      if (call.method !== "eth_call" || !("result" in outcome)) return outcome;
      return { result: String(outcome.result).replace(/.$/, "7") };
    };
    expect(await activeIn(vaultOf(COUNT))).toEqual(activeOf(COUNT));
    await expect.poll(() => disagreements).toContain(new URL(liar.url).host);
  });

  it.each([
    ["more than 60 projects at once", 60, 20],
    ["calls without `to`", 0, COUNT + 20],
  ])("given endpoints that refuse %s, it reads fewer at once", async (_, most, reads) => {
    answerAll((call, forward) => {
      const isRefused = call.method === "eth_call" && projectsIn(call.params) > most;
      return isRefused ? { error: { code: -32_000, message: "response too large" } } : forward();
    });
    expect(await activeIn(vaultOf(COUNT))).toEqual(activeOf(COUNT));
    expect(calls("eth_call")).toBeLessThan(reads);
  });

  it("given endpoints that answer with nothing where there is no `to`, it reads one at a time", async () => {
    answerAll((call, forward) =>
      call.method === "eth_call" && projectsIn(call.params) > 0 ? { result: "0x" } : forward(),
    );
    expect(await activeIn(vaultOf(COUNT))).toEqual(activeOf(COUNT));
  });

  it("given endpoints that refuse logs of more than 100 blocks, it looks for opened projects in shorter ranges", async () => {
    answerAll((call, forward) => {
      if (call.method !== "eth_getLogs") return forward();
      const [{ fromBlock, toBlock }] = call.params as [{ fromBlock: Hex; toBlock: Hex }];
      const isRefused = Number(toBlock) - Number(fromBlock) >= 100;
      return isRefused ? { error: { code: -32_005, message: "query returned too much" } } : forward();
    });
    expect(await activeIn(vaultOf(COUNT))).toEqual(activeOf(COUNT));
    expect(calls("eth_getLogs")).toBeGreaterThan(1);
  });

  it("given two dead endpoints, it fails, and does not ask for ever fewer first", async () => {
    for (const each of proxies.slice(1)) each.respond = (response) => response.destroy();
    const { fromBlock } = network.deployment;
    const chain = new OracleChain({ client: quorumClient(), oracle, fromBlock });
    await expect(chain.activeProjects(block, [vaultOf(COUNT)])).rejects.toThrow(/no 2 of 3 endpoints agree/);
    expect(calls("eth_getBlockByNumber")).toBeLessThan(10);
  });

  describe.each([1, 2, 3])("given %i of three endpoints that bound the gas of a call", (capped) => {
    // From too little for the call's own data over too little for all three projects to enough: a project takes about 40,000.
    it.each([80_000, 110_000, 140_000, 170_000])(
      "at %i, all projects are read, and nobody is said to contradict",
      async (gas) => {
        const { BudgetVault } = network.deployment.contracts;
        const refusals = new Set<string>();
        for (const each of proxies.slice(0, capped)) {
          each.answer = async (call, forward) => {
            if (call.method !== "eth_call") return forward();
            const [terms, at] = call.params as [object, unknown];
            const outcome = await forward({ params: [{ ...terms, gas: numberToHex(gas) }, at] });
            if ("error" in outcome) refusals.add(outcome.error.message);
            return outcome;
          };
        }
        const found = (await activeIn(BudgetVault)) as readonly { readonly project: Hex }[];
        expect(found.map((each) => each.project)).toEqual(real.toSorted());
        expect(refusals.size > 0).toBe(gas < 170_000);
        expect(disagreements).toEqual([]);
      },
    );
  });

  describe("given endpoints whose logs leave some out", () => {
    const hidden = new Set<string>();
    const chainWithout = (...projects: readonly Hex[]): OracleChain => {
      hidden.clear();
      for (const project of projects) hidden.add(project);
      answerAll(async (call, forward) => {
        const outcome = await forward();
        if (call.method !== "eth_getLogs" || !("result" in outcome)) return outcome;
        const logs = outcome.result as { readonly topics: readonly string[] }[];
        return { result: logs.filter(({ topics }) => !hidden.has(topics[1] ?? "")) };
      });
      return new OracleChain({ client: quorumClient(), oracle, fromBlock: network.deployment.fromBlock });
    };
    const reported = (projects: readonly Hex[]): PackedLeaves =>
      packLeaves(projects.map((project) => ({ project, definition: project, outcome: "value", grade: 1, score: 1n })));
    const activeIds = activeOf(COUNT).map((each) => each.project);
    const [active, second] = activeIds;
    const ended = projectId(3, { status: 3 });
    const nowhere = projectId(9_999, { status: 0 });
    if (active === undefined || second === undefined) throw new Error("no project");

    it("it loses those that no report had", async () => {
      const chain = chainWithout(active);
      expect(await chain.findUnlisted(block, [vaultOf(COUNT)], reported([second]))).toBe(0);
      expect([...(await chain.activeProjects(block, [vaultOf(COUNT)]))]).toEqual(
        activeOf(COUNT).filter(({ project }) => project !== active),
      );
    });

    it("iOP-036: it finds those of the last report by name, once, and scores those that are active", async () => {
      const chain = chainWithout(active, ended);
      const last = reported([active, second, ended, nowhere]);
      expect(await chain.findUnlisted(block, [vaultOf(COUNT)], last)).toBe(2);
      expect([...(await chain.activeProjects(block, [vaultOf(COUNT)]))]).toEqual(activeOf(COUNT));
      expect(await chain.findUnlisted(block, [vaultOf(COUNT)], last)).toBe(0);
    });

    it("it finds more than fit into one call", async () => {
      const all = Array.from({ length: COUNT }, (_, number) => idOf(number));
      const chain = chainWithout(...all);
      expect(await chain.findUnlisted(block, [vaultOf(COUNT)], reported(all))).toBe(COUNT);
      expect(calls("eth_call")).toBe(2);
      expect([...(await chain.activeProjects(block, [vaultOf(COUNT)]))]).toEqual(activeOf(COUNT));
    });

    it("given the real vault, a project that it does not know is none", async () => {
      const { BudgetVault } = network.deployment.contracts;
      const [one] = real;
      if (one === undefined) throw new Error("no project");
      const chain = chainWithout(one);
      expect(await chain.findUnlisted(block, [BudgetVault], reported([one, `0x${"77".repeat(32)}`]))).toBe(1);
      const found = [...(await chain.activeProjects(block, [BudgetVault]))].map((each) => each.project);
      expect(found).toEqual(real.toSorted());
    });
  });

  it.each([
    ["is no contract", vaultOf(4_096)],
    ["fails", vaultOf(4_097)],
  ])("given a vault that %s, no project has the state of another", async (_, vault) => {
    if (vault === vaultOf(4_097)) await rpc("anvil_setCode", vault, "0x60006000fd");
    for (const projects of [[idOf(0)], [idOf(0), idOf(1)]]) {
      const { hash } = await network.client.getBlock();
      await expect(readProjects(quorumClient(), vault, projects, hash)).rejects.toThrow();
    }
  });
});
