import { randomBytes } from "node:crypto";
import type pg from "pg";
import { scramVerifier } from "./scram-verifier.ts";

/** The gateway's roles in PostgreSQL. They are the cluster's, so that several installations differ by prefix. */
export interface AclRoles {
  /** Owns both schemas: migrates, mirrors, maintains rows. */
  readonly owner: string;
  /** May begin and end sessions, and nothing else. */
  readonly signIn: string;
  /** Runs readers' queries: no ownership, no membership, no attribute, reads through row-level security only. */
  readonly gateway: string;
}

export function aclRoles(prefix: string): AclRoles {
  return { owner: `${prefix}_owner`, signIn: `${prefix}_sign_in`, gateway: `${prefix}_gateway` };
}

const ATTRIBUTES = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION NOINHERIT";

/** How to connect as each role. Passwords are made anew at every start and kept in memory alone. */
export type AclCredentials = Readonly<Record<keyof AclRoles, string>>;

/** Creates the roles where they are missing, resets their attributes and passwords. @returns Passwords by role. */
export async function createRoles(admin: pg.Pool, roles: AclRoles): Promise<AclCredentials> {
  const client = await admin.connect();
  try {
    const credentials: Record<keyof AclRoles, string> = { owner: "", signIn: "", gateway: "" };
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(hashtext('mandate roles'))");
    for (const kind of ["owner", "signIn", "gateway"] as const) {
      const name = client.escapeIdentifier(roles[kind]);
      const password = randomBytes(24).toString("base64url");
      const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [roles[kind]]);
      await client.query(
        `${rowCount === 0 ? "CREATE" : "ALTER"} ROLE ${name} ${ATTRIBUTES} PASSWORD ${client.escapeLiteral(scramVerifier(password))}`,
      );
      credentials[kind] = password;
    }
    // Not a barrier, as a session can change it: a first line of defence against the gateway's own mistakes.
    await client.query(`ALTER ROLE ${client.escapeIdentifier(roles.gateway)} SET default_transaction_read_only = on`);
    const { rows } = await client.query<{ name: string }>("SELECT current_database() AS name");
    const database = client.escapeIdentifier(rows[0]?.name ?? "");
    await client.query(`GRANT CONNECT, CREATE ON DATABASE ${database} TO ${client.escapeIdentifier(roles.owner)}`);
    for (const kind of ["signIn", "gateway"] as const) {
      await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${client.escapeIdentifier(roles[kind])}`);
    }
    // Whoever can create objects can try to put them in front of ours.
    await client.query(`REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`);
    await client.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    await client.query("COMMIT");
    return credentials;
  } catch (thrown) {
    await client.query("ROLLBACK");
    throw thrown;
  } finally {
    client.release();
  }
}

/** The connection string of `url`'s database for another role. */
export function urlAs(url: string, role: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(role);
  changed.password = encodeURIComponent(password);
  return changed.href;
}
