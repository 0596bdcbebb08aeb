import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { keccak256, toHex, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  iAuthorityAbi,
  iBudgetVaultAbi,
  iHeartbeatOracleAbi,
  iStrategyForksAbi,
  mergeGovernorAbi,
} from "../../src/chain/abi.ts";
import { contractKind } from "../../src/chain/contract-kind.ts";
import { eventsAnswerSchema, streamMessageSchema, type StreamMessage } from "../../src/core/api/events.ts";
import { forksAnswerSchema } from "../../src/core/api/forks.ts";
import { poolsAnswerSchema } from "../../src/core/api/pools.ts";
import { problemSchema } from "../../src/core/api/problem.ts";
import { projectAnswerSchema, projectsAnswerSchema } from "../../src/core/api/projects.ts";
import { reportsAnswerSchema } from "../../src/core/api/reports.ts";
import { configAnswerSchema, statusAnswerSchema } from "../../src/core/api/status.ts";
import { tasksAnswerSchema } from "../../src/core/api/tasks.ts";
import { systemClock } from "../../src/core/clock.ts";
import { nativeAsset } from "../../src/indexer/answers/asset-directory.ts";
import { runIndexer, type RunningIndexer } from "../../src/indexer/run-indexer.ts";
import { eventOf, startJournalChain, type JournalChain } from "../support/journal-chain.ts";
import { startThrowawayPostgres, type ThrowawayPostgres } from "../support/throwaway-postgres.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const zero = account(0);
const anchor = account(0xa);
const poolId = keccak256(toHex("pool"));
const projectId = keccak256(toHex("project"));
const forkId = keccak256(toHex("fork"));

let directory: string;
let chain: JournalChain;
let postgres: ThrowawayPostgres;
let indexer: RunningIndexer;
let authority: Hex;
let vault: Hex;
let oracle: Hex;
let forks: Hex;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "mandate-indexer-"));
  [chain, postgres] = await Promise.all([startJournalChain(), startThrowawayPostgres()]);
  const fromBlock = Number(await chain.client.getBlockNumber()) + 1;
  authority = await chain.deployJournal();
  vault = await chain.deployJournal();
  oracle = await chain.deployJournal();
  forks = await chain.deployJournal();
  const contracts = {
    Authority: authority,
    AuthorityLens: account(1),
    Anchors: account(2),
    HeartbeatOracle: oracle,
    BudgetVault: vault,
    Membership: account(3),
    MergeGovernor: forks,
    StrategyForks: forks,
    ERC7913P256Verifier: account(6),
    TimelockController: account(7),
  };
  writeFileSync(join(directory, "deployment.json"), JSON.stringify({ chainId: 31337, fromBlock, contracts }));
  writeFileSync(join(directory, "index.html"), "<!doctype html><title>Mandate</title>");
  const { url } = await postgres.createDatabase();
  indexer = await runIndexer({
    configuration: {
      chainId: 31337,
      rpcUrl: chain.chain.rpcUrl,
      databaseUrl: url,
      deployment: join(directory, "deployment.json"),
      listen: { host: "127.0.0.1", port: 0 },
      webDirectory: directory,
      operators: ["http://127.0.0.1:4111"],
      attestors: [],
      gateway: null,
      pollMs: 20,
    },
    logger: pino({ level: "silent" }),
    clock: systemClock,
  });
});
afterAll(async () => {
  await indexer.stop();
  await Promise.all([chain.stop(), postgres.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

async function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const response = await fetch(`${indexer.url}${path}`);
  expect(response.status, path).toBe(200);
  return schema.parse(await response.json());
}

/** Resolves once the index stands at the head of the chain. */
async function indexed(): Promise<void> {
  const latest = await chain.client.getBlock({ blockTag: "latest" });
  const endMs = Date.now() + 15_000;
  while (Date.now() < endMs) {
    await systemClock.sleep(20);
    const response = await fetch(`${indexer.url}/v1/status`);
    if (response.ok && statusAnswerSchema.parse(await response.json()).hash === latest.hash) return;
  }
  throw new Error("the index did not reach the head of the chain within 15 s");
}

const plan = {
  version: 1,
  project: word(0),
  pool: poolId,
  reclaimTo: poolId,
  asset: nativeAsset,
  payee: account(0x9a),
  opener: account(0x0b),
  anchor,
  team: word(0),
  oracle: zero,
  scoreDefinition: word(5),
  leaseReports: 2,
  initialReports: 1,
  maxMissing: 1,
  renewalWindow: 1_000,
  acceptBy: 4_000_000_000,
  salt: word(6),
  milestones: [
    {
      amount: 340282366920938463463374607431768211455n, // 2^128 - 1: what no double holds
      deadline: 4_000_000_000,
      challengeWindow: 0,
      specification: word(7),
      attestorSet: word(8),
      attestorSetVersion: 1,
      coSignature: false,
    },
  ],
};
const total = plan.milestones[0]?.amount ?? 0n;
const said = { cause: word(1), anchor };

describe("the indexer's answers", () => {
  it("iIX-001: given events of every domain, it answers them as declared, at one proved block", async () => {
    const record = (
      to: Hex,
      abi: Parameters<typeof eventOf>[0],
      name: string,
      args: Record<string, unknown>,
    ): Promise<void> => chain.record(to, eventOf(abi, name), { ...said, ...args });
    for (const [name, account_] of [
      ["BudgetVault", vault],
      ["HeartbeatOracle", oracle],
      ["StrategyForks", forks],
    ] as const) {
      await record(authority, iAuthorityAbi, "ContractRegistered", {
        account: account_,
        kind: contractKind(name),
        codeHash: word(2),
      });
    }
    await record(vault, iBudgetVaultAbi, "AssetAllowed", { asset: nativeAsset, allowed: true });
    await record(vault, iBudgetVaultAbi, "PoolOpened", {
      pool: poolId,
      name: toHex("treasury", { size: 32 }),
      steward: zero,
    });
    await record(vault, iBudgetVaultAbi, "PoolDeposited", {
      pool: poolId,
      asset: nativeAsset,
      from: account(9),
      amount: total + 5n,
    });
    await record(vault, iBudgetVaultAbi, "AttestorSetCreated", {
      attestorSet: word(8),
      version: 1,
      attestors: ["0xab", "0xcd"],
      threshold: 2,
      owner: anchor,
    });
    await record(vault, iBudgetVaultAbi, "AttestorRevoked", { attestorSet: word(8), version: 1, seat: 1n });
    await record(vault, iBudgetVaultAbi, "ProjectOpened", {
      project: projectId,
      payee: plan.payee,
      plan: { ...plan, oracle },
    });
    await record(vault, iBudgetVaultAbi, "ProjectAccepted", { project: projectId, by: plan.payee, party: 0 });
    await record(vault, iBudgetVaultAbi, "ProjectAccepted", { project: projectId, by: anchor, party: 1 });
    await record(vault, iBudgetVaultAbi, "ProjectFunded", {
      project: projectId,
      from: zero,
      amount: total,
      paidThrough: 1,
      cause: poolId,
    });
    const now = Number((await chain.client.getBlock()).timestamp);
    const report = {
      index: 1,
      epoch: 4,
      root: word(3),
      configuration: 1,
      threshold: 5n * 10n ** 17n,
      nextThreshold: 5n * 10n ** 17n,
      leafCount: 2,
      scored: 2,
      surviving: 1,
      acceptedAt: now,
      manifest: word(4),
      signers: 0b1101n,
    };
    const operators = [1, 2, 3, 4].map((n) => account(0x100 + n));
    await record(oracle, iHeartbeatOracleAbi, "OperatorSetScheduled", {
      configuration: 1,
      fromEpoch: 1,
      operators,
      faults: 1,
      quorum: 3,
    });
    await record(oracle, iHeartbeatOracleAbi, "ReportAccepted", report);
    await record(vault, iBudgetVaultAbi, "LeaseRenewed", {
      project: projectId,
      report: 1,
      paidThrough: 3,
      outcome: 1,
      score: 7n * 10n ** 17n,
      missing: 0,
    });
    const branches = [1, 2].map((n) => ({
      pool: word(0x50 + n),
      steward: account(0x50 + n),
      budget: BigInt(n),
      strategy: word(n),
    }));
    await record(forks, iStrategyForksAbi, "ForkOpened", {
      fork: forkId,
      parentPool: poolId,
      asset: nativeAsset,
      deadline: 4_000_000_000,
      branches,
    });
    await record(forks, mergeGovernorAbi, "ProposalCreated", {
      proposalId: 77n,
      proposer: anchor,
      targets: [forks],
      values: [0n],
      signatures: [""],
      calldatas: [`0x12345678${forkId.slice(2)}`],
      voteStart: 1n,
      voteEnd: 2n,
      description: "merge",
    });
    await record(forks, mergeGovernorAbi, "VoteCast", {
      voter: account(0x51),
      proposalId: 77n,
      support: 1,
      weight: 1n,
      reason: "",
    });
    await record(authority, iAuthorityAbi, "TaskOpened", {
      task: 1,
      opener: anchor,
      deadline: now + 10_000,
      purpose: word(9),
    });
    await record(authority, iAuthorityAbi, "GrantGiven", {
      task: 1,
      grantee: account(5),
      target: vault,
      selector: "0x12345678",
      notBefore: 0,
      notAfter: now + 5_000,
      uses: 0,
      granter: anchor,
    });
    await indexed();

    const status = await get("/v1/status", statusAnswerSchema);
    expect(status.trouble).toBeNull();
    expect(status.phase).toBe("live");
    expect(
      status.journal.map(({ name, ok, events }) => ({ name, ok, events })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    ).toEqual([
      { name: "Authority", ok: true, events: 5 },
      { name: "BudgetVault", ok: true, events: 10 },
      { name: "HeartbeatOracle", ok: true, events: 2 },
      { name: "StrategyForks", ok: true, events: 3 },
    ]);

    const { pools, at } = await get("/v1/pools", poolsAnswerSchema);
    expect(at.hash).toBe(status.hash);
    expect(pools).toMatchObject([
      {
        name: "treasury",
        steward: null,
        balances: [{ amount: "5", committed: total.toString(), asset: { symbol: "ETH", native: true } }],
      },
    ]);

    const { projects } = await get("/v1/projects", projectsAnswerSchema);
    expect(projects).toMatchObject([
      {
        id: projectId,
        status: "active",
        payeeAccepted: true,
        anchorAccepted: true,
        total: total.toString(),
        committed: total.toString(),
        lease: {
          paidThrough: 3,
          latest: 1,
          running: true,
          reason: "paid",
          until: null,
          score: (7n * 10n ** 17n).toString(),
        },
        milestones: [
          {
            status: "pending",
            attestorSet: { threshold: 2, seats: [{ revoked: false }, { revoked: true, signer: "0xcd" }] },
          },
        ],
      },
    ]);
    const detail = await get(`/v1/projects/${projectId}`, projectAnswerSchema);
    expect(detail.events.map(({ name }) => name)).toEqual([
      "ProjectOpened",
      "ProjectAccepted",
      "ProjectAccepted",
      "ProjectFunded",
      "LeaseRenewed",
    ]);

    expect((await get("/v1/reports", reportsAnswerSchema)).reports).toMatchObject([
      { index: 1, epoch: 4, signers: [{ seat: 0 }, { seat: 2 }, { seat: 3 }] },
    ]);
    expect((await get("/v1/forks", forksAnswerSchema)).forks).toMatchObject([
      { id: forkId, status: "open", proposal: { id: "77" }, branches: [{ votes: "0" }, { votes: "1" }] },
    ]);
    expect((await get("/v1/tasks", tasksAnswerSchema)).tasks).toMatchObject([
      { task: 1, status: "open", grants: [{ status: "effective", uses: null }] },
    ]);
    expect(await get("/v1/config", configAnswerSchema)).toMatchObject({
      chainId: 31337,
      assets: [{ native: true }],
      operators: ["http://127.0.0.1:4111"],
    });
  });

  it("iIX-003: given a cursor, it pages through every event once, in order", async () => {
    const names: string[] = [];
    for (let after = "0"; ;) {
      const { events, next } = await get(`/v1/events?after=${after}&limit=7`, eventsAnswerSchema);
      names.push(...events.map(({ name }) => name));
      if (next === after) break;
      after = next;
    }
    expect(names).toHaveLength(20);
    expect(names[0]).toBe("ContractRegistered");
    expect(names.at(-1)).toBe("GrantGiven");
  });

  it("given a listener, when a task ends, it tells which one, and then that the block is taken in", async () => {
    const leaving = new AbortController();
    const response = await fetch(`${indexer.url}/v1/stream`, { signal: leaving.signal });
    const messages: StreamMessage[] = [];
    const reading = (async () => {
      let text = "";
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString();
        const lines = text.split("\n");
        text = lines.pop() ?? "";
        for (const line of lines)
          if (line.startsWith("data: ")) messages.push(streamMessageSchema.parse(JSON.parse(line.slice(6))));
        if (messages.some(({ kind }) => kind === "block")) return;
      }
    })();
    await systemClock.sleep(50);
    await chain.record(authority, eventOf(iAuthorityAbi, "TaskEnded"), { ...said, task: 1, status: 2 });
    await reading;
    leaving.abort();
    expect(messages.map(({ kind }) => kind)).toEqual(["change", "block"]);
    expect(messages[0]).toMatchObject({ entity: "task", id: "1", event: "TaskEnded" });
    const { tasks } = await get("/v1/tasks", tasksAnswerSchema);
    expect(tasks).toMatchObject([{ status: "completed", grants: [{ status: "task-completed" }] }]);
  });

  it.each([
    ["/v1/projects/nothing", 400, "RequestInvalid"],
    [`/v1/projects/${word(404)}`, 404, "ProjectUnknown"],
    ["/v1/events?limit=501", 400, "RequestInvalid"],
    ["/v1/events?unknown=1", 400, "RequestInvalid"],
    ["/v1/nowhere", 404, "RouteUnknown"],
  ])("given %s, it answers %i %s", async (path, status, code) => {
    const response = await fetch(`${indexer.url}${path}`);
    expect(response.status).toBe(status);
    expect(problemSchema.parse(await response.json()).code).toBe(code);
  });

  it("given a place inside the web app, it serves the app; given a missing file, nothing", async () => {
    expect(await (await fetch(`${indexer.url}/projects/1`)).text()).toContain("<title>Mandate</title>");
    expect((await fetch(`${indexer.url}/missing.js`)).status).toBe(404);
    expect((await fetch(`${indexer.url}/..%2fdeployment.json`)).status).toBe(404);
  });
});
