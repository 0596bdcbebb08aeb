import type pg from "pg";
import { toEventSelector, type Hex } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createChainClient } from "../../src/chain/client.ts";
import { createChainReader } from "../../src/chain/follow/chain-reader.ts";
import { migrationFrom, type Migration } from "../../src/chain/projection/migrate.ts";
import {
  runProjection,
  type Projection,
  type ProjectionEnd,
  type ProjectionOutcome,
} from "../../src/chain/projection/run-projection.ts";
import { dropProjection, ProjectionStore } from "../../src/chain/projection/store.ts";
import { systemClock } from "../../src/core/clock.ts";
import { declaredEvent, startJournalChain, type JournalChain } from "../support/journal-chain.ts";
import { startThrowawayPostgres, type ThrowawayPostgres } from "../support/throwaway-postgres.ts";
import { startWithholdingRpc } from "../support/withholding-rpc.ts";

/** A projection that counts, per topic value, what it has seen: every event changes a row that others changed before. */
const counting: Migration = {
  name: "counting.sql",
  sql: `CREATE TABLE tally (contract text, topic text, count int NOT NULL, PRIMARY KEY (contract, topic));
        CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON tally FOR EACH ROW EXECUTE FUNCTION remember();`,
};

const counted = declaredEvent("event Counted(uint256 indexed what, uint256 amount)");
const found = declaredEvent("event Found(address indexed contract_)");
const silent = { info: () => {}, warn: () => {}, error: () => {} };

let chain: JournalChain;
let postgres: ThrowawayPostgres;

beforeAll(async () => {
  [chain, postgres] = await Promise.all([startJournalChain(), startThrowawayPostgres()]);
});
afterAll(() => Promise.all([chain.stop(), postgres.stop()]));

/** A running projection of one journal. */
class Running {
  readonly outcomes: ProjectionOutcome[] = [];
  readonly pool: pg.Pool;
  readonly end: Promise<ProjectionEnd>;
  private readonly aborting = new AbortController();

  constructor(
    pool: pg.Pool,
    store: ProjectionStore,
    root: Hex,
    fromBlock: bigint,
    rpcUrl: string,
    stepBlocks?: bigint,
  ) {
    this.pool = pool;
    const projection: Projection = {
      roots: [root],
      discover: (log) => (log.topics[0] === topicOfFound ? `0x${(log.topics[1] ?? "").slice(26)}` : undefined),
      apply: async (tx, _block, logs) => {
        for (const log of logs) {
          await tx.query(
            "INSERT INTO tally VALUES ($1, $2, 1) ON CONFLICT (contract, topic) DO UPDATE SET count = tally.count + 1",
            [log.address, log.topics[1]],
          );
        }
      },
      committed: (outcome) => this.outcomes.push(outcome),
    };
    this.end = runProjection({
      store,
      projection,
      reader: createChainReader(createChainClient({ chainId: 31337, rpcUrl })),
      chainId: 31337,
      fromBlock,
      clock: systemClock,
      log: silent,
      signal: this.aborting.signal,
      pollMs: 20,
      ...(stepBlocks === undefined ? {} : { stepBlocks }),
    });
  }

  async tally(): Promise<string[]> {
    const { rows } = await this.pool.query<{ line: string }>(
      "SELECT right(contract, 4) || ':' || right(topic, 2) || '=' || count AS line FROM following.tally ORDER BY 1",
    );
    return rows.map(({ line }) => line);
  }

  async until(condition: () => Promise<boolean> | boolean): Promise<void> {
    const endMs = Date.now() + 15_000;
    while (!(await condition())) {
      if (Date.now() > endMs) throw new Error("what was awaited did not happen within 15 s");
      await systemClock.sleep(20);
    }
  }

  /** Resolves once the head of the chain is taken in. */
  async caughtUp(): Promise<void> {
    await this.until(async () => {
      const latest = await chain.client.getBlock({ blockTag: "latest" });
      const { rows } = await this.pool.query<{ hash: string }>(
        "SELECT hash FROM following.block ORDER BY number DESC LIMIT 1",
      );
      return rows[0]?.hash === latest.hash;
    });
  }

  async stop(): Promise<ProjectionEnd> {
    this.aborting.abort();
    return this.end;
  }
}

const topicOfFound = toEventSelector(found);
let journal: Hex;
let fromBlock: bigint;
let pool: pg.Pool;
let running: Running | undefined;

async function start(options: { rpcUrl?: string; stepBlocks?: bigint } = {}): Promise<Running> {
  const store = await ProjectionStore.open({
    pool,
    schema: "following",
    chainId: 31337,
    fromBlock,
    migrations: [counting],
  });
  running = new Running(pool, store, journal, fromBlock, options.rpcUrl ?? chain.chain.rpcUrl, options.stepBlocks);
  return running;
}

const count = (what: number, to: Hex = journal): Promise<void> =>
  chain.record(to, counted, { what: BigInt(what), amount: 1n });
const mine = (blocks: number): Promise<unknown> => chain.rpc("anvil_mine", `0x${blocks.toString(16)}`);

beforeEach(async () => {
  fromBlock = (await chain.client.getBlockNumber()) + 1n;
  journal = await chain.deployJournal();
  ({ pool } = await postgres.createDatabase());
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

describe("following a chain into a projection", () => {
  it("iDA-001: given history and a range limit of the node, it backfills, goes on live, and proves every head", async () => {
    for (const what of [1, 2, 1]) await count(what);
    await mine(30);
    const limited = await startWithholdingRpc(chain.chain.rpcUrl);
    try {
      limited.limitRange(4);
      const following = await start({ rpcUrl: limited.url });
      await following.caughtUp();
      await count(2);
      await following.caughtUp();
      expect(await following.tally()).toEqual([`${journal.slice(-4)}:01=2`, `${journal.slice(-4)}:02=2`]);
      expect(limited.refused()).toBeGreaterThan(0);
      const { rows } = await pool.query("SELECT events, unproved_since, head FROM following.journal");
      expect(rows).toEqual([
        {
          events: "4",
          unproved_since: null,
          head: await chain.client.readContract({
            address: journal,
            abi: [
              {
                type: "function",
                name: "journalHead",
                inputs: [],
                outputs: [{ type: "bytes32" }],
                stateMutability: "view",
              },
            ],
            functionName: "journalHead",
          }),
        },
      ]);
    } finally {
      await running?.stop();
      await limited.stop();
    }
  });

  it("iDA-003: given a contract that logged before it was registered, when it is registered, it takes in all its logs", async () => {
    const late = await chain.deployJournal();
    await count(7, late);
    await count(1);
    const following = await start();
    await following.caughtUp();
    expect(await following.tally()).toEqual([`${journal.slice(-4)}:01=1`]);
    await chain.record(journal, found, { contract_: late });
    await count(7, late);
    await following.caughtUp();
    expect(await following.tally()).toContain(`${late.slice(-4)}:07=2`);
  });

  it("iDA-002: given blocks that a reorg replaces, it takes back exactly what they changed, and their discoveries", async () => {
    await count(1);
    const late = await chain.deployJournal();
    await count(9, late);
    const following = await start();
    await following.caughtUp();
    const before = await following.tally();
    const snapshot = await chain.rpc("evm_snapshot");
    await count(1);
    await chain.record(journal, found, { contract_: late }); // two blocks: no deeper than what the node has not finalized
    await following.until(async () => (await following.tally()).includes(`${late.slice(-4)}:09=1`));
    expect(await following.tally()).toContain(`${journal.slice(-4)}:01=2`);
    await chain.rpc("evm_revert", snapshot);
    await mine(6); // a longer chain, without any of it
    await following.caughtUp();
    expect(await following.tally()).toEqual(before);
    expect(following.outcomes.some(({ kind }) => kind === "reorg")).toBe(true);
    expect((await pool.query("SELECT contract FROM following.journal")).rows).toEqual([{ contract: journal }]);
    await count(1);
    await following.caughtUp();
    expect(await following.tally()).toEqual([`${journal.slice(-4)}:01=2`]);
  });

  it("given anvil_reorg with other transactions in it, it ends where a projection from scratch ends", async () => {
    await count(1);
    await mine(3);
    await count(2);
    const following = await start();
    await following.caughtUp();
    await chain.rpc("anvil_reorg", 1, []);
    await count(3);
    await following.caughtUp();
    const followed = await following.tally();
    await following.stop();
    await dropProjection(pool, "following");
    const scratch = await start();
    await scratch.caughtUp();
    expect(await scratch.tally()).toEqual(followed);
  });

  it("given a restart, it goes on from its checkpoint without counting anything twice", async () => {
    await count(1);
    await (await start()).caughtUp();
    await running?.stop();
    await count(1);
    const again = await start();
    await again.caughtUp();
    expect(await again.tally()).toEqual([`${journal.slice(-4)}:01=2`]);
  });

  it("iDA-001: given a node that withholds one log, it commits nothing of that block, says so, and goes on once the log appears", async () => {
    await count(1);
    const lying = await startWithholdingRpc(chain.chain.rpcUrl);
    try {
      const following = await start({ rpcUrl: lying.url });
      await following.caughtUp();
      lying.withhold((log) => String((log["topics"] as string[])[1]).endsWith("2"));
      await count(2);
      await following.until(() => following.outcomes.some(({ kind }) => kind === "trouble"));
      expect(lying.withheld()).toBeGreaterThan(0);
      const last = following.outcomes.at(-1);
      expect(last?.kind === "trouble" && last.trouble.code).toBe("JournalMismatch");
      expect(await following.tally()).toEqual([`${journal.slice(-4)}:01=1`]);
      expect((await pool.query("SELECT trouble_code FROM following.checkpoint")).rows).toEqual([
        { trouble_code: "JournalMismatch" },
      ]);
      lying.withhold(undefined);
      await following.caughtUp();
      expect(await following.tally()).toEqual([`${journal.slice(-4)}:01=1`, `${journal.slice(-4)}:02=1`]);
      expect((await pool.query("SELECT trouble_code FROM following.checkpoint")).rows).toEqual([
        { trouble_code: null },
      ]);
    } finally {
      await running?.stop();
      await lying.stop();
    }
  });

  it("iDA-004: given a history that no longer has the finalized block, it halts and does not touch what it has", async () => {
    const snapshot = await chain.rpc("evm_snapshot");
    await count(1);
    await mine(20);
    const following = await start();
    await following.caughtUp();
    const before = await following.tally();
    await chain.rpc("evm_revert", snapshot);
    await mine(40);
    const end = await following.end;
    expect(end).toMatchObject({ ended: "halted", trouble: { code: "ReorgBelowFinalized" } });
    expect(await following.tally()).toEqual(before);
  });
});

describe("a projection's own rules", () => {
  it("iDA-005: given a write outside of a block, it refuses", async () => {
    await (await start()).caughtUp();
    await expect(pool.query("INSERT INTO following.tally VALUES ('x', 'y', 1)")).rejects.toThrow("outside of a block");
  });

  it("given another chain or another first block, it refuses to go on", async () => {
    await start();
    await running?.stop();
    const other = ProjectionStore.open({ pool, schema: "following", chainId: 1, fromBlock, migrations: [counting] });
    await expect(other).rejects.toMatchObject({ code: "ProjectionOfAnotherChain" });
  });

  it("given a migration that changed after it was applied, it refuses", async () => {
    await start();
    await running?.stop();
    const changed = { ...counting, sql: `${counting.sql} -- changed` };
    const again = ProjectionStore.open({ pool, schema: "following", chainId: 31337, fromBlock, migrations: [changed] });
    await expect(again).rejects.toMatchObject({ code: "MigrationChanged" });
    expect(migrationFrom(new URL("../../src/chain/projection/base.sql", import.meta.url)).name).toBe(
      "projection/base.sql",
    );
  });
});
