/** The indexer and the data gateway over the real contracts: what they answer is what the chain's own state says. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { getAddress, toHex, zeroHash, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordResource } from "../../deploy/modules/local.ts";
import { foundOrganization } from "../../scripts/local/found-organization.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { eventsAnswerSchema } from "../../src/core/api/events.ts";
import { poolsAnswerSchema } from "../../src/core/api/pools.ts";
import { projectsAnswerSchema } from "../../src/core/api/projects.ts";
import { rulesetsAnswerSchema } from "../../src/core/api/rulesets.ts";
import { safetyAnswerSchema } from "../../src/core/api/safety.ts";
import { configAnswerSchema, statusAnswerSchema } from "../../src/core/api/status.ts";
import { tasksAnswerSchema } from "../../src/core/api/tasks.ts";
import { systemClock } from "../../src/core/clock.ts";
import { dataReadSelector, dataTarget } from "../../src/core/data-action.ts";
import { runIndexer, type RunningIndexer } from "../../src/indexer/run-indexer.ts";
import { TestGateway } from "../support/data-gateway.ts";
import { startSystemOnAnvil, type SystemOnAnvil } from "../support/system-on-anvil.ts";
import { startThrowawayPostgres, type ThrowawayPostgres } from "../support/throwaway-postgres.ts";

const roadmap = recordResource("roadmap");
const agent = devAccount("agent");
const anchor = devAccount("anchor");
const native = getAddress("0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");

/** As `IAuthority.Verdict` counts them. */
const verdicts = [
  "allowed",
  "allowed-by-role",
  "target-closed",
  "role-missing",
  "role-delayed",
  "grant-missing",
  "grant-ended",
  "grant-not-started",
  "grant-expired",
  "grant-used-up",
  "task-completed",
  "task-failed",
];

let directory: string;
let system: SystemOnAnvil;
let postgres: ThrowawayPostgres;
let indexer: RunningIndexer;
let gateway: TestGateway;
let pool: Hex;
let attestorSet: Hex;
let teams: Readonly<Record<string, number>>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "mandate-system-"));
  [system, postgres] = await Promise.all([startSystemOnAnvil(3_600, 600), startThrowawayPostgres()]);
  const { client, deployment } = system;
  ({ pool, attestorSet, teams } = await foundOrganization({ client, deployment }, join(directory, "documents")));
  const path = join(directory, "deployment.json");
  writeFileSync(path, JSON.stringify(deployment));
  const { url } = await postgres.createDatabase();
  const base = { chainId: system.chainId, rpcUrl: system.rpcUrl, databaseUrl: url, deployment: path };
  indexer = await runIndexer({
    configuration: {
      ...base,
      listen: { host: "127.0.0.1", port: 0 },
      operators: [],
      attestors: [],
      gateway: null,
      evidenceStore: null,
      pollMs: 20,
    },
    logger: pino({ level: "silent" }),
    clock: systemClock,
  });
  const records = [{ id: "roadmap", title: "Roadmap", body: "what is next" }];
  gateway = await TestGateway.start({ client, chain: { rpcUrl: system.rpcUrl } }, { ...base, records });
});
afterAll(async () => {
  await Promise.all([indexer.stop(), gateway.running.stop()]);
  await Promise.all([system.stop(), postgres.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

async function get<T>(path: string, schema: { parse: (value: unknown) => T }): Promise<T> {
  return schema.parse(await (await fetch(`${indexer.url}${path}`)).json());
}

async function indexed(): Promise<void> {
  const { hash } = await system.client.getBlock();
  const endMs = Date.now() + 20_000;
  while (Date.now() < endMs) {
    await systemClock.sleep(20);
    const response = await fetch(`${indexer.url}/v1/status`);
    if (response.ok && statusAnswerSchema.parse(await response.json()).hash === hash) return;
  }
  throw new Error(
    `the index did not reach the head within 20 s: ${await (await fetch(`${indexer.url}/v1/status`)).text()}`,
  );
}

/** The verdict of the contract, and that of the mirror at the same block. */
async function bothVerdicts(): Promise<[string | undefined, string]> {
  await gateway.mirrored();
  const number = await system.read("Authority", "verdict", [agent.address, dataTarget(roadmap), dataReadSelector]);
  return [verdicts[Number(number)], (await gateway.why(roadmap, { account: agent.address })).verdict];
}

async function plan(): Promise<Record<string, unknown>> {
  const now = await system.now();
  return {
    version: 1,
    project: zeroHash,
    pool,
    reclaimTo: pool,
    asset: native,
    payee: devAccount("payeeOne").address,
    opener: devAccount("finance").address,
    anchor: anchor.address,
    team: zeroHash,
    oracle: system.address("HeartbeatOracle"),
    scoreDefinition: toHex("definition", { size: 32 }),
    leaseReports: 2,
    initialReports: 1,
    maxMissing: 1,
    renewalWindow: 600,
    acceptBy: now + 3_600,
    salt: zeroHash,
    milestones: [1n, 2n].map((amount) => ({
      amount,
      deadline: now + 36_000,
      challengeWindow: 0,
      specification: toHex("specification", { size: 32 }),
      attestorSet,
      attestorSetVersion: 1,
      coSignature: false,
    })),
  };
}

describe("the index of the deployed system", () => {
  it("given the deployed and founded organization, every registered contract's journal is complete", async () => {
    await indexed();
    const status = await get("/v1/status", statusAnswerSchema);
    expect(status.trouble).toBeNull();
    const registered = [
      "ActionCatalog",
      "Anchors",
      "Authority",
      "BudgetVault",
      "Challenges",
      "CircuitBreaker",
      "Constitution",
      "Escalations",
      "HeartbeatOracle",
      "Membership",
      "MergeGovernor",
      "OperatorKeys",
      "ReportFund",
      "ReviewCalendar",
      "StrategyForks",
      "Teams",
    ];
    expect(status.journal.map(({ name }) => name).sort()).toEqual(registered);
    expect(status.journal.filter(({ ok }) => !ok)).toEqual([]);
    const { events } = await get("/v1/events?limit=500", eventsAnswerSchema);
    expect(events).toHaveLength(status.journal.reduce((sum, journal) => sum + journal.events, 0));
    expect(events.filter(({ name }) => name === "")).toEqual([]); // every event is known by name
  });

  it("given deposits, a project and its funding, pools and projects equal the vault's own state", async () => {
    const amount = 10n ** 20n;
    await system.send("finance", "BudgetVault", "deposit", [pool, native, amount, toHex(1, { size: 32 })], amount);
    const terms = await plan();
    await system.send("finance", "BudgetVault", "openProject", [terms]);
    const id = (await system.read("BudgetVault", "planId", [terms])) as Hex;
    await system.send("payeeOne", "BudgetVault", "acceptProject", [id, 0, "0x"]);
    await system.send("anchor", "BudgetVault", "acceptProject", [id, 1, "0x"]);
    await system.send("finance", "BudgetVault", "commitProject", [id]);
    await indexed();

    const { pools } = await get("/v1/pools", poolsAnswerSchema);
    const main = pools.find((each) => each.id === pool);
    expect(main?.name).toBe("main");
    expect(main?.balances).toEqual([
      {
        asset: { address: native, symbol: "ETH", decimals: 18, native: true },
        amount: String(await system.read("BudgetVault", "poolBalance", [pool, native])),
        committed: "3",
      },
    ]);
    const { projects } = await get("/v1/projects", projectsAnswerSchema);
    const onChain = (await system.read("BudgetVault", "getProject", [id])) as {
      committed: bigint;
      paidThrough: number;
    };
    expect(projects).toMatchObject([
      {
        id,
        status: "active",
        committed: onChain.committed.toString(),
        lease: { paidThrough: onChain.paidThrough, running: true },
      },
    ]);
    expect(projects[0]?.lease?.running).toBe(await system.read("BudgetVault", "isLeaseRunning", [id]));
    expect(projects[0]?.milestones[0]?.attestorSet).toMatchObject({ id: attestorSet, threshold: 2 });
    expect((await get("/v1/config", configAnswerSchema)).assets.map(({ symbol }) => symbol)).toContain("ETH");
  });

  it("iDG-002: given a task with a grant to read, the mirror decides as the authority does, from the grant to its end", async () => {
    expect(await bothVerdicts()).toEqual(["grant-missing", "grant-missing"]);
    const now = await system.now();
    await system.send("anchor", "Authority", "openTask", [teams["finance"], zeroHash, now + 3_000]);
    const request = {
      task: 1,
      grantee: agent.address,
      target: dataTarget(roadmap),
      selector: dataReadSelector,
      uses: 0,
      cap: 0,
    };
    await system.send("granter", "Authority", "grant", [{ ...request, notBefore: now + 1_000, notAfter: now + 2_000 }]);
    expect(await bothVerdicts()).toEqual(["grant-not-started", "grant-not-started"]);
    await system.send("granter", "Authority", "grant", [{ ...request, notBefore: now, notAfter: now + 2_000 }]);
    expect(await bothVerdicts()).toEqual(["allowed", "allowed"]);

    const token = await gateway.signIn(agent);
    expect((await gateway.read(roadmap, token)).rows).toEqual([
      { id: "roadmap", title: "Roadmap", body: "what is next" },
    ]);
    await system.send("agent", "Authority", "endGrant", [agent.address, dataTarget(roadmap), dataReadSelector]);
    expect(await bothVerdicts()).toEqual(["grant-ended", "grant-ended"]);
    await system.send("granter", "Authority", "grant", [{ ...request, notBefore: now, notAfter: now + 2_000 }]);
    expect(await bothVerdicts()).toEqual(["allowed", "allowed"]);
    await system.send("anchor", "Authority", "completeTask", [1]);
    expect(await bothVerdicts()).toEqual(["task-completed", "task-completed"]);
    expect((await gateway.read(roadmap, token)).rows).toEqual([]);

    await indexed();
    const { tasks } = await get("/v1/tasks", tasksAnswerSchema);
    expect(tasks).toMatchObject([{ task: 1, status: "completed", grants: [{ status: "task-completed" }] }]);
  });

  it("given rulesets that are named, replaced and begin, it tells of each what the oracle's own view answers", async () => {
    const word = (number: number) => toHex(number, { size: 32 });
    const running = async () => (await system.read("HeartbeatOracle", "epochAt", [await system.now()])) as number;
    const name = (number: number, fromEpoch: number) =>
      system.send("governor", "HeartbeatOracle", "scheduleRuleset", [word(number), fromEpoch, anchor.address]);
    const epoch = await running();
    await name(1, epoch + 3);
    await name(2, epoch + 4); // in the place of the first
    await indexed();
    // The organization was founded with one, which is the last of the list.
    const told = async () => {
      const { rulesets } = await get("/v1/rulesets", rulesetsAnswerSchema);
      return rulesets.slice(0, -1).map(({ ruleset, fromEpoch, status }) => [Number(ruleset), fromEpoch, status]);
    };
    expect(await told()).toEqual([
      [2, epoch + 4, "scheduled"],
      [1, epoch + 3, "replaced"],
    ]);
    const seconds = (await system.read("HeartbeatOracle", "epochSeconds")) as number;
    await system.travelTo((await system.now()) + 4 * Number(seconds));
    await name(3, (await running()) + 1);
    await indexed();
    expect(await told()).toEqual([
      [3, (await running()) + 1, "scheduled"],
      [2, epoch + 4, "running"],
      [1, epoch + 3, "replaced"],
    ]);
    expect(await system.read("HeartbeatOracle", "ruleset", [await running()])).toEqual([word(2), epoch + 4]);
  });

  it("iIX-005: given a trip and an extended lease, limits, state and lease equal the vault's own", async () => {
    await indexed();
    const [project] = (await get("/v1/projects", projectsAnswerSchema)).projects;
    if (project === undefined) throw new TypeError("a project was opened before");
    const before = await get("/v1/safety", safetyAnswerSchema);
    expect(before.assets.find(({ asset }) => asset.native)).toMatchObject({
      state: "closed",
      trips: 0,
      lastTrip: null,
    });

    await system.send("finance", "CircuitBreaker", "trip", [native, toHex("reason", { size: 32 })]);
    await system.send("anchor", "BudgetVault", "extendLease", [project.id, toHex("reason", { size: 32 })]);
    await indexed();
    const { assets, limits, at } = await get("/v1/safety", safetyAnswerSchema);
    const kept = (await system.read("BudgetVault", "assetSafety", [native])) as { until: number; trips: number };
    const shares = (await system.read("BudgetVault", "limits")) as { outflowShare: bigint; tripSeconds: number };
    expect(limits).toMatchObject([{ outflowShare: `${shares.outflowShare}`, tripSeconds: shares.tripSeconds }]);
    expect(assets.find(({ asset }) => asset.native)).toMatchObject({
      state: "tripped",
      until: kept.until,
      trips: kept.trips,
      outflowShare: `${shares.outflowShare / 2n}`,
      lastTrip: { trippedAt: at.timestamp - 1, anchor: devAccount("finance").address },
    });
    const { paidThrough } = (await system.read("BudgetVault", "getProject", [project.id])) as { paidThrough: number };
    const [extended] = (await get("/v1/projects", projectsAnswerSchema)).projects;
    expect(extended?.lease).toMatchObject({ paidThrough, running: true, score: null });
    expect(paidThrough).toBeGreaterThan(project.lease?.paidThrough ?? 0);

    await system.travelTo(kept.until);
    await indexed();
    const later = await get("/v1/safety", safetyAnswerSchema);
    expect(later.assets.find(({ asset }) => asset.native)).toMatchObject({ state: "half-open", until: null });
  });
});
