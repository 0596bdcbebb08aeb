import { readFileSync } from "node:fs";
import type pg from "pg";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { keccak256Text } from "../../core/keccak.ts";

/** A step of a schema's history; once applied anywhere, its text stays as it is. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The migration that a `.sql` file holds; its name is the file's. */
export function migrationFrom(url: URL): Migration {
  return { name: url.pathname.split("/").slice(-2).join("/"), sql: readFileSync(url, "utf8") };
}

/** What every projection's schema starts with: checkpoint, blocks, journals, undo. */
export const baseMigration: Migration = migrationFrom(new URL("base.sql", import.meta.url));

/** Advisory lock that keeps two processes from migrating at once. */
const MIGRATION_LOCK = 0x6d616e64;

/**
 * Brings `schema` to the end of `migrations`, each in the one transaction, and refuses a schema whose history differs.
 * @throws {MandateError} `MigrationChanged`, `MigrationUnknown`.
 */
export async function migrate(pool: pg.Pool, schema: string, migrations: readonly Migration[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${client.escapeIdentifier(schema)}`);
    await client.query("SELECT set_config('search_path', $1, true)", [client.escapeIdentifier(schema)]);
    await client.query(
      "CREATE TABLE IF NOT EXISTS migration (place int PRIMARY KEY, name text NOT NULL, hash text NOT NULL)",
    );
    const { rows } = await client.query<{ place: number; name: string; hash: string }>(
      "SELECT * FROM migration ORDER BY place",
    );
    const beyond = rows[migrations.length];
    if (beyond !== undefined) {
      throw new MandateError(
        "MigrationUnknown",
        `the database has migration ${beyond.name}, which this version does not know`,
        {
          kind: "environment",
          data: { schema, name: beyond.name },
          remedy: "Use the version that wrote the database, or a newer one.",
        },
      );
    }
    for (const [place, migration] of migrations.entries()) {
      const hash = keccak256Text(migration.sql);
      const applied = rows[place];
      if (applied === undefined) {
        await client.query(migration.sql);
        await client.query("INSERT INTO migration VALUES ($1, $2, $3)", [place, migration.name, hash]);
      } else if (applied.hash !== hash) {
        throw new MandateError(
          "MigrationChanged",
          `migration ${migration.name} differs from the one the database was made with`,
          {
            kind: "environment",
            data: { schema, name: migration.name, applied: applied.hash, known: hash },
            remedy: "A projection can be rebuilt from the chain: run again with --rebuild.",
          },
        );
      }
    }
    await client.query("COMMIT");
  } catch (thrown) {
    await client.query("ROLLBACK");
    throw thrown;
  } finally {
    client.release();
  }
}
