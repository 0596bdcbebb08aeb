import { gatewayFunctions, protectedTables } from "../database/privileges.ts";
import { attempt, breached, canaryShows, firstNotDenied, withstood, type Attack } from "./attack.ts";

/** Attacks on the protected rows themselves. */
export const rowAttacks: readonly Attack[] = [
  {
    name: "no-session",
    tries: "read without any session",
    async run(field) {
      return (await canaryShows(field)) ? breached("the protected row shows without a session") : withstood;
    },
  },
  {
    name: "unpermitted-session",
    tries: "read in the session of an account that was granted nothing",
    async run(field) {
      await attempt(field, "SELECT set_config('mandate.session', $1, true)", [field.session.token]);
      const me = await attempt(field, "SELECT acl.session_account() AS account");
      // A session that is not recognized would make this attack, and every one with it, prove nothing.
      if (!me.done || me.rows[0]?.["account"] !== field.session.account)
        return breached("a real session is not recognized");
      return (await canaryShows(field))
        ? breached("the protected row shows to an account without permission")
        : withstood;
    },
  },
  {
    name: "row-security-off",
    tries: "switch row-level security off for the session",
    async run(field) {
      await attempt(field, "SET LOCAL row_security = off");
      return (await canaryShows(field)) ? breached("the protected row shows with row_security = off") : withstood;
    },
  },
  {
    name: "other-relations",
    tries: "read the rows through a view, a copy, or a table that nothing protects",
    async run(field) {
      const readable = await attempt(
        field,
        `SELECT format('%s.%s', n.nspname, c.relname) AS name, c.relrowsecurity AND c.relforcerowsecurity AS guarded
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
           AND has_schema_privilege(n.oid, 'USAGE')
           AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))`,
      );
      if (!readable.done) return breached("readable relations cannot be listed, so nothing is known about them");
      const open = readable.rows.filter(
        ({ name, guarded }) => guarded !== true || !protectedTables.some((table) => table === name),
      );
      return open.length === 0 ? withstood : breached(`it can read ${open.map(({ name }) => String(name)).join(", ")}`);
    },
  },
  {
    name: "foreign-functions",
    tries:
      "call a function that runs with its owner's rights and was not meant for readers, or whose search path is open",
    async run(field) {
      const callable = await attempt(
        field,
        `SELECT format('%s.%s(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)) AS name, p.proconfig AS config
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
         WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')
           AND has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')`,
      );
      if (!callable.done) return breached("callable functions cannot be listed, so nothing is known about them");
      for (const { name, config } of callable.rows) {
        if (!gatewayFunctions.some((known) => known === name)) return breached(`it can call ${String(name)}`);
        const settings = Array.isArray(config) ? config : [];
        if (!settings.includes("search_path=pg_catalog, pg_temp"))
          return breached(`${String(name)} does not fix its search path`);
      }
      return withstood;
    },
  },
  {
    name: "data-writes",
    tries: "change, add or remove protected rows, or their protection",
    async run(field) {
      // A privilege that row-level security happens to void is one that a single policy away works.
      const held = await attempt(
        field,
        `SELECT p AS privilege FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
         WHERE has_table_privilege('data.records', p)`,
      );
      if (!held.done) return breached("the role's privileges cannot be read, so nothing is known about them");
      if (held.rows.length > 0) {
        return breached(`it has ${held.rows.map(({ privilege }) => String(privilege)).join(", ")} on the rows`);
      }
      const through = await firstNotDenied(field, [
        "INSERT INTO data.records (id, title, body) VALUES ('forged', 'forged', 'forged')",
        "UPDATE data.records SET body = 'forged'",
        "DELETE FROM data.records",
        "TRUNCATE data.records",
        "ALTER TABLE data.records DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE data.records NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY readable ON data.records",
        "CREATE POLICY open ON data.records USING (true)",
        "DROP TABLE data.records",
      ]);
      return through === undefined ? withstood : breached(through);
    },
  },
];
