import { attempt, breached, firstNotDenied, withstood, type Attack } from "./attack.ts";

/** Attacks on who the database takes the reader for. */
export const sessionAttacks: readonly Attack[] = [
  {
    name: "forged-session",
    tries:
      "be taken for somebody by setting what can be known or guessed: addresses, names, the stored hash of a real token",
    async run(field) {
      const { account, hash } = field.session;
      const guesses = [
        account,
        account.slice(2),
        hash.toString("hex"),
        `\\x${hash.toString("hex")}`,
        "0".repeat(64),
        "admin",
        "null",
        "*",
      ];
      for (const setting of ["mandate.session", "mandate.account", "mandate.user", "role", "request.jwt.claims"]) {
        for (const guess of guesses) {
          await attempt(field, "SELECT set_config($1, $2, true)", [setting, guess]);
          const me = await attempt(field, "SELECT acl.session_account() AS account");
          const taken = me.done ? me.rows[0]?.["account"] : null;
          if (typeof taken === "string") return breached(`${setting} = ${guess} makes it ${taken}`);
        }
      }
      return withstood;
    },
  },
  {
    name: "session-table",
    tries: "read, write or begin sessions",
    async run(field) {
      const through = await firstNotDenied(field, [
        "SELECT token_hash FROM acl.session",
        "INSERT INTO acl.session VALUES (sha256('forged'), '0x0000000000000000000000000000000000000001', now() + interval '1 hour')",
        "UPDATE acl.session SET account = '0x0000000000000000000000000000000000000001'",
        "DELETE FROM acl.session",
        "SELECT acl.open_session(sha256('forged'), '0x0000000000000000000000000000000000000001', 3600)",
        "SELECT acl.close_session(sha256('forged'))",
        `SET LOCAL ROLE ${field.client.escapeIdentifier(field.roles.signIn)}`,
      ]);
      return through === undefined ? withstood : breached(through);
    },
  },
  {
    name: "stale-snapshot",
    tries: "keep a snapshot in which an ended grant still has effect",
    async run(field) {
      await field.client.query("ROLLBACK");
      try {
        for (const level of ["REPEATABLE READ", "SERIALIZABLE"]) {
          await field.client.query(`BEGIN ISOLATION LEVEL ${level}`);
          await attempt(field, "SELECT set_config('mandate.session', $1, true)", [field.session.token]);
          const why = await attempt(
            field,
            "SELECT acl.why('0x0000000000000000000000000000000000000001', NULL) AS verdict",
          );
          await field.client.query("ROLLBACK");
          if (!why.done || why.rows[0]?.["verdict"] !== "stale-snapshot")
            return breached(`permissions are decided in a ${level} transaction`);
        }
      } finally {
        await field.client.query("BEGIN READ WRITE");
      }
      return withstood;
    },
  },
];
