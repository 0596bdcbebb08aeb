import pg from "pg";
import { MandateError } from "../../core/errors/mandate-error.ts";

export interface PoolOptions {
  /** Undefined where neither the configuration nor the environment names one. */
  readonly url: string | undefined;
  /** As the server lists it. */
  readonly name: string;
  readonly connections: number;
  /** Told when a connection ends that nobody waits for. */
  readonly onLost: (error: Error) => void;
}

/** Connections to PostgreSQL. @throws {MandateError} `DatabaseMissing`. */
export function openPool({ url, name, connections, onLost }: PoolOptions): pg.Pool {
  if (url === undefined) {
    throw new MandateError("DatabaseMissing", "no database is named", {
      kind: "input",
      remedy: "Set `databaseUrl` in the configuration, or DATABASE_URL.",
    });
  }
  const pool = new pg.Pool({ connectionString: url, max: connections, application_name: name });
  pool.on("error", onLost);
  // A connection that the pool is closing has no listener left; without one, a server that stops ends this process.
  pool.on("connect", (client) => {
    client.on("error", () => {
      // told by the statement that fails, or by `onLost`
    });
  });
  return pool;
}
