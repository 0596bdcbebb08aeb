import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { canonicalText } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";

/** What an operator may state once: per epoch, kind and view, for one contract on one chain. */
export interface StatementSlot {
  readonly epoch: number;
  readonly kind: "observation" | "proposal" | "prepare" | "commit" | "report";
  /** For an observation, how many other closing blocks were observed in the epoch before; 0 for a report. */
  readonly view: number;
}

export type Claim =
  | { readonly granted: true }
  /** Another digest holds the slot: what was asked for must not be signed. */
  | { readonly granted: false; readonly held: Hex };

export interface Statement extends StatementSlot {
  readonly digest: Hex;
  /** The stated content, parsed from JSON. */
  readonly content: unknown;
}

/**
 * The signing database: what this operator has stated, on disk *before* any signature of it leaves. A second, different
 * statement for a slot is refused, for ever and across restarts; the same one again is granted again.
 */
export interface StatementDatabase {
  claim(slot: StatementSlot, digest: Hex, content: unknown): Claim;
  statements(epoch: number): readonly Statement[];
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS statement (
    chain_id INTEGER NOT NULL,
    contract TEXT NOT NULL,
    operator TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('observation', 'proposal', 'prepare', 'commit', 'report')),
    view INTEGER NOT NULL,
    digest TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (chain_id, contract, operator, epoch, kind, view)
  ) STRICT`;

const hex = z.string().transform((text) => text as Hex);
const digestRow = z.object({ digest: hex });
const statementRow = z.object({
  epoch: z.number(),
  kind: z.enum(["observation", "proposal", "prepare", "commit", "report"]),
  view: z.number(),
  digest: hex,
  content: z.string().transform((text): unknown => JSON.parse(text)),
});

/** Opens the database in `path` for one operator of one contract. */
export function openStatementDatabase(
  path: string,
  scope: { readonly chainId: number; readonly contract: Hex; readonly operator: Hex },
): StatementDatabase {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  // FULL: the write-ahead log is synced at each commit, so that a granted claim outlives a loss of power.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000");
  database.exec(schema);
  const key = [scope.chainId, scope.contract, scope.operator] as const;
  const insert = database.prepare("INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  const select = database.prepare(
    "SELECT digest FROM statement WHERE chain_id = ? AND contract = ? AND operator = ? AND epoch = ? AND kind = ? AND view = ?",
  );
  const selectEpoch = database.prepare(
    "SELECT * FROM statement WHERE chain_id = ? AND contract = ? AND operator = ? AND epoch = ? ORDER BY view, kind",
  );
  return {
    claim(slot, digest, content) {
      insert.run(...key, slot.epoch, slot.kind, slot.view, digest, canonicalText(content));
      const held = digestRow.parse(select.get(...key, slot.epoch, slot.kind, slot.view)).digest;
      return held === digest ? { granted: true } : { granted: false, held };
    },
    statements: (epoch) => selectEpoch.all(...key, epoch).map((row) => statementRow.parse(row)),
    close: () => database.close(),
  };
}
