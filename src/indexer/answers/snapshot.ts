import type pg from "pg";
import type { BlockRefAnswer } from "../../core/api/primitives.ts";
import type { Hex } from "../../core/hex.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { columnOf } from "../rows/column-names.ts";
import type { Entities, EntityName } from "../fold/rows.ts";
import { rowOf } from "../rows/row-table.ts";
import { exactTypes } from "../rows/sql-types.ts";
import { organizationSchema } from "../organization-projection.ts";

/** A row with its id. */
export type Identified<E extends EntityName> = Entities[E] & { readonly id: string };

/** The database as of one block: everything read through it belongs together. */
export class Snapshot {
  readonly at: BlockRefAnswer;
  private readonly tx: pg.PoolClient;

  constructor(at: BlockRefAnswer, tx: pg.PoolClient) {
    this.at = at;
    this.tx = tx;
  }

  async query<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const { rows } = await this.tx.query({ text, values: [...values], types: exactTypes });
    return rows as R[];
  }

  /** Rows of `entity`; `clause` is SQL after the table's name. */
  async rows<E extends EntityName>(entity: E, clause = "", values: readonly unknown[] = []): Promise<Identified<E>[]> {
    const found = await this.query<Record<string, unknown> & { id: string }>(
      `SELECT * FROM ${columnOf(entity)} ${clause}`,
      values,
    );
    return found.map((columns) => ({ ...rowOf(entity, columns), id: columns.id }));
  }
}

/** Reads at the head of the projection. @throws {MandateError} `NotIndexedYet` before the first block. */
export async function atHead<T>(pool: pg.Pool, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path TO ${organizationSchema}`,
    );
    const { rows } = await client.query<{ number: number; hash: Hex; timestamp: number }>({
      text: "SELECT number, hash, timestamp FROM block ORDER BY number DESC LIMIT 1",
      types: exactTypes,
    });
    const head = rows[0];
    if (head === undefined) {
      throw new MandateError("NotIndexedYet", "the indexer has not taken in a block yet", {
        kind: "retry",
        remedy: "Ask again shortly.",
      });
    }
    const answer = await read(new Snapshot(head, client));
    await client.query("COMMIT");
    return answer;
  } catch (thrown) {
    await client.query("ROLLBACK").catch((error: unknown) => {
      broken = error instanceof Error ? error : new Error(String(error)); // a dead connection is not handed on
    });
    throw thrown;
  } finally {
    client.release(broken);
  }
}
