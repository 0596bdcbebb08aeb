import type pg from "pg";
import { dataTarget } from "../../core/data-action.ts";

/** Most resources that one call registers: it runs between two blocks. */
const BATCH = 1_000;

/** Gives new rows the address by which the authority knows them. Until then nobody can read them. @returns how many. */
export async function registerResources(owner: pg.Pool): Promise<number> {
  const { rows } = await owner.query<{ uri: string }>("SELECT uri FROM acl.unregistered LIMIT $1", [BATCH]);
  if (rows.length === 0) return 0;
  const uris = rows.map(({ uri }) => uri);
  await owner.query(
    `WITH registered AS (
       INSERT INTO acl.resource SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT (uri) DO NOTHING
     ) DELETE FROM acl.unregistered WHERE uri = ANY ($1)`,
    [uris, uris.map(dataTarget)],
  );
  return uris.length;
}

/** A row of the example table. */
export interface DataRecord {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

/** Writes rows of the example table, as its owner. */
export async function putRecords(owner: pg.Pool, records: readonly DataRecord[]): Promise<void> {
  for (const { id, title, body } of records) {
    await owner.query(
      `INSERT INTO data.records (id, title, body) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET title = excluded.title, body = excluded.body`,
      [id, title, body],
    );
  }
}
