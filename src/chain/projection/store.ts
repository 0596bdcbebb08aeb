import type pg from "pg";
import type { Hex } from "../../core/hex.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { BlockHeader, BlockRef } from "../follow/block.ts";
import type { Checkpoint } from "../follow/follow.ts";
import type { Journal } from "./advance-journals.ts";
import { baseMigration, migrate, type Migration } from "./migrate.ts";
import type { ProjectionTarget, Step, Trouble } from "./projection-target.ts";

export interface StoreOptions {
  readonly pool: pg.Pool;
  readonly schema: string;
  readonly chainId: number;
  readonly fromBlock: bigint;
  /** What the schema holds beyond the base of every projection. */
  readonly migrations: readonly Migration[];
}

/** A projection's schema in PostgreSQL: where it stands, and transactions that follow the chain. */
export class ProjectionStore implements ProjectionTarget<pg.PoolClient> {
  readonly pool: pg.Pool;
  readonly schema: string;

  private constructor(pool: pg.Pool, schema: string) {
    this.pool = pool;
    this.schema = schema;
  }

  /** @throws {MandateError} `ProjectionOfAnotherChain`, `MigrationChanged`, `MigrationUnknown`. */
  static async open(options: StoreOptions): Promise<ProjectionStore> {
    const { pool, schema, chainId, fromBlock } = options;
    await migrate(pool, schema, [baseMigration, ...options.migrations]);
    const store = new ProjectionStore(pool, schema);
    await store.transaction(async (tx) => {
      await tx.query("INSERT INTO checkpoint (chain_id, from_block) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
        chainId,
        fromBlock,
      ]);
      const { rows } = await tx.query<{ chain_id: string; from_block: string }>(
        "SELECT chain_id, from_block FROM checkpoint",
      );
      const kept = rows[0];
      if (Number(kept?.chain_id) !== chainId || BigInt(kept?.from_block ?? -1) !== fromBlock) {
        throw new MandateError(
          "ProjectionOfAnotherChain",
          `the schema ${schema} follows chain ${kept?.chain_id} from block ${kept?.from_block}, not chain ${chainId} from ${fromBlock}`,
          { kind: "environment", remedy: "Use another database, or rebuild from the chain (--rebuild)." },
        );
      }
    });
    return store;
  }

  /** One transaction with the schema as search path. */
  async transaction<T>(work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      // Nothing is lost where the last commits are: the chain is the record, and a projection resumes from what it has.
      await client.query(
        `BEGIN; SET LOCAL synchronous_commit TO off; SET LOCAL search_path TO ${client.escapeIdentifier(this.schema)}`,
      );
      const result = await work(client);
      await client.query("COMMIT");
      return result;
    } catch (thrown) {
      await client.query("ROLLBACK").catch((error: unknown) => {
        broken = error instanceof Error ? error : new Error(String(error)); // a dead connection is not handed on
      });
      throw thrown;
    } finally {
      client.release(broken);
    }
  }

  async checkpoint(): Promise<Checkpoint | undefined> {
    return this.transaction(async (tx) => {
      const blocks = await tx.query<{ number: string; hash: Hex; final: boolean }>(
        "SELECT number, hash, final FROM block ORDER BY number",
      );
      const refs = blocks.rows.map(({ number, hash }): BlockRef => ({ number: BigInt(number), hash }));
      const lastFinal = blocks.rows.findLastIndex(({ final }) => final);
      const finalized = refs[lastFinal];
      if (finalized === undefined) return undefined;
      const found = await tx.query<{ contract: Hex; found_at: string }>("SELECT contract, found_at FROM journal");
      return {
        finalized,
        recent: refs.slice(lastFinal + 1),
        watched: new Map(found.rows.map(({ contract, found_at }) => [contract, BigInt(found_at)])),
      };
    });
  }

  async journals(): Promise<Map<Hex, Journal>> {
    return this.transaction(async (tx) => {
      const { rows } = await tx.query<{ contract: Hex; head: Hex; events: string }>(
        "SELECT contract, head, events FROM journal",
      );
      return new Map(rows.map(({ contract, head, events }) => [contract, { head, events: BigInt(events) }]));
    });
  }

  async advance(step: Step, work: (tx: pg.PoolClient) => Promise<void>): Promise<void> {
    const { block, final } = step;
    await this.transaction(async (tx) => {
      await tx.query("SELECT set_config('mandate.block', $1, true)", [final ? "final" : block.number.toString()]);
      await tx.query("INSERT INTO block (number, hash, timestamp, final) VALUES ($1, $2, $3, $4)", [
        block.number,
        block.hash,
        block.timestamp,
        final,
      ]);
      if (final) await this.forgetBefore(tx, block.number);
      for (const [contract, { head, events }] of step.journals) {
        await tx.query(
          `INSERT INTO journal (contract, found_at, head, events) VALUES ($1, $2, $3, $4)
           ON CONFLICT (contract) DO UPDATE SET head = excluded.head, events = excluded.events`,
          [contract, block.number, head, events],
        );
      }
      await tx.query(
        step.proved
          ? "UPDATE journal SET unproved_since = NULL WHERE unproved_since IS NOT NULL"
          : "UPDATE journal SET unproved_since = (SELECT max(number) FROM block) WHERE unproved_since IS NULL",
      );
      await work(tx);
      await tx.query(
        `UPDATE checkpoint SET trouble_code = NULL, trouble_message = NULL, trouble_contract = NULL, trouble_since = NULL
         WHERE trouble_code IS NOT NULL`,
      );
    });
  }

  async rollBack(ancestor: BlockRef): Promise<void> {
    await this.transaction((tx) => tx.query("SELECT roll_back($1)", [ancestor.number]));
  }

  async finalize(block: BlockHeader): Promise<void> {
    await this.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO block (number, hash, timestamp, final) VALUES ($1, $2, $3, true)
         ON CONFLICT (number) DO UPDATE SET final = true`,
        [block.number, block.hash, block.timestamp],
      );
      await this.forgetBefore(tx, block.number);
    });
  }

  async setTrouble(trouble: Trouble): Promise<void> {
    await this.transaction((tx) =>
      tx.query(
        `UPDATE checkpoint SET trouble_message = $2, trouble_contract = $3, trouble_code = $1,
           trouble_since = CASE WHEN trouble_code = $1 THEN trouble_since ELSE clock_timestamp() END`,
        [trouble.code, trouble.message, trouble.contract ?? null],
      ),
    );
  }

  /** Drops what only blocks up to the final `number` would need. */
  private async forgetBefore(tx: pg.PoolClient, number: bigint): Promise<void> {
    await tx.query("DELETE FROM undo WHERE block <= $1", [number]);
    await tx.query("DELETE FROM block WHERE number < $1", [number]);
  }
}

/** Drops a projection's schema, so that the next start rebuilds it from the chain. */
export async function dropProjection(pool: pg.Pool, schema: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`DROP SCHEMA IF EXISTS ${client.escapeIdentifier(schema)} CASCADE`);
  } finally {
    client.release();
  }
}
