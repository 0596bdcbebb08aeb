import type { Change, Entities, EntityName, State } from "./rows.ts";

/** Rows in memory, by kind. */
export class MemoryState implements State {
  private readonly kinds = new Map<EntityName, Map<string, unknown>>();

  get<E extends EntityName>(entity: E, id: string): Entities[E] | undefined {
    return this.kinds.get(entity)?.get(id) as Entities[E] | undefined;
  }

  all<E extends EntityName>(entity: E): Iterable<readonly [id: string, row: Entities[E]]> {
    return (this.kinds.get(entity) ?? new Map<string, unknown>()) as Map<string, Entities[E]>;
  }

  apply(changes: Iterable<Change>): void {
    for (const { entity, id, row } of changes) {
      const rows = this.kinds.get(entity) ?? new Map<string, unknown>();
      this.kinds.set(entity, rows);
      if (row === null) rows.delete(id);
      else rows.set(id, row);
    }
  }
}
