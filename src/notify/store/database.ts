import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MandateError } from "../../core/errors/mandate-error.ts";

const schema = `
  -- One row: whose history this is, and what stands in the way of relying on it.
  CREATE TABLE IF NOT EXISTS origin (
    single INTEGER PRIMARY KEY CHECK (single = 1),
    chain_id INTEGER NOT NULL,
    authority TEXT NOT NULL,
    from_block INTEGER NOT NULL,
    trouble TEXT
  ) STRICT;
  -- The last final block, and every block since. The highest is the head.
  CREATE TABLE IF NOT EXISTS block (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    final INTEGER NOT NULL
  ) STRICT;
  -- What the events fold to, as JSON; the journals of the contracts are rows too.
  CREATE TABLE IF NOT EXISTS row (
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (entity, id)
  ) STRICT, WITHOUT ROWID;
  -- Rows as they were before blocks that may still be taken back; null where there was none.
  CREATE TABLE IF NOT EXISTS undo (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    block INTEGER NOT NULL,
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT
  ) STRICT;
  -- What was or has to be sent. Never deleted before it has ended, whatever the chain does.
  CREATE TABLE IF NOT EXISTS delivery (
    id TEXT PRIMARY KEY,
    notice_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    notice TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'withdrawn', 'expired')),
    queued_at_ms INTEGER NOT NULL,
    next_attempt_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    ended_at_ms INTEGER,
    last_error TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS delivery_queue ON delivery (channel, status, next_attempt_ms);
  CREATE INDEX IF NOT EXISTS delivery_notice ON delivery (notice_id);`;

/**
 * Opens the service's database, creating it where there is none. Every commit is on disk when it returns: what was queued or
 * marked sent stays so whatever happens to the process.
 * @throws {MandateError} `DatabaseOfAnotherChain`, `DatabaseInUse`.
 */
export function openNotifyDatabase(
  path: string,
  origin: { readonly chainId: number; readonly authority: string; readonly fromBlock: bigint },
): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  try {
    // Exclusive: a second process on the same outbox would send everything twice.
    database.exec("PRAGMA busy_timeout = 2000; PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    database.exec(schema);
    const authority = origin.authority.toLowerCase();
    database
      .prepare(
        "INSERT INTO origin (single, chain_id, authority, from_block) VALUES (1, ?, ?, ?) ON CONFLICT DO NOTHING",
      )
      .run(origin.chainId, authority, origin.fromBlock);
    const kept = database.prepare("SELECT chain_id, authority, from_block FROM origin").get();
    const isSame =
      kept?.["chain_id"] === origin.chainId &&
      kept["authority"] === authority &&
      kept["from_block"] === Number(origin.fromBlock);
    if (!isSame) {
      throw new MandateError(
        "DatabaseOfAnotherChain",
        `${path} follows the authority ${String(kept?.["authority"])} on chain ${String(kept?.["chain_id"])}, not ${authority} on chain ${origin.chainId}`,
        { kind: "environment", remedy: "Name another file as `database`, or move this one away." },
      );
    }
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) {
      throw new MandateError("DatabaseInUse", `another process uses ${path}`, {
        kind: "environment",
        cause: error,
        remedy: "End it, or ask it for its status: mandate notify status.",
      });
    }
    throw error;
  }
}

/** Everything that `work` writes, or nothing. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
