import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { getAddress, toHex, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  iActionCatalogAbi,
  iAnchorsAbi,
  iAuthorityAbi,
  iAuthorityLimitsAbi,
  iBudgetVaultAbi,
  iConstitutionAbi,
  iEscalationsAbi,
  iHeartbeatOracleAbi,
  iStrategyForksAbi,
  iTeamsAbi,
  mergeGovernorAbi,
} from "../../src/chain/abi.ts";
import { contractKind } from "../../src/chain/contract-kind.ts";
import { escalationsAnswerSchema } from "../../src/core/api/escalations.ts";
import { eventsAnswerSchema, streamMessageSchema, type StreamMessage } from "../../src/core/api/events.ts";
import { forksAnswerSchema } from "../../src/core/api/forks.ts";
import { policyAnswerSchema } from "../../src/core/api/policy.ts";
import { poolsAnswerSchema } from "../../src/core/api/pools.ts";
import { problemSchema } from "../../src/core/api/problem.ts";
import { projectAnswerSchema, projectsAnswerSchema } from "../../src/core/api/projects.ts";
import { reportsAnswerSchema } from "../../src/core/api/reports.ts";
import { configAnswerSchema, statusAnswerSchema } from "../../src/core/api/status.ts";
import { tasksAnswerSchema } from "../../src/core/api/tasks.ts";
import { anchorsAnswerSchema, teamsAnswerSchema } from "../../src/core/api/teams.ts";
import { systemClock } from "../../src/core/clock.ts";
import { nativeAsset } from "../../src/indexer/answers/asset-directory.ts";
import { runIndexer, type RunningIndexer } from "../../src/indexer/run-indexer.ts";
import {
  account,
  anchor,
  forkId,
  plan,
  poolId,
  projectId,
  said,
  total,
  word,
  writeRecord,
  zero,
} from "../support/indexed-plan.ts";
import { eventOf, startJournalChain, type JournalChain } from "../support/journal-chain.ts";
import { startThrowawayPostgres, type ThrowawayPostgres } from "../support/throwaway-postgres.ts";

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
  writeRecord(directory, fromBlock, { authority, vault, oracle, forks });
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
      evidenceStore: null,
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
      configuration: 2,
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
    // The last operator's key changes, and a report is signed by the new one: its name stays.
    const [operator, delegate] = [account(0x104), account(0x1ff)];
    const renewed = operators.with(-1, delegate);
    const set = { fromEpoch: 1, operators, faults: 1, quorum: 3, vacant: 0n };
    for (const [name, args] of [
      ["OperatorSetScheduled", { ...set, configuration: 1, delegates: operators }],
      ["OperatorRotated", { operator, delegate }],
      ["OperatorSetScheduled", { ...set, configuration: 2, delegates: renewed }],
      ["OperatorReinstated", { operator: account(0x1fe), configuration: 2 }],
      ["ReportAccepted", report],
    ] as const) {
      await record(oracle, iHeartbeatOracleAbi, name, args);
    }
    await record(vault, iBudgetVaultAbi, "LeaseRenewed", {
      project: projectId,
      report: 1,
      paidThrough: 3,
      ground: 1,
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
      team: 2,
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
      cap: 70_000,
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
      { name: "HeartbeatOracle", ok: true, events: 5 },
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
    const names = detail.events.map(({ name }) => name);
    expect(names.join()).toBe("ProjectOpened,ProjectAccepted,ProjectAccepted,ProjectFunded,LeaseRenewed");

    expect((await get("/v1/reports", reportsAnswerSchema)).reports).toMatchObject([
      { index: 1, epoch: 4, signers: [{ seat: 0 }, { seat: 2 }, { seat: 3, operator: account(0x104) }] },
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
    expect(names).toHaveLength(23);
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
    expect(tasks).toMatchObject([
      { status: "completed", team: 2, grants: [{ status: "task-completed", uses: null, cap: 70_000 }] },
    ]);
  });

  it("iIX-004: given teams, policy and an escalation, it answers what holds at the head, and silence as denied", async () => {
    const policy = await chain.deployJournal();
    const record = (abi: Parameters<typeof eventOf>[0], name: string, args: Record<string, unknown>, to = policy) =>
      chain.record(to, eventOf(abi, name), { ...said, by: anchor, reason: word(3), ...args });
    const kind = contractKind("Teams");
    await record(iAuthorityAbi, "ContractRegistered", { account: policy, kind, codeHash: word(2) }, authority);
    const substitute = account(0xb);
    for (const each of [anchor, substitute]) {
      await record(iAnchorsAbi, "AnchorEnrolled", { anchor: each, identity: word(4) });
      await record(iAnchorsAbi, "AnchorAccepted", { anchor: each, identity: word(4), liveUntil: 4_000_000_000 });
    }
    await record(iAnchorsAbi, "SubstituteNamed", { anchor, substitute });
    const cones = [
      { maxImpact: 0, scopes: 0, minReversibility: 100 },
      { maxImpact: 50_000_0000, scopes: 0b10, minReversibility: 50 },
    ];
    const places = ["G1.U1.P0", "G1.U1.P6"].map((place) => toHex(place, { size: 32 }));
    const open = (team: number, path: number[]) =>
      record(iTeamsAbi, "TeamOpened", { team, place: places[team - 1], anchor, tier: 1, triggers: 0b101, path, cones });
    await open(1, [1]);
    await open(2, [1]);
    await record(iTeamsAbi, "MemberAdded", { team: 2, member: account(5) });
    await record(iAuthorityLimitsAbi, "TeamLimitsSet", { team: 2, anchor, limits: cones[1] }, authority);
    const parameter = word(0x77);
    const terms = { stricter: 0, kernel: true, cone: true, minimum: 0n, maximum: 10n ** 12n };
    await record(iConstitutionAbi, "ParameterDefined", { parameter, terms, value: 10n ** 11n });
    await record(iConstitutionAbi, "ValueSet", { parameter, team: 2, version: 1, value: 10n ** 10n });
    const times = { enactableFrom: 1, expiresAt: 4_000_000_000, required: 2 };
    await record(iConstitutionAbi, "ChangeProposed", { parameter, team: 0, value: 10n ** 9n, ...times });
    await record(iConstitutionAbi, "ChangeConsented", { parameter, team: 1, consents: 2 });
    await record(iConstitutionAbi, "AssetDefined", { asset: nativeAsset, minimumRate: 1n, maximumRate: 9n });
    await record(iConstitutionAbi, "RateSet", { asset: nativeAsset, rate: 5n, validUntil: 1 });
    const selector = "0x12345678";
    await record(iActionCatalogAbi, "ScopeNamed", { scope: 1, name: toHex("budget", { size: 32 }) });
    const registration = {
      target: vault,
      signature: "pay(uint256)",
      impact: 3,
      fixedImpact: 0,
      amountWord: 0,
      assetWord: 0,
      scope: toHex("budget", { size: 32 }),
      reversibility: 50,
      inverseTarget: zero,
      inverseSelector: "0x00000000",
    };
    await record(iActionCatalogAbi, "ActionRegistered", { target: vault, selector, version: 1, registration });
    const actions = [{ target: vault, selector }];
    const capability = toHex("payments", { size: 32 });
    await record(iActionCatalogAbi, "CapabilityDefined", { capability, version: 1, actions });
    const now = Number((await chain.client.getBlock()).timestamp);
    const escalation = {
      operation: word(0xe5),
      team: 2,
      caller: account(5),
      target: vault,
      data: `${selector}00`,
      task: 1,
      boundary: 7,
      limit: 100n,
      actual: 101n,
      deadline: now + 900,
      pathVersion: 1,
      recommendation: word(5),
      context: word(6),
    };
    await record(iEscalationsAbi, "EscalationOpened", escalation);
    await indexed();

    const { teams } = await get("/v1/teams", teamsAnswerSchema);
    expect(teams).toMatchObject([
      { team: 1, place: "G1.U1.P0", path: [1], enforced: null, members: [] },
      {
        team: 2,
        place: "G1.U1.P6",
        anchorLive: true,
        tier: 1,
        triggers: ["breaker-tripped", "challenge-upheld"],
        enforced: { maxImpact: 50_000_0000, scopes: ["budget"], minReversibility: 50 },
        members: [getAddress(account(5))],
      },
    ]);
    const { anchors } = await get("/v1/anchors", anchorsAnswerSchema);
    expect(anchors).toMatchObject([
      { anchor: getAddress(anchor), status: "live", substitute: getAddress(substitute), teams: [1, 2] },
      { status: "live", substitute: null, teams: [] },
    ]);
    const told = await get("/v1/policy", policyAnswerSchema);
    expect(told).toMatchObject({
      parameters: [
        {
          parameter,
          stricter: "lower",
          office: { value: "100000000000", version: 1 },
          teams: [{ team: 2, value: "10000000000", effective: "10000000000" }],
          changes: [{ team: 0, status: "enactable", consents: [1], consented: 2, required: 2 }],
        },
      ],
      rates: [{ status: "expired", rate: "5" }],
      scopes: [{ scope: 1, name: "budget" }],
      actions: [{ targetName: "BudgetVault", impact: "amount", scope: "budget", inverse: null, status: "listed" }],
      capabilities: [{ capability: "payments", version: 1, actions: [{ selector }] }],
    });
    const asked = async () => (await get("/v1/escalations", escalationsAnswerSchema)).escalations;
    expect(await asked()).toMatchObject([
      {
        operation: escalation.operation,
        status: "pending",
        boundary: "team-impact",
        selector,
        data: escalation.data,
        resolvers: [{ team: 1, anchor: getAddress(anchor), substitute: getAddress(substitute), open: true }],
      },
    ]);
    await chain.rpc("evm_setNextBlockTimestamp", escalation.deadline);
    await chain.rpc("evm_mine");
    await indexed();
    expect(await asked()).toMatchObject([{ status: "denied", resolver: null, resolvers: [{ open: false }] }]);
  });

  it.each([
    ["/v1/escalations?limit=0", 400, "RequestInvalid"],
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
