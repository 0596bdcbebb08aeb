import { attempt, breached, firstNotDenied, withstood, type Attack } from "./attack.ts";

/** Attacks on the rules: the mirrored permissions, the code that decides, the names it uses, the machine under it. */
export const mirrorAttacks: readonly Attack[] = [
  {
    name: "mirror-writes",
    tries: "write permissions of its own into the mirror",
    async run(field) {
      const tables = await attempt(
        field,
        `SELECT c.oid::regclass::text AS name, (SELECT attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = 1) AS first
         FROM pg_catalog.pg_class c WHERE c.relnamespace = 'acl'::regnamespace AND c.relkind = 'r'`,
      );
      if (!tables.done || tables.rows.length === 0)
        return breached("the mirror's tables cannot be listed, so nothing is known about them");
      const statements = tables.rows.flatMap(({ name, first }) => [
        `SELECT FROM ${String(name)}`,
        `INSERT INTO ${String(name)} DEFAULT VALUES`,
        `UPDATE ${String(name)} SET ${String(first)} = DEFAULT`,
        `DELETE FROM ${String(name)}`,
        `TRUNCATE ${String(name)}`,
      ]);
      const through = await firstNotDenied(field, statements);
      return through === undefined ? withstood : breached(through);
    },
  },
  {
    name: "decision-code",
    tries: "replace or alter the functions that decide",
    async run(field) {
      const through = await firstNotDenied(field, [
        "CREATE OR REPLACE FUNCTION acl.may_read(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "ALTER FUNCTION acl.may_read(text) SECURITY INVOKER",
        "ALTER FUNCTION acl.why(text, text) RESET search_path",
        "DROP FUNCTION acl.may_read(text) CASCADE",
        "GRANT EXECUTE ON FUNCTION acl.open_session(bytea, text, int) TO PUBLIC",
        "SELECT acl.authority_verdict('0x0000000000000000000000000000000000000001', '0x0000000000000000000000000000000000000001')",
        "SELECT acl.limit_crossed(1, '0x0000000000000000000000000000000000000001')",
        "SELECT acl.roll_back(0)",
      ]);
      // GRANT without the right to grant may end as a mere warning; what counts is that nothing was given.
      if (through?.startsWith("GRANT") === true) {
        const given = await attempt(
          field,
          "SELECT has_function_privilege('acl.open_session(bytea, text, int)', 'EXECUTE') AS may",
        );
        return given.done && given.rows[0]?.["may"] === false ? withstood : breached(through);
      }
      return through === undefined ? withstood : breached(through);
    },
  },
  {
    name: "search-path",
    tries: "put objects of its own in front of those that the deciding functions use",
    async run(field) {
      const through = await firstNotDenied(field, [
        "CREATE TEMPORARY TABLE session AS SELECT 1",
        "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",
        "CREATE TABLE public.session (id int)",
        "CREATE TABLE acl.forged (id int)",
        "CREATE TABLE data.forged (id int)",
        "CREATE SCHEMA forged",
        "CREATE FUNCTION public.leak(text) RETURNS boolean COST 0.0000001 LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE '%', $1; RETURN true; END$$",
      ]);
      return through === undefined ? withstood : breached(through);
    },
  },
  {
    name: "server-files",
    tries: "read files or run programs of the server",
    async run(field) {
      const through = await firstNotDenied(field, [
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/dev/null'",
        "SELECT lo_import('/etc/hostname')",
        "CREATE FOREIGN DATA WRAPPER forged",
      ]);
      return through === undefined ? withstood : breached(through);
    },
  },
];
