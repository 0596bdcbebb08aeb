import type pg from "pg";
import { toEventSelector } from "viem";
import type { BlockHeader, ChainLog, RawLog } from "../chain/follow/block.ts";
import { migrationFrom } from "../chain/projection/migrate.ts";
import type { Projection, ProjectionOutcome } from "../chain/projection/run-projection.ts";
import type { Hex } from "../core/hex.ts";
import { decodeEvent, type DecodedEvent } from "./events/decode-event.ts";
import { foldEvent, readsOf } from "./fold/fold-event.ts";
import { recordEvents } from "./rows/record-events.ts";
import { LoadedRows, loadRows, writeRows } from "./rows/row-table.ts";

export const organizationSchema = "indexer";
export const organizationMigrations = [migrationFrom(new URL("schema/tables.sql", import.meta.url))];

const contractRegistered = toEventSelector("ContractRegistered(address,bytes32,bytes32,bytes32,address)");

/** The contract that a log of the authority registers. Only the authority is believed: anybody can log this topic. Pure. */
export function registeredBy(authority: Hex): (log: RawLog) => Hex | undefined {
  return (log) => {
    const account = log.topics[1];
    if (log.address !== authority || log.topics[0] !== contractRegistered || account === undefined) return undefined;
    return `0x${account.slice(26)}`;
  };
}

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
