import { attempt, breached, canaryShows, withstood, type Attack } from "./attack.ts";

/** Attributes of a role by which row-level security means nothing. */
const powers = ["rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication"] as const;

/** Attacks through what the gateway's role is, or can become. */
export const roleAttacks: readonly Attack[] = [
  {
    name: "attributes",
    tries: "use an attribute of the role: superuser, bypass of row-level security, creation of roles",
    async run(field) {
      const found = await attempt(
        field,
        `SELECT ${powers.join(", ")} FROM pg_catalog.pg_roles WHERE rolname IN (current_user, session_user)`,
      );
      if (!found.done) return breached("the role's attributes cannot be read, so nothing is known about them");
      const held = powers.filter((power) => found.rows.some((row) => row[power] === true));
      return held.length === 0 ? withstood : breached(`the role has ${held.join(", ")}`);
    },
  },
  {
    name: "memberships",
    tries: "act through another role of which it is a member",
    async run(field) {
      const found = await attempt(
        field,
        `SELECT r.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.roleid
         WHERE m.member IN (SELECT oid FROM pg_catalog.pg_roles WHERE rolname IN (current_user, session_user))`,
      );
      if (!found.done) return breached("memberships cannot be read, so nothing is known about them");
      return found.rows.length === 0
        ? withstood
        : breached(`it is a member of ${found.rows.map(({ rolname }) => String(rolname)).join(", ")}`);
    },
  },
  {
    name: "reset-role",
    tries: "go back to the role that the connection was opened with",
    async run(field) {
      for (const statement of [
        "RESET ROLE",
        "SET ROLE NONE",
        "RESET SESSION AUTHORIZATION",
        "SET SESSION AUTHORIZATION DEFAULT",
      ]) {
        await attempt(field, statement);
        const now = await attempt(field, "SELECT current_user AS me");
        if (now.done && now.rows[0]?.["me"] !== field.roles.gateway)
          return breached(`${statement} gives ${String(now.rows[0]?.["me"])}`);
        if (await canaryShows(field)) return breached(`${statement} shows the protected row`);
      }
      return withstood;
    },
  },
  {
    name: "set-role",
    tries: "become any other role of the cluster",
    async run(field) {
      const others = await attempt(field, "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname <> current_user");
      if (!others.done) return breached("the cluster's roles cannot be read, so nothing is known about them");
      for (const { rolname } of others.rows) {
        const name = field.client.escapeIdentifier(String(rolname));
        for (const statement of [`SET ROLE ${name}`, `SET SESSION AUTHORIZATION ${name}`]) {
          if ((await attempt(field, statement)).done) return breached(`${statement} succeeded`);
        }
      }
      return withstood;
    },
  },
];
