import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { openPool } from "../../src/chain/hosting/open-pool.ts";
import { freePort } from "../../src/stack/ports.ts";
import { removeCluster } from "../../src/stack/postgres-program.ts";
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
  const server = await startPostgres({ port: await freePort(), directory, throwaway: true });
  // Connections may end with the server, whose stop is what a test wants.
  const connect = (url: string): pg.Pool => openPool({ url, name: "test", connections: 5, onLost: () => {} });
  const owner = connect(server.ownerUrl);
  const pools: pg.Pool[] = [owner];
  let databases = 0;
  return {
    ownerUrl: server.ownerUrl,
    async createDatabase() {
      const name = `test_${++databases}`;
      await owner.query(`CREATE DATABASE ${name}`);
      const url = server.ownerUrl.replace(/\/postgres$/, `/${name}`);
      const pool = connect(url);
      pools.push(pool);
      return { url, pool };
    },
    async stop() {
      await Promise.all(pools.map((pool) => pool.end()));
      await server.stop();
      removeCluster(directory);
    },
  };
}
