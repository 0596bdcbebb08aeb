import pg from "pg";
import type { AclRoles } from "../database/roles.ts";

/** What an attack may use: everything that somebody who runs SQL as the gateway's role can know or guess. */
export interface Battlefield {
  /** A connection as the gateway's role. */
  readonly client: pg.Client;
  readonly roles: AclRoles;
  /** Id of a row that nobody may read. */
  readonly canary: string;
  /** A real session of an account without any permission. */
  readonly session: { readonly token: string; readonly hash: Buffer; readonly account: string };
}

/** `breached` carries what got through. */
export type AttackOutcome = { readonly withstood: true } | { readonly withstood: false; readonly breached: string };

export interface Attack {
  readonly name: string;
  /** What it tries, for the report. */
  readonly tries: string;
  run(field: Battlefield): Promise<AttackOutcome>;
}

/** SQLSTATE of "permission denied" and "must be owner". */
const insufficientPrivilege = "42501";

export const withstood: AttackOutcome = { withstood: true };

export function breached(what: string): AttackOutcome {
  return { withstood: false, breached: what };
}

/** Result of one statement in the middle of an attack: its rows, or the refusal's SQLSTATE. */
export type Attempt =
  | { readonly done: true; readonly rows: readonly Record<string, unknown>[] }
  | { readonly done: false; readonly state: string };

/** Runs `text` inside a savepoint, so that the attack goes on after a refusal. */
export async function attempt(
  { client }: Battlefield,
  text: string,
  values: readonly unknown[] = [],
): Promise<Attempt> {
  await client.query("SAVEPOINT attempt");
  try {
    const result = await client.query<Record<string, unknown>>(text, [...values]);
    return { done: true, rows: result.rows };
  } catch (thrown) {
    if (!(thrown instanceof pg.DatabaseError)) throw thrown; // the connection broke: that proves nothing
    await client.query("ROLLBACK TO SAVEPOINT attempt");
    return { done: false, state: thrown.code ?? "" };
  }
}

/** Whether the canary is visible now. */
export async function canaryShows(field: Battlefield): Promise<boolean> {
  const seen = await attempt(field, "SELECT id FROM data.records WHERE id = $1", [field.canary]);
  return seen.done && seen.rows.length > 0;
}

/** The first of `statements` that is not refused for want of privilege: a syntax or constraint error came too far. */
export async function firstNotDenied(field: Battlefield, statements: readonly string[]): Promise<string | undefined> {
  for (const statement of statements) {
    const result = await attempt(field, statement);
    if (result.done || result.state !== insufficientPrivilege)
      return `${statement} ${result.done ? "succeeded" : `failed with ${result.state}`}`;
  }
  return undefined;
}
