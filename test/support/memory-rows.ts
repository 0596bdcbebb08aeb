import type { Change, Entities, EntityName, Rows } from "../../src/indexer/fold/rows.ts";

/** Rows in memory that can be taken back: the model against which the database's are held, and all that pure folds need. */
export class MemoryRows implements Rows {
  private readonly rows = new Map<string, unknown>();
  private readonly undo: { readonly key: string; readonly before: unknown }[] = [];

  get<E extends EntityName>(entity: E, id: string): Entities[E] | undefined {
    return this.rows.get(`${entity} ${id}`) as Entities[E] | undefined;
  }

  apply(changes: readonly Change[]): void {
    for (const { entity, id, row } of changes) {
      const key = `${entity} ${id}`;
      this.undo.push({ key, before: this.rows.get(key) });
      this.rows.set(key, row);
    }
  }

  /** A point to come back to. */
  mark(): number {
    return this.undo.length;
  }

  takeBackTo(mark: number): void {
    for (const { key, before } of this.undo.splice(mark).toReversed()) {
      if (before === undefined) this.rows.delete(key);
      else this.rows.set(key, before);
    }
  }

  rowsOf<E extends EntityName>(entity: E): Entities[E][] {
    return [...this.rows].filter(([key]) => key.startsWith(`${entity} `)).map(([, row]) => row as Entities[E]);
  }

  all(): ReadonlyMap<string, unknown> {
    return this.rows;
  }
}
