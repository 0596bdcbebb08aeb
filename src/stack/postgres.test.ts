import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "./ports.ts";
import { databaseUrl, ensureDatabase, ensureLoginRole } from "./postgres-database.ts";
import { removeCluster } from "./postgres-program.ts";
import { startPostgres, type LocalPostgres } from "./postgres.ts";

describe("startPostgres", () => {
  const directory = mkdtempSync(join(tmpdir(), "mandate-postgres-"));
  let port: number;
  let server: LocalPostgres;
  const start = async (): Promise<LocalPostgres> => (server = await startPostgres({ port, directory }));

  async function query(text: string, url = server.ownerUrl): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {
      // the server may end before it
    });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  beforeAll(async () => {
    port = await freePort();
    await start();
    await query("CREATE TABLE kept (value int); INSERT INTO kept VALUES (42)");
  });
  afterAll(async () => {
    await server.stop();
    removeCluster(directory);
  });

  it("given a stop, when it starts again, the data is there", async () => {
    await server.stop();
    await start();
    expect(await query("SELECT value FROM kept")).toEqual([{ value: 42 }]);
  });

  it("given kill -9, it reports that, and when it starts again, the data is there", async () => {
    process.kill(server.pid, "SIGKILL");
    expect(await server.failed).toMatchObject({
      code: "ProcessEnded",
      data: { title: "PostgreSQL", signal: "SIGKILL" },
    });
    await server.stop();
    await start();
    expect(await query("SELECT value FROM kept")).toEqual([{ value: 42 }]);
  });

  it("given a login role and its database, the role owns nothing else and has no power over others", async () => {
    const role = { name: "service", password: server.derivePassword("service") };
    await ensureLoginRole(server.ownerUrl, role);
    await ensureDatabase(server.ownerUrl, "of_service", role.name);
    await ensureDatabase(server.ownerUrl, "of_service", role.name); // the second time nothing happens
    const url = databaseUrl(server.ownerUrl, "of_service", role);
    const rows = await query(
      "SELECT rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user",
      url,
    );
    expect(rows).toEqual([{ rolsuper: false, rolcreaterole: false, rolbypassrls: false }]);
    await expect(query("CREATE ROLE another", url)).rejects.toMatchObject({ code: "42501" });
  });

  it("given that the owner's password is lost, it begins with an empty cluster", async () => {
    await server.stop();
    rmSync(join(directory, "owner-password"));
    await start();
    expect(existsSync(join(directory, "owner-password"))).toBe(true);
    expect(await query("SELECT to_regclass('kept') AS kept")).toEqual([{ kept: null }]);
  });
});
