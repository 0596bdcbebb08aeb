import type pg from "pg";
import { migrationFrom, type Migration } from "../../chain/projection/migrate.ts";
import type { AclRoles } from "./roles.ts";

/** Schema of the mirror and of every decision. `decisions.sql` names it, as code with its owner's rights must. */
export const aclSchema = "acl";

export const aclMigrations: readonly Migration[] = ["mirror", "decisions", "records"].map((name) =>
  migrationFrom(new URL(`../schema/${name}.sql`, import.meta.url)),
);

/** What the gateway's role may call: decisions about its own session, and what is public on the chain anyway. */
export const gatewayFunctions = [
  "acl.may_read(text)",
  "acl.why(text, text)",
  "acl.session_account()",
  "acl.is_registered(text)",
  "acl.mirror()",
  "acl.grants_of(text)",
] as const;

const signInFunctions = ["acl.open_session(bytea, text, int)", "acl.close_session(bytea)"] as const;

/** Tables that the gateway reads, each under row-level security. */
export const protectedTables = ["data.records"] as const;

/** Takes every privilege away and gives the few that are needed, at each start. */
export async function grantPrivileges(owner: pg.Pool, roles: AclRoles): Promise<void> {
  const client = await owner.connect();
  try {
    const others = [roles.signIn, roles.gateway].map((role) => client.escapeIdentifier(role)).join(", ");
    const gateway = client.escapeIdentifier(roles.gateway);
    const signIn = client.escapeIdentifier(roles.signIn);
    await client.query("BEGIN");
    for (const schema of [aclSchema, "data"]) {
      await client.query(`REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC, ${others}`);
      await client.query(`REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM PUBLIC, ${others}`);
      await client.query(`REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${schema} FROM PUBLIC, ${others}`);
    }
    await client.query(`GRANT USAGE ON SCHEMA ${aclSchema} TO ${others}`);
    await client.query(`GRANT USAGE ON SCHEMA data TO ${gateway}`);
    await client.query(`GRANT EXECUTE ON FUNCTION ${gatewayFunctions.join(", ")} TO ${gateway}`);
    await client.query(`GRANT EXECUTE ON FUNCTION ${signInFunctions.join(", ")} TO ${signIn}`);
    await client.query(`GRANT SELECT ON ${protectedTables.join(", ")} TO ${gateway}`);
    await client.query("COMMIT");
  } catch (thrown) {
    await client.query("ROLLBACK");
    throw thrown;
  } finally {
    client.release();
  }
}
