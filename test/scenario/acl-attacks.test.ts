import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { attackDatabase, attacks, canaryRecord, type Breach } from "../../src/acl/attack/attack-database.ts";
import { openAclDatabase, type AclDatabase } from "../../src/acl/database/open-database.ts";
import { putRecords } from "../../src/acl/resources/register-resources.ts";
import { TestGateway, writeDeployment } from "../support/data-gateway.ts";
import { startJournalChain } from "../support/journal-chain.ts";
import { startThrowawayPostgres, type ThrowawayPostgres } from "../support/throwaway-postgres.ts";

let postgres: ThrowawayPostgres;
let admin: pg.Pool;
let url: string;
let database: AclDatabase;

beforeAll(async () => {
  postgres = await startThrowawayPostgres();
});
afterAll(() => postgres.stop());

beforeEach(async () => {
  ({ url, pool: admin } = await postgres.createDatabase());
  database = await openAclDatabase({
    url,
    rolePrefix: "attacked",
    chainId: 31337,
    fromBlock: 1n,
    maximumLagSeconds: 30,
    connections: 2,
    rebuild: false,
    onLost: () => {},
  });
});
afterEach(() => database.close());

function attacked(gatewayUrl = database.gatewayUrl): Promise<readonly Breach[]> {
  return attackDatabase({ ...database, gatewayUrl });
}

/** Ways to weaken the database, with the attack that must find each, and what takes back what the cluster shares. */
const weaknesses: readonly { attack: string; given: string; weaken: string; restore?: string }[] = [
  {
    attack: "attributes",
    given: "a gateway that bypasses row-level security",
    weaken: "ALTER ROLE attacked_gateway BYPASSRLS",
    restore: "ALTER ROLE attacked_gateway NOBYPASSRLS",
  },
  {
    attack: "attributes",
    given: "a gateway that may create roles",
    weaken: "ALTER ROLE attacked_gateway CREATEROLE",
    restore: "ALTER ROLE attacked_gateway NOCREATEROLE",
  },
  {
    attack: "memberships",
    given: "a gateway that reads all data",
    weaken: "GRANT pg_read_all_data TO attacked_gateway",
    restore: "REVOKE pg_read_all_data FROM attacked_gateway",
  },
  {
    attack: "set-role",
    given: "a gateway that is a member of the owner",
    weaken: "GRANT attacked_owner TO attacked_gateway",
    restore: "REVOKE attacked_owner FROM attacked_gateway",
  },
  {
    attack: "no-session",
    given: "a table without row-level security",
    weaken: "ALTER TABLE data.records DISABLE ROW LEVEL SECURITY",
  },
  {
    attack: "no-session",
    given: "a second, permissive policy",
    weaken: "CREATE POLICY open ON data.records FOR SELECT USING (true)",
  },
  {
    attack: "unpermitted-session",
    given: "a policy that is content with any session",
    weaken: "CREATE POLICY members ON data.records FOR SELECT USING (acl.session_account() IS NOT NULL)",
  },
  {
    attack: "unpermitted-session",
    given: "sessions that nobody can have",
    weaken:
      "CREATE OR REPLACE FUNCTION acl.session_account() RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT NULL::text'",
  },
  {
    attack: "row-security-off",
    given: "a gateway that bypasses row-level security",
    weaken: "ALTER ROLE attacked_gateway BYPASSRLS",
    restore: "ALTER ROLE attacked_gateway NOBYPASSRLS",
  },
  {
    attack: "other-relations",
    given: "a view with its owner's rights",
    weaken:
      "CREATE VIEW data.titles AS SELECT title FROM data.records; GRANT SELECT ON data.titles TO attacked_gateway",
  },
  {
    attack: "other-relations",
    given: "a copy that nothing protects",
    weaken: "CREATE TABLE data.copy AS SELECT * FROM data.records; GRANT SELECT ON data.copy TO PUBLIC",
  },
  {
    attack: "other-relations",
    given: "a single column of the sessions",
    weaken: "GRANT SELECT (account) ON acl.session TO attacked_gateway",
  },
  {
    attack: "foreign-functions",
    given: "a function that reads with its owner's rights",
    weaken:
      "CREATE FUNCTION data.peek() RETURNS SETOF data.records LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM data.records'; GRANT EXECUTE ON FUNCTION data.peek() TO attacked_gateway",
  },
  {
    attack: "foreign-functions",
    given: "a deciding function with an open search path",
    weaken: "ALTER FUNCTION acl.may_read(text) RESET search_path",
  },
  {
    attack: "data-writes",
    given: "a gateway that may write rows",
    weaken: "GRANT INSERT ON data.records TO attacked_gateway",
  },
  {
    attack: "data-writes",
    given: "a gateway that may hang triggers on the table",
    weaken: "GRANT TRIGGER ON data.records TO attacked_gateway",
  },
  {
    attack: "forged-session",
    given: "accounts taken from a plain setting",
    weaken:
      "CREATE OR REPLACE FUNCTION acl.session_account() RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT nullif(current_setting('mandate.account', true), '') $$",
  },
  {
    attack: "forged-session",
    given: "the stored hash taken for a token",
    weaken:
      "CREATE OR REPLACE FUNCTION acl.session_account() RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT account FROM acl.session WHERE encode(token_hash, 'hex') = current_setting('mandate.session', true) $$",
  },
  { attack: "session-table", given: "readable sessions", weaken: "GRANT SELECT ON acl.session TO attacked_gateway" },
  {
    attack: "session-table",
    given: "a gateway that may begin sessions",
    weaken: "GRANT EXECUTE ON FUNCTION acl.open_session(bytea, text, int) TO attacked_gateway",
  },
  {
    attack: "session-table",
    given: "a gateway that can become the sign-in",
    weaken: "GRANT attacked_sign_in TO attacked_gateway",
    restore: "REVOKE attacked_sign_in FROM attacked_gateway",
  },
  {
    attack: "stale-snapshot",
    given: "decisions in any isolation level",
    weaken:
      "CREATE OR REPLACE FUNCTION acl.obstacle() RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT NULL::text'",
  },
  {
    attack: "mirror-writes",
    given: "a gateway that may write grants",
    weaken: "GRANT INSERT ON acl.read_grant TO attacked_gateway",
  },
  {
    attack: "mirror-writes",
    given: "a gateway that may change the lag",
    weaken: "GRANT UPDATE ON acl.setting TO attacked_gateway",
  },
  {
    attack: "mirror-writes",
    given: "a gateway that may widen a team's limits",
    weaken: "GRANT UPDATE ON acl.team_limits TO attacked_gateway",
  },
  {
    attack: "mirror-writes",
    given: "a gateway that may list actions",
    weaken: "GRANT INSERT ON acl.action_facts TO attacked_gateway",
  },
  {
    attack: "decision-code",
    given: "a gateway that may ask about the limits of any team",
    weaken: "GRANT EXECUTE ON FUNCTION acl.limit_crossed(int, text) TO attacked_gateway",
  },
  {
    attack: "decision-code",
    given: "a gateway that owns the deciding function",
    weaken:
      "GRANT CREATE ON SCHEMA acl TO attacked_gateway; ALTER FUNCTION acl.may_read(text) OWNER TO attacked_gateway",
  },
  {
    attack: "decision-code",
    given: "a gateway that may ask the authority's rules about anybody without the mirror's",
    weaken: "GRANT EXECUTE ON FUNCTION acl.authority_verdict(text, text) TO attacked_gateway",
  },
  {
    attack: "search-path",
    given: "a gateway that may create temporary objects",
    weaken:
      "DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO attacked_gateway', current_database()); END $$",
  },
  {
    attack: "search-path",
    given: "a public schema that anybody writes to",
    weaken: "GRANT CREATE ON SCHEMA public TO PUBLIC",
  },
  {
    attack: "server-files",
    given: "a gateway that reads the server's files",
    weaken:
      "GRANT pg_read_server_files TO attacked_gateway; GRANT EXECUTE ON FUNCTION pg_read_file(text) TO attacked_gateway",
    restore: "REVOKE pg_read_server_files FROM attacked_gateway",
  },
  {
    attack: "server-files",
    given: "a gateway that runs programs on the server",
    weaken: "GRANT pg_execute_server_program TO attacked_gateway WITH INHERIT TRUE",
    restore: "REVOKE pg_execute_server_program FROM attacked_gateway",
  },
];

describe("the gateway's attacks on its own database", () => {
  it("iDG-008: given the database as it is set up, every attack is withstood", async () => {
    expect(await attacked()).toEqual([]);
  });

  it.each(weaknesses)("given $given, the attack $attack gets through", async ({ attack, weaken, restore }) => {
    await putRecords(database.owner, [{ id: canaryRecord, title: "canary", body: "canary" }]);
    await admin.query(weaken);
    try {
      expect((await attacked()).map((breach) => breach.attack)).toContain(attack);
    } finally {
      if (restore !== undefined) await admin.query(restore);
    }
  });

  it("given a gateway that connects as somebody more powerful, the attack reset-role gets through", async () => {
    const asOwner = new URL(url);
    asOwner.searchParams.set("options", "-c role=attacked_gateway");
    const breaches = await attacked(asOwner.href);
    expect(breaches.map((breach) => breach.attack)).toContain("reset-role");
  });

  it("has a weakness for each attack, so that none can succeed by attacking nothing", () => {
    const found = new Set([...weaknesses.map(({ attack }) => attack), "reset-role"]);
    expect([...found].sort()).toEqual(attacks.map(({ name }) => name).sort());
  });

  it("leaves nothing behind: no session, no role, no row but the canary", async () => {
    await attacked();
    expect((await admin.query("SELECT FROM acl.session")).rowCount).toBe(0);
    expect((await admin.query("SELECT id FROM data.records")).rows).toEqual([{ id: canaryRecord }]);
  });

  it("iDG-008: given a breach, the gateway refuses to serve, and names it", async () => {
    const chain = await startJournalChain();
    try {
      const deployment = writeDeployment(await chain.deployJournal(), 1n);
      await admin.query("CREATE POLICY open ON data.records FOR SELECT USING (true)");
      const starting = TestGateway.start(chain, { databaseUrl: url, deployment, rolePrefix: "attacked" });
      await expect(starting).rejects.toMatchObject({
        code: "DatabaseBreached",
        message: expect.stringContaining("no-session"),
      });
    } finally {
      await chain.stop();
    }
  });
});
