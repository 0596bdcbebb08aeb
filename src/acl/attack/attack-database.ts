import pg from "pg";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { putRecords, registerResources } from "../resources/register-resources.ts";
import type { AclRoles } from "../database/roles.ts";
import { newToken, tokenHash } from "../../chain/sign-in/token.ts";
import type { Attack, Battlefield } from "./attack.ts";
import { mirrorAttacks } from "./mirror-attacks.ts";
import { roleAttacks } from "./role-attacks.ts";
import { rowAttacks } from "./row-attacks.ts";
import { sessionAttacks } from "./session-attacks.ts";

/** Every attack that the gateway makes on its own database before it serves. */
export const attacks: readonly Attack[] = [...roleAttacks, ...rowAttacks, ...sessionAttacks, ...mirrorAttacks];

/** Id of the row that the attacks try to reach; no permission to read it is ever given. */
export const canaryRecord = "mandate-canary";

/** The account of the session that the attacks use: nobody has its key. */
const canaryAccount = "0x000000000000000000000000000000000000dead";

/** An attack that got through. */
export interface Breach {
  readonly attack: string;
  readonly tries: string;
  readonly breached: string;
}

export interface AttackOptions {
  /** Connection string of the gateway's role: exactly what serves readers. */
  readonly gatewayUrl: string;
  readonly owner: pg.Pool;
  readonly signIn: pg.Pool;
  readonly roles: AclRoles;
}

async function prepare(options: AttackOptions): Promise<Omit<Battlefield, "client">> {
  await putRecords(options.owner, [{ id: canaryRecord, title: "canary", body: "whoever reads this got through" }]);
  await registerResources(options.owner);
  const standing = await options.owner.query("SELECT FROM data.records WHERE id = $1", [canaryRecord]);
  if (standing.rowCount !== 1) {
    throw new MandateError(
      "AttackImpossible",
      "the row to attack is not there, so that no attack would prove anything",
      { kind: "defect" },
    );
  }
  const token = newToken();
  const hash = tokenHash(token);
  await options.signIn.query("SELECT acl.open_session($1, $2, $3)", [hash, canaryAccount, 60]);
  return { roles: options.roles, canary: canaryRecord, session: { token, hash, account: canaryAccount } };
}

/** Attacks the database as its own gateway. @returns What got through; empty where everything was withstood. */
export async function attackDatabase(options: AttackOptions): Promise<readonly Breach[]> {
  const field = await prepare(options);
  const breaches: Breach[] = [];
  try {
    for (const attack of attacks) {
      // A connection of its own: nothing that one attack leaves behind helps or hinders the next.
      const client = new pg.Client({ connectionString: options.gatewayUrl, application_name: "mandate-acl-attack" });
      client.on("error", () => {
        // a lost connection fails the running statement as well, and with it the start
      });
      await client.connect();
      try {
        await client.query("BEGIN READ WRITE"); // the role's default of reading only is nothing but a default
        const outcome = await attack.run({ ...field, client });
        await client.query("ROLLBACK"); // nothing of an attack stays
        if (!outcome.withstood) breaches.push({ attack: attack.name, tries: attack.tries, breached: outcome.breached });
      } finally {
        await client.end();
      }
    }
  } finally {
    await options.signIn.query("SELECT acl.close_session($1)", [field.session.hash]);
  }
  return breaches;
}

/** @throws {MandateError} `DatabaseBreached` with everything that got through. */
export async function assertDatabaseHolds(options: AttackOptions): Promise<void> {
  const breaches = await attackDatabase(options);
  if (breaches.length === 0) return;
  throw new MandateError(
    "DatabaseBreached",
    `the gateway's own attacks got through, so that it does not serve: ${breaches.map(({ attack, breached }) => `${attack} (${breached})`).join("; ")}`,
    {
      kind: "environment",
      data: { attacks: breaches.map(({ attack }) => attack).join(",") },
      remedy: "Take back what was changed in the database's roles, privileges, policies or functions.",
    },
  );
}
