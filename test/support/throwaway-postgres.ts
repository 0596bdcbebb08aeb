import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "../../src/stack/ports.ts";
import { startPostgres } from "../../src/stack/postgres.ts";

export interface ThrowawayPostgres {
  /** Connection string of the cluster's owner. */
  readonly ownerUrl: string;
  /** A new, empty database, as a pool of its owner's connections. */
  createDatabase(): Promise<{ readonly url: string; readonly pool: pg.Pool }>;
  stop(): Promise<void>;
}

/** A real PostgreSQL in a temporary directory. */
export async function startThrowawayPostgres(): Promise<ThrowawayPostgres> {
  const directory = mkdtempSync(join(tmpdir(), "mandate-postgres-"));
  const server = await startPostgres({ port: await freePort(), directory });
  const owner = new pg.Pool({ connectionString: server.ownerUrl, max: 2 });
  const pools: pg.Pool[] = [owner];
  let databases = 0;
  return {
    ownerUrl: server.ownerUrl,
    async createDatabase() {
      const name = `test_${++databases}`;
      await owner.query(`CREATE DATABASE ${name}`);
      const url = server.ownerUrl.replace(/\/postgres$/, `/${name}`);
      const pool = new pg.Pool({ connectionString: url, max: 5 });
      pool.on("error", () => {}); // idle connections end with the server, whose stop is what a test wants
      pools.push(pool);
      return { url, pool };
    },
    async stop() {
      await Promise.all(pools.map((pool) => pool.end()));
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
