import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Hex } from "../../core/hex.ts";

/** What may be signed once: one milestone of one plan, again only after its proof was overturned. */
export interface SigningSlot {
  readonly chainId: number;
  readonly vault: Hex;
  readonly project: Hex;
  readonly milestone: number;
  readonly planVersion: number;
  /** How often the milestone's proof was overturned before. */
  readonly round: number;
}

/** Remembers, before a signature leaves, for which evidence it is. */
export interface SigningDatabase {
  /** Claims the slot for `evidence`, durably; answers the evidence that holds it, which may be another one. */
  claim(slot: SigningSlot, evidence: Hex, manifest: string): Hex;
  /** Canonical text of a manifest that was signed; undefined where it was signed from a store, which has it. */
  manifest(evidence: Hex): string | undefined;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS attestation (
    chain_id INTEGER NOT NULL,
    vault TEXT NOT NULL,
    project TEXT NOT NULL,
    milestone INTEGER NOT NULL,
    plan_version INTEGER NOT NULL,
    round INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    manifest TEXT NOT NULL,
    PRIMARY KEY (chain_id, vault, project, milestone, plan_version, round)
  ) STRICT`;

const evidenceRow = z.object({ evidence: z.string().transform((text) => text as Hex) });
const manifestRow = z.object({ manifest: z.string() });

/** Opens the database in `path`. A claim is on the disk when it returns: `synchronous = FULL`. */
export function openSigningDatabase(path: string): SigningDatabase {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000");
  database.exec(schema);
  const where = "chain_id = ? AND vault = ? AND project = ? AND milestone = ? AND plan_version = ? AND round = ?";
  const insert = database.prepare("INSERT INTO attestation VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  const select = database.prepare(`SELECT evidence FROM attestation WHERE ${where}`);
  const selectManifest = database.prepare(
    "SELECT manifest FROM attestation WHERE evidence = ? AND manifest <> '' LIMIT 1",
  );
  return {
    claim(slot, evidence, manifest) {
      const key = [slot.chainId, slot.vault, slot.project, slot.milestone, slot.planVersion, slot.round] as const;
      insert.run(...key, evidence, manifest);
      return evidenceRow.parse(select.get(...key)).evidence;
    },
    manifest(evidence) {
      const row = selectManifest.get(evidence);
      return row === undefined ? undefined : manifestRow.parse(row).manifest;
    },
    close: () => database.close(),
  };
}
