import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Hex } from "../../core/hex.ts";
import type { Attempt, Intent, IntentRecord, IntentStatus } from "./intent.ts";

/** Intents by what became of them; a mined one by whether it succeeded. */
export type TransactionCounts = Readonly<
  Record<"queued" | "pending" | "succeeded" | "reverted" | "expired" | "refused", number>
>;

/** The outbox on disk. Every write is durable when the call returns. */
export interface OutboxStore {
  /** Adds an intent; one whose id is known already is left as it is. */
  add(intent: Intent): void;
  get(id: string): IntentRecord | undefined;
  withStatus(...statuses: readonly IntentStatus[]): readonly IntentRecord[];
  update(
    id: string,
    change: Partial<Pick<IntentRecord, "status" | "nonce" | "minedBlock" | "succeeded" | "detail">>,
  ): void;
  /** Stores a signed attempt and, where it belongs to an intent, the nonce that this gives it: before it is sent. */
  addAttempt(attempt: Attempt): void;
  markSent(hash: Hex, sentAtMs: number): void;
  /** Attempts at a nonce, the latest last. */
  attemptsAt(nonce: number): readonly Attempt[];
  /** How many intents there are of each kind. */
  counts(): TransactionCounts;
  /** Nonces from `minimum` on for which there is an attempt. */
  occupied(minimum: number): readonly number[];
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS intent (
    id TEXT PRIMARY KEY,
    target TEXT NOT NULL,
    data TEXT NOT NULL,
    value TEXT NOT NULL,
    valid_until_seconds INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'pending', 'mined', 'settled', 'expired', 'refused')),
    nonce INTEGER,
    mined_block INTEGER,
    succeeded INTEGER,
    detail TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS intent_status ON intent (status);
  CREATE TABLE IF NOT EXISTS attempt (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    intent_id TEXT,
    nonce INTEGER NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('call', 'fill')),
    raw TEXT NOT NULL,
    max_fee_per_gas TEXT NOT NULL,
    max_priority_fee_per_gas TEXT NOT NULL,
    sent_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS attempt_nonce ON attempt (nonce);`;

const hex = z.string().transform((text) => text as Hex);
const integer = z.string().transform((text) => BigInt(text));

const intentRow = z
  .object({
    id: z.string(),
    target: hex,
    data: hex,
    value: integer,
    valid_until_seconds: z.number(),
    status: z.enum(["queued", "pending", "mined", "settled", "expired", "refused"]),
    nonce: z.number().nullable(),
    mined_block: z.number().nullable(),
    succeeded: z.number().nullable(),
    detail: z.string().nullable(),
  })
  .transform((row): IntentRecord => ({
    id: row.id,
    to: row.target,
    data: row.data,
    value: row.value,
    validUntilSeconds: row.valid_until_seconds,
    status: row.status,
    nonce: row.nonce,
    minedBlock: row.mined_block,
    succeeded: row.succeeded === null ? null : row.succeeded === 1,
    detail: row.detail,
  }));

const attemptRow = z
  .object({
    hash: hex,
    intent_id: z.string().nullable(),
    nonce: z.number(),
    purpose: z.enum(["call", "fill"]),
    raw: hex,
    max_fee_per_gas: integer,
    max_priority_fee_per_gas: integer,
    sent_at_ms: z.number(),
  })
  .transform((row): Attempt => ({
    hash: row.hash,
    intentId: row.intent_id,
    nonce: row.nonce,
    purpose: row.purpose,
    raw: row.raw,
    maxFeePerGas: row.max_fee_per_gas,
    maxPriorityFeePerGas: row.max_priority_fee_per_gas,
    sentAtMs: row.sent_at_ms,
  }));

const countRow = z.object({
  state: z.enum(["queued", "pending", "succeeded", "reverted", "expired", "refused"]),
  number: z.number(),
});

/** Opens the outbox in `path`, creating it where there is none. */
export function openOutboxStore(path: string): OutboxStore {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000");
  database.exec(schema);
  const insertIntent = database.prepare(
    `INSERT INTO intent (id, target, data, value, valid_until_seconds, status) VALUES (?, ?, ?, ?, ?, 'queued')
     ON CONFLICT DO NOTHING`,
  );
  const selectIntent = database.prepare("SELECT * FROM intent WHERE id = ?");
  // Every look at the chain asks for the few that are under way; those of years past are not read for it.
  const selectIntents = database.prepare(
    "SELECT * FROM intent INDEXED BY intent_status WHERE status IN (SELECT value FROM json_each(?)) ORDER BY rowid",
  );
  const updateIntent = database.prepare(
    "UPDATE intent SET status = ?, nonce = ?, mined_block = ?, succeeded = ?, detail = ? WHERE id = ?",
  );
  const insertAttempt = database.prepare(
    `INSERT INTO attempt (hash, intent_id, nonce, purpose, raw, max_fee_per_gas, max_priority_fee_per_gas, sent_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const updateSent = database.prepare("UPDATE attempt SET sent_at_ms = ? WHERE hash = ?");
  const selectAttempts = database.prepare("SELECT * FROM attempt WHERE nonce = ? ORDER BY number");
  const countIntents = database.prepare(
    `SELECT CASE WHEN status NOT IN ('mined', 'settled') THEN status WHEN succeeded = 1 THEN 'succeeded' ELSE 'reverted' END AS state,
       count(*) AS number FROM intent GROUP BY state`,
  );
  const selectNonces = database.prepare("SELECT DISTINCT nonce FROM attempt WHERE nonce >= ? ORDER BY nonce");

  const get = (id: string): IntentRecord | undefined => {
    const row = selectIntent.get(id);
    return row === undefined ? undefined : intentRow.parse(row);
  };
  const update: OutboxStore["update"] = (id, change) => {
    const known = get(id);
    if (known === undefined) throw new RangeError(`no intent ${id}`);
    const next = { ...known, ...change };
    const succeeded = next.succeeded === null ? null : Number(next.succeeded);
    updateIntent.run(next.status, next.nonce, next.minedBlock, succeeded, next.detail, id);
  };

  return {
    add: (intent) =>
      void insertIntent.run(intent.id, intent.to, intent.data, intent.value.toString(), intent.validUntilSeconds),
    get,
    withStatus: (...statuses) => selectIntents.all(JSON.stringify(statuses)).map((row) => intentRow.parse(row)),
    update,
    addAttempt(attempt) {
      database.exec("BEGIN IMMEDIATE");
      try {
        insertAttempt.run(
          attempt.hash,
          attempt.intentId,
          attempt.nonce,
          attempt.purpose,
          attempt.raw,
          attempt.maxFeePerGas.toString(),
          attempt.maxPriorityFeePerGas.toString(),
          attempt.sentAtMs,
        );
        if (attempt.intentId !== null) update(attempt.intentId, { status: "pending", nonce: attempt.nonce });
        database.exec("COMMIT");
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
    markSent: (hash, sentAtMs) => void updateSent.run(sentAtMs, hash),
    attemptsAt: (nonce) => selectAttempts.all(nonce).map((row) => attemptRow.parse(row)),
    counts: () => {
      const counts = { queued: 0, pending: 0, succeeded: 0, reverted: 0, expired: 0, refused: 0 };
      for (const row of countIntents.all()) {
        const { state, number } = countRow.parse(row);
        counts[state] = number;
      }
      return counts;
    },
    occupied: (minimum) => selectNonces.all(minimum).map((row) => z.object({ nonce: z.number() }).parse(row).nonce),
    close: () => database.close(),
  };
}
