import pg from "pg";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from "vitest";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { systemClock } from "../../src/core/clock.ts";
import { problemSchema } from "../../src/core/api/problem.ts";
import { AuthorityStory, TestGateway, writeDeployment } from "../support/data-gateway.ts";
import { startJournalChain, type JournalChain } from "../support/journal-chain.ts";
import { startThrowawayPostgres, type ThrowawayPostgres } from "../support/throwaway-postgres.ts";
import { startWithholdingRpc } from "../support/withholding-rpc.ts";

const agent = devAccount("agent");
const other = devAccount("payeeOne");
const invoice = "postgres://records/invoice-7";
const salary = "postgres://records/salary-1";
const records = [
  { id: "invoice-7", title: "Invoice 7", body: "due in May" },
  { id: "salary-1", title: "Salary", body: "secret" },
];

let chain: JournalChain;
let postgres: ThrowawayPostgres;
let story: AuthorityStory;
let deployment: string;
let databaseUrl: string;
let gateway: TestGateway;

beforeAll(async () => {
  [chain, postgres] = await Promise.all([startJournalChain(), startThrowawayPostgres()]);
});
afterAll(() => Promise.all([chain.stop(), postgres.stop()]));

beforeEach(async () => {
  const fromBlock = (await chain.client.getBlockNumber()) + 1n;
  story = new AuthorityStory(chain, await chain.deployJournal());
  deployment = writeDeployment(story.authority, fromBlock);
  ({ url: databaseUrl } = await postgres.createDatabase());
  gateway = await TestGateway.start(chain, { databaseUrl, deployment, records });
});
afterEach(() => gateway.running.stop());

/** One task, one grant on the invoice to the agent. */
async function granted(): Promise<string> {
  await story.protect(invoice);
  await story.openTask(1);
  await story.grant(invoice, agent.address);
  await gateway.mirrored();
  return gateway.signIn(agent);
}

describe("reading through the gateway", () => {
  it("given a grant, the grantee reads that row and no other, and the answer names its block", async () => {
    const token = await granted();
    const { hash, number } = await chain.client.getBlock();
    expect(await gateway.read(invoice, token)).toMatchObject({
      at: { hash, number: Number(number) },
      verdict: "allowed",
      rows: [records[0]],
    });
    expect(await gateway.read(salary, token)).toMatchObject({ verdict: "role-missing", rows: [] });
    expect(await gateway.read(invoice, await gateway.signIn(other))).toMatchObject({
      verdict: "grant-missing",
      rows: [],
    });
  });

  it("iDG-001: given the task completes, when its block is mirrored, the very next statement returns nothing, for ever, and says why", async () => {
    const token = await granted();
    await story.endTask(1, "completed");
    await gateway.mirrored();
    expect(await gateway.read(invoice, token)).toMatchObject({ verdict: "task-completed", rows: [] });
    expect(await gateway.why(invoice, { token })).toMatchObject({
      allowed: false,
      verdict: "task-completed",
      grant: { task: 1 },
    });
    await story.openTask(2);
    await gateway.mirrored();
    expect((await gateway.read(invoice, token)).rows).toEqual([]);
  });

  it("iDG-001: given a transaction that began before the task ended, its next statement returns nothing either", async () => {
    const token = await granted();
    const roles = await gatewayLogin();
    const client = new pg.Client({ connectionString: roles });
    await client.connect();
    try {
      await client.query("BEGIN");
      await client.query("SELECT set_config('mandate.session', $1, true)", [token]);
      expect((await client.query("SELECT title FROM data.records")).rows).toEqual([{ title: "Invoice 7" }]);
      await client.query("DECLARE rest CURSOR FOR SELECT title FROM data.records");
      await story.endTask(1, "failed");
      await gateway.mirrored();
      expect((await client.query("SELECT title FROM data.records")).rows).toEqual([]);
      expect((await client.query("FETCH ALL FROM rest")).rows).toEqual([]); // not even an open cursor goes on
    } finally {
      await client.end();
    }
  });

  it("given a reorg that removes the grant, the reading is gone; given one that removes the ending, it is back", async () => {
    await story.protect(invoice);
    await story.openTask(1);
    await gateway.mirrored();
    const withoutGrant = await chain.rpc("evm_snapshot");
    await story.grant(invoice, agent.address);
    await gateway.mirrored();
    const token = await gateway.signIn(agent);
    expect((await gateway.read(invoice, token)).rows).toHaveLength(1);
    await chain.rpc("evm_revert", withoutGrant);
    await chain.rpc("anvil_mine", "0x2");
    await gateway.mirrored();
    expect(await gateway.read(invoice, token)).toMatchObject({ verdict: "grant-missing", rows: [] });

    await story.grant(invoice, agent.address);
    await gateway.mirrored();
    const withoutEnding = await chain.rpc("evm_snapshot");
    await story.endTask(1, "failed");
    await gateway.mirrored();
    expect(await gateway.read(invoice, token)).toMatchObject({ verdict: "task-failed", rows: [] });
    await chain.rpc("evm_revert", withoutEnding);
    await chain.rpc("anvil_mine", "0x2");
    await gateway.mirrored();
    expect((await gateway.read(invoice, token)).rows).toHaveLength(1);
  });

  it("iDG-006: given a row that is not registered, or no row, it is not told apart from a row that may not be read", async () => {
    const token = await granted();
    expect(await gateway.read("postgres://records/nothing", token)).toMatchObject({
      verdict: "role-missing",
      rows: [],
    });
    await story.protect("postgres://records/nothing");
    await story.grant("postgres://records/nothing", agent.address);
    await gateway.mirrored();
    expect(await gateway.read("postgres://records/nothing", token)).toMatchObject({
      verdict: "resource-unregistered",
      rows: [],
    });
  });

  /** A login of the gateway's role that the test knows: same role, same rights. */
  async function gatewayLogin(): Promise<string> {
    const admin = new pg.Client({ connectionString: databaseUrl });
    await admin.connect();
    await admin.query("ALTER ROLE mandate_acl_gateway PASSWORD 'known-to-the-test'");
    await admin.end();
    const url = new URL(databaseUrl);
    url.username = "mandate_acl_gateway";
    url.password = "known-to-the-test";
    return url.href;
  }
});

describe("the rules of the authority, mirrored", () => {
  it("iDG-002: answers as the authority does, rule by rule", async () => {
    const verdict = async (account = agent.address): Promise<string> => {
      await gateway.mirrored();
      return (await gateway.why(invoice, { account })).verdict;
    };
    expect(await verdict()).toBe("role-missing"); // nobody said who may: administrators only
    await story.protect(invoice, 8n);
    expect(await verdict()).toBe("role-missing");
    await story.grantRole(8n, agent.address, { since: (await story.now()) + 100 });
    expect(await verdict()).toBe("role-missing"); // not a member yet
    await story.grantRole(8n, agent.address);
    expect(await verdict()).toBe("allowed-by-role");
    await story.grantRole(8n, agent.address, { delay: 60, since: await story.now(), newMember: false });
    expect(await verdict()).toBe("role-delayed");
    await story.grantRole(8n, agent.address, { delay: 0, since: (await story.now()) + 60, newMember: false });
    expect(await verdict()).toBe("role-delayed"); // the shorter delay does not apply yet
    await story.revokeRole(8n, agent.address);
    expect(await verdict()).toBe("role-missing");
    await story.protect(invoice, 2n ** 64n - 1n);
    expect(await verdict()).toBe("allowed-by-role"); // everybody's
    await story.protect(invoice);
    expect(await verdict()).toBe("grant-missing");
    await story.openTask(1);
    await story.grant(invoice, agent.address, { startsIn: 1_000 });
    expect(await verdict()).toBe("grant-not-started");
    await story.grant(invoice, agent.address, { uses: 3 });
    expect(await verdict()).toBe("grant-counted");
    await story.grant(invoice, agent.address, { cap: 1 });
    expect(await verdict()).toBe("grant-capped");
    await story.grant(invoice, agent.address);
    expect(await verdict()).toBe("allowed");
    await story.close(invoice, true);
    expect(await verdict()).toBe("target-closed");
    await story.close(invoice, false);
    expect(await verdict()).toBe("allowed");
    await story.endGrant(invoice, agent.address);
    expect(await verdict()).toBe("grant-ended");
    await story.grant(invoice, agent.address, { task: 1 });
    await story.endTask(1, "failed");
    expect(await verdict()).toBe("task-failed");
  });

  it("iDG-009: given the team's tier falls or the action is retired, the very next statement reads nothing, and says why", async () => {
    const token = await granted();
    const reading = async (): Promise<[string, number]> => {
      await gateway.mirrored();
      const { verdict, rows } = await gateway.read(invoice, token);
      expect((await gateway.why(invoice, { token })).verdict).toBe(verdict);
      return [verdict, rows.length];
    };
    expect(await reading()).toEqual(["allowed", 1]);
    await story.limitTeam(1, { scopes: 0b0111 }); // the bit beside the action's, and all below
    expect(await reading()).toEqual(["outside-scope", 0]);
    await story.limitTeam(1, { scopes: 0b1000 });
    expect(await reading()).toEqual(["allowed", 1]);
    await story.list(invoice, { reversibility: 99 });
    expect(await reading()).toEqual(["outside-reversibility", 0]);
    await story.limitTeam(1, { minReversibility: 99 });
    expect(await reading()).toEqual(["allowed", 1]);
    for (const impact of [2, 3, 4]) {
      await story.list(invoice, { impact });
      expect(await reading()).toEqual(["action-with-impact", 0]);
    }
    await story.list(invoice, { impact: 0, scope: 0, reversibility: 0 });
    expect(await reading()).toEqual(["action-unlisted", 0]);
    await story.list(invoice, { scope: 31 });
    await story.limitTeam(1, { scopes: 2 ** 32 - 1 });
    expect(await reading()).toEqual(["allowed", 1]);
  });

  it("iDG-009: given a task of another team, that team's limits count", async () => {
    const token = await granted();
    await story.limitTeam(2, { scopes: 0 });
    await gateway.mirrored();
    expect((await gateway.read(invoice, token)).rows).toHaveLength(1);
    await story.openTask(2, 2);
    await story.grant(invoice, agent.address, { task: 2 });
    await story.limitTeam(2, { scopes: 0 });
    await gateway.mirrored();
    expect(await gateway.read(invoice, token)).toMatchObject({ verdict: "outside-scope", rows: [] });
  });

  it("iDG-003: given a grant's last second passes without any block, the row is gone all the same", async () => {
    await story.protect(invoice);
    await story.openTask(1);
    await story.grant(invoice, agent.address, { endsIn: 3 });
    await gateway.mirrored();
    const token = await gateway.signIn(agent);
    expect((await gateway.read(invoice, token)).rows).toHaveLength(1);
    await systemClock.sleep(3_100);
    expect(await gateway.read(invoice, token)).toMatchObject({ verdict: "grant-expired", rows: [] });
  });
});

describe("what the gateway does not know for sure", () => {
  it("iDG-004: given no new block for longer than the stated lag, it denies everything until one comes", async () => {
    await gateway.running.stop();
    gateway = await TestGateway.start(chain, { databaseUrl, deployment, records, maximumLagSeconds: 5 });
    const token = await granted();
    await chain.rpc("anvil_mine", "0x1");
    await gateway.mirrored();
    expect((await gateway.read(invoice, token)).rows).toHaveLength(1);
    await systemClock.sleep(5_200);
    expect(await gateway.read(invoice, token)).toMatchObject({ verdict: "mirror-lagging", rows: [] });
    expect(await gateway.status()).toMatchObject({ serving: false });
    await chain.rpc("anvil_mine", "0x1");
    await gateway.mirrored();
    expect((await gateway.read(invoice, token)).rows).toHaveLength(1);
  });

  it("iDG-004: given a node that withholds the ending of a task, it denies everything until the journal is complete", async () => {
    await gateway.running.stop();
    const lying = await startWithholdingRpc(chain.chain.rpcUrl);
    try {
      gateway = await TestGateway.start(chain, { databaseUrl, deployment, records, rpcUrl: lying.url });
      const token = await granted();
      expect((await gateway.read(invoice, token)).rows).toHaveLength(1);
      lying.withhold(() => true);
      await story.endTask(1, "completed");
      for (let seen = 0; lying.withheld() === 0 && seen < 500; seen += 1) await systemClock.sleep(10);
      for (let seen = 0; (await gateway.status()).trouble === null && seen < 500; seen += 1)
        await systemClock.sleep(10);
      expect((await gateway.status()).trouble).toBe("JournalMismatch");
      expect(await gateway.read(invoice, token)).toMatchObject({ verdict: "mirror-halted", rows: [] });
      lying.withhold(undefined);
      await gateway.mirrored();
      expect(await gateway.read(invoice, token)).toMatchObject({ verdict: "task-completed", rows: [] });
    } finally {
      await gateway.running.stop();
      await lying.stop();
    }
  });
});

describe("signing in", () => {
  it("given a message for another site, chain or time, a used nonce, or another's signature, it refuses", async () => {
    const tryWith = async (change: object, signer = agent): Promise<string> => {
      const message = await gateway.message(agent, change);
      const response = await gateway.post("/v1/sign-in", { message, signature: await signer.signMessage({ message }) });
      expect(response.status).toBe(401);
      return problemSchema.parse(await response.json()).message;
    };
    expect(await tryWith({ domain: "elsewhere.example" })).toContain("another site");
    expect(await tryWith({ chainId: 1 })).toContain("another chain");
    expect(await tryWith({ expirationTime: new Date(Date.now() - 1_000) })).toContain("not valid now");
    expect(await tryWith({ nonce: "0123456789abcdef" })).toContain("nonce");
    expect(await tryWith({}, other)).toContain("signature");

    const message = await gateway.message(agent);
    const signature = await agent.signMessage({ message });
    expect((await gateway.post("/v1/sign-in", { message, signature })).status).toBe(200);
    expect((await gateway.post("/v1/sign-in", { message, signature })).status).toBe(401);
  });

  it("iDG-007: given no token, an unknown one, or one that was signed out, it reads nothing", async () => {
    const token = await granted();
    expect((await gateway.post("/v1/query", { resource: invoice })).status).toBe(401);
    expect(await gateway.read(invoice, "0".repeat(64))).toMatchObject({ verdict: "session-unknown", rows: [] });
    expect((await gateway.post("/v1/sign-out", {}, token)).status).toBe(204);
    expect(await gateway.read(invoice, token)).toMatchObject({ verdict: "session-unknown", rows: [] });
    expect(await gateway.why(invoice, {})).toMatchObject({ verdict: "session-missing", allowed: false });
  });

  it("given a session's time has passed, it reads nothing", async () => {
    const token = await granted();
    const admin = new pg.Client({ connectionString: databaseUrl });
    await admin.connect();
    await admin.query("UPDATE acl.session SET expires_at = clock_timestamp()");
    await admin.end();
    expect(await gateway.read(invoice, token)).toMatchObject({ verdict: "session-expired", rows: [] });
  });

  it("keeps no token, only its hash", async () => {
    const token = await gateway.signIn(agent);
    const admin = new pg.Client({ connectionString: databaseUrl });
    await admin.connect();
    const { rows } = await admin.query<{ session: string }>("SELECT session::text FROM acl.session");
    await admin.end();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.session).not.toContain(token);
  });
});
