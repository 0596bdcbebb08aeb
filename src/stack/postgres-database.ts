import pg from "pg";

export interface DatabaseOwner {
  readonly name: string;
  readonly password: string;
}

/** The address of a database in the same cluster, for a role. */
export function databaseUrl(ownerUrl: string, database: string, role: DatabaseOwner): string {
  const url = new URL(ownerUrl);
  url.username = role.name;
  url.password = role.password;
  url.pathname = `/${database}`;
  return url.href;
}

/**
 * Makes a role that may log in, and nothing else: no superuser, no way around row-level security, no roles of its own.
 * A role that exists gets the password.
 */
export async function ensureLoginRole(ownerUrl: string, role: DatabaseOwner): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role.name]);
    const name = client.escapeIdentifier(role.name);
    if (rowCount === 0)
      await client.query(`CREATE ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION`);
    await client.query(`ALTER ROLE ${name} PASSWORD ${client.escapeLiteral(role.password)}`);
  } finally {
    await client.end();
  }
}

/** Makes a database that belongs to `owner` alone; one that exists is kept. */
export async function ensureDatabase(ownerUrl: string, database: string, owner: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
    if (rowCount !== 0) return;
    const name = client.escapeIdentifier(database);
    await client.query(`CREATE DATABASE ${name} OWNER ${client.escapeIdentifier(owner)}`);
    await client.query(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`);
  } finally {
    await client.end();
  }
}
