import type pg from "pg";
import { decodeEvent, type DecodedEvent } from "../chain/events/decode-event.ts";
import { registeredBy } from "../chain/events/registered-by.ts";
import type { BlockHeader, ChainLog } from "../chain/follow/block.ts";
import { migrationFrom } from "../chain/projection/migrate.ts";
import type { Projection, ProjectionOutcome } from "../chain/projection/run-projection.ts";
import type { Hex } from "../core/hex.ts";
import { foldEvent, readsOf } from "./fold/fold-event.ts";
import { recordEvents } from "./rows/record-events.ts";
import { LoadedRows, loadRows, writeRows } from "./rows/row-table.ts";

export const organizationSchema = "indexer";
export const organizationMigrations = [migrationFrom(new URL("schema/tables.sql", import.meta.url))];

/** Folds `events` over the rows in the database. */
export async function applyEvents(tx: pg.PoolClient, events: readonly DecodedEvent[]): Promise<void> {
  const rows = new LoadedRows();
  // What most events read can be told before any is folded; loading it at once saves a round trip for each.
  await loadRows(
    tx,
    rows,
    events.flatMap((event) => readsOf(rows, event)),
  );
  for (const event of events) {
    for (let refs = readsOf(rows, event); refs.some((ref) => !rows.has(ref)); refs = readsOf(rows, event)) {
      await loadRows(tx, rows, refs);
    }
    for (const change of foldEvent(rows, event)) rows.change(change);
  }
  await writeRows(tx, rows.changed());
  await recordEvents(tx, events);
}

/** The organization, projected from the logs of every contract that the authority registered. */
export function organizationProjection(options: {
  readonly authority: Hex;
  readonly committed: (outcome: ProjectionOutcome) => void;
}): Projection {
  const authority = options.authority.toLowerCase() as Hex;
  return {
    roots: [authority],
    discover: registeredBy(authority),
    apply: (tx: pg.PoolClient, _block: BlockHeader, logs: readonly ChainLog[]) =>
      applyEvents(tx, logs.map(decodeEvent)),
    committed: options.committed,
  };
}
