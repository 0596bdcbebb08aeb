import type pg from "pg";
import type { Change, Entities, EntityName, RowRef, Rows } from "../fold/rows.ts";
import { columnOf, fieldOf } from "./column-names.ts";
import { exactTypes } from "./sql-types.ts";

/** A row of `entity` as the database gives it. */
export function rowOf<E extends EntityName>(_entity: E, columns: Readonly<Record<string, unknown>>): Entities[E] {
  const fields = Object.entries(columns).filter(([column]) => column !== "id");
  return Object.fromEntries(fields.map(([column, value]) => [fieldOf(column), value])) as unknown as Entities[E];
}

/** Rows by entity and id, as far as they were loaded, with what was changed since. */
export class LoadedRows implements Rows {
  private readonly loaded = new Map<string, unknown>();
  private readonly changes = new Map<string, Change>();

  private keyOf(entity: EntityName, id: string): string {
    return `${entity} ${id}`;
  }

  get<E extends EntityName>(entity: E, id: string): Entities[E] | undefined {
    return this.loaded.get(this.keyOf(entity, id)) as Entities[E] | undefined;
  }

  /** Whether it is known what stands at `ref`, a row or nothing. */
  has(ref: RowRef): boolean {
    return this.loaded.has(this.keyOf(ref.entity, ref.id));
  }

  /** Remembers what the database holds at `ref`. */
  load(ref: RowRef, row: unknown): void {
    this.loaded.set(this.keyOf(ref.entity, ref.id), row);
  }

  change(change: Change): void {
    const key = this.keyOf(change.entity, change.id);
    this.loaded.set(key, change.row);
    this.changes.set(key, change);
  }

  /** The last state of every changed row. */
  changed(): readonly Change[] {
    return [...this.changes.values()];
  }
}

/** Loads the rows at `refs` that are not loaded yet: one statement an entity. */
export async function loadRows(tx: pg.PoolClient, rows: LoadedRows, refs: readonly RowRef[]): Promise<void> {
  const missing = refs.filter((ref) => !rows.has(ref));
  for (const [entity, each] of Map.groupBy(missing, (ref) => ref.entity)) {
    for (const ref of each) rows.load(ref, undefined);
    const { rows: found } = await tx.query<Record<string, unknown> & { id: string }>({
      text: `SELECT * FROM ${columnOf(entity)} WHERE id = ANY ($1::text[])`,
      values: [[...new Set(each.map(({ id }) => id))]],
      types: exactTypes,
    });
    for (const columns of found) rows.load({ entity, id: columns.id }, rowOf(entity, columns));
  }
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? each.toString() : each));
}

/** Writes the rows: one statement an entity. */
export async function writeRows(tx: pg.PoolClient, changes: readonly Change[]): Promise<void> {
  for (const [entity, each] of Map.groupBy(changes, (change) => change.entity)) {
    const table = columnOf(entity);
    const documents = each.map(({ id, row }) => ({
      id,
      ...Object.fromEntries(Object.entries(row).map(([field, value]) => [columnOf(field), value])),
    }));
    const assignments = Object.keys(documents[0] ?? {})
      .filter((column) => column !== "id")
      .map((column) => `${column} = excluded.${column}`);
    await tx.query(
      `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)
       ON CONFLICT (id) DO UPDATE SET ${assignments.join(", ")}`,
      [jsonOf(documents)],
    );
  }
}
