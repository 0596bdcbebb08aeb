import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { canonicalText } from "../../core/documents/document-hash.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";

export const statementKinds = ["commitment", "observation", "proposal", "prepare", "commit", "report"] as const;

/** What an operator may state once: per epoch, kind and view, for one contract on one chain. */
export interface StatementSlot {
  readonly epoch: number;
  readonly kind: (typeof statementKinds)[number];
  /** For a commitment and an observation, how many other closing blocks were observed in the epoch before; 0 for a report. */
  readonly view: number;
}

export type Claim =
  | { readonly granted: true }
  /**
   * What was asked for must not be signed: another digest holds the slot, or, where `held` is null, a database that was imported covers
   * the epoch without it.
   */
  | { readonly granted: false; readonly held: Hex | null };

export interface Statement extends StatementSlot {
  readonly digest: Hex;
  /** The stated content, parsed from JSON; null where the statement was imported. */
  readonly content: unknown;
}

/** Everything that was stated, for another machine. */
export interface StatementHistory {
  /** At and below this epoch nothing may be stated but what `statements` lists. */
  readonly watermark: number;
  readonly statements: readonly (StatementSlot & { readonly digest: Hex })[];
}

/**
 * The signing database: what this operator has stated, on disk *before* any signature of it leaves. A second, different
 * statement for a slot is refused, for ever and across restarts; the same one again is granted again.
 */
export interface StatementDatabase {
  claim(slot: StatementSlot, digest: Hex, content: unknown): Claim;
  statements(epoch: number): readonly Statement[];
  /** How many statements it holds. */
  count(): number;
  history(): StatementHistory;
  /**
   * Adds another machine's history of the same operator, all of it or nothing, and afterwards grants nothing at or below its watermark that it
   * does not list. The same again changes nothing.
   * @returns How many statements were new.
   * @throws {MandateError} `InterchangeContradicts` where the two machines stated different things.
   */
  merge(history: StatementHistory): number;
  close(): void;
}

const statementTable = `
  CREATE TABLE IF NOT EXISTS statement (
    chain_id INTEGER NOT NULL,
    contract TEXT NOT NULL,
    operator TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (${statementKinds.map((kind) => `'${kind}'`).join(", ")})),
    view INTEGER NOT NULL,
    digest TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (chain_id, contract, operator, epoch, kind, view)
  ) STRICT`;

const watermarkTable = `
  CREATE TABLE IF NOT EXISTS watermark (
    chain_id INTEGER NOT NULL,
    contract TEXT NOT NULL,
    operator TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    PRIMARY KEY (chain_id, contract, operator)
  ) STRICT`;

/** Content of a statement that was imported: what was said is not known, only that nothing else may be. */
const IMPORTED = "null";

const hex = z.string().transform((text) => text as Hex);
const digestRow = z.object({ digest: hex });
const textRow = z.object({ text: z.string() });
const numberRow = z.object({ number: z.number() });
const statementRow = z.object({
  epoch: z.number(),
  kind: z.enum(statementKinds),
  view: z.number(),
  digest: hex,
  content: z.string().transform((text): unknown => JSON.parse(text)),
});

/**
 * Creates the table of statements. One that was made before a kind existed refuses it, and SQLite changes no condition in place: the table is made anew
 * with everything in it, or stays as it is.
 */
function admitKinds(database: DatabaseSync): void {
  const row = database
    .prepare("SELECT sql AS text FROM sqlite_master WHERE type = 'table' AND name = 'statement'")
    .get();
  const made = row === undefined ? undefined : textRow.parse(row).text;
  if (made === undefined || statementKinds.every((kind) => made.includes(`'${kind}'`))) {
    database.exec(statementTable);
    return;
  }
  database.exec(
    `BEGIN IMMEDIATE; ALTER TABLE statement RENAME TO former_statement; ${statementTable};
     INSERT INTO statement SELECT * FROM former_statement; DROP TABLE former_statement; COMMIT`,
  );
}

/** Opens the database in `path` for one operator of one contract. */
export function openStatementDatabase(
  path: string,
  scope: { readonly chainId: number; readonly contract: Hex; readonly operator: Hex },
): StatementDatabase {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  // FULL: the write-ahead log is synced at each commit, so that a granted claim outlives a loss of power.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000");
  database.exec(watermarkTable);
  admitKinds(database);
  const key = [scope.chainId, scope.contract, scope.operator] as const;
  const insert = database.prepare("INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  const insertAbove = database.prepare(
    `INSERT INTO statement SELECT ?, ?, ?, ?, ?, ?, ?, ?
     WHERE NOT EXISTS (SELECT 1 FROM watermark WHERE chain_id = ? AND contract = ? AND operator = ? AND epoch >= ?) ON CONFLICT DO NOTHING`,
  );
  const select = database.prepare(
    "SELECT digest FROM statement WHERE chain_id = ? AND contract = ? AND operator = ? AND epoch = ? AND kind = ? AND view = ?",
  );
  const selectEpoch = database.prepare(
    "SELECT * FROM statement WHERE chain_id = ? AND contract = ? AND operator = ? AND epoch = ? ORDER BY view, kind",
  );
  const mine = "chain_id = ? AND contract = ? AND operator = ?";
  const selectAll = database.prepare(`SELECT * FROM statement WHERE ${mine} ORDER BY epoch, view, kind`);
  const countAll = database.prepare(`SELECT count(*) AS number FROM statement WHERE ${mine}`);
  const selectWatermark = database.prepare(
    `SELECT max(
       coalesce((SELECT epoch FROM watermark WHERE ${mine}), 0),
       coalesce((SELECT max(epoch) FROM statement WHERE ${mine}), 0)
     ) AS number`,
  );
  const raise = database.prepare(
    "INSERT INTO watermark VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET epoch = max(epoch, excluded.epoch)",
  );
  const heldAt = ({ epoch, kind, view }: StatementSlot): Hex | null => {
    const row = select.get(...key, epoch, kind, view);
    return row === undefined ? null : digestRow.parse(row).digest;
  };
  return {
    claim(slot, digest, content) {
      const { epoch, kind, view } = slot;
      insertAbove.run(...key, epoch, kind, view, digest, canonicalText(content), ...key, epoch);
      const held = heldAt(slot);
      return held === digest ? { granted: true } : { granted: false, held };
    },
    statements: (epoch) => selectEpoch.all(...key, epoch).map((row) => statementRow.parse(row)),
    count: () => numberRow.parse(countAll.get(...key)).number,
    history: () => ({
      watermark: numberRow.parse(selectWatermark.get(...key, ...key)).number,
      statements: selectAll.all(...key).map((row) => {
        const { epoch, kind, view, digest } = statementRow.parse(row);
        return { epoch, kind, view, digest };
      }),
    }),
    merge({ watermark, statements }) {
      const before = numberRow.parse(countAll.get(...key)).number;
      database.exec("BEGIN IMMEDIATE");
      try {
        for (const statement of statements) {
          const { epoch, kind, view, digest } = statement;
          insert.run(...key, epoch, kind, view, digest, IMPORTED);
          const held = heldAt(statement);
          if (held !== digest) throw contradiction(statement, held);
        }
        raise.run(...key, watermark);
        database.exec("COMMIT");
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
      return numberRow.parse(countAll.get(...key)).number - before;
    },
    close: () => database.close(),
  };
}

function contradiction({ epoch, kind, view, digest }: StatementSlot & { digest: Hex }, held: Hex | null): MandateError {
  return new MandateError(
    "InterchangeContradicts",
    `the file has ${digest} as the ${kind} of epoch ${epoch}, view ${view}; this database has ${held ?? "nothing"}`,
    {
      kind: "refused",
      data: { epoch, kind, view, file: digest, held },
      remedy:
        "This key has signed on two machines. Nothing was changed; keep both files as evidence and ask the other operators.",
    },
  );
}
