import pg from "pg";
import { messageOf } from "../../../core/errors/mandate-error.ts";
import { capture } from "../capture.ts";
import { parseDecimal } from "../parse-decimal.ts";
import { declined, unreachable, type EpochWindow, type FailedSource, type SourceReading } from "../reading.ts";
import type { SqlSource } from "./sql-source.ts";

export interface SqlAccess {
  /** Connection string without a password. */
  readonly url: string;
  readonly password: string | undefined;
  readonly timeoutMs: number;
}

/** Longer texts are no number; the rest does not leave the server. */
const MAXIMUM_LENGTH = 101;

/** Types whose text is the value. Floating point is not among them: its last digit may differ between servers. */
const EXACT_TYPES: readonly string[] = ["smallint", "integer", "bigint", "numeric", "text", "character varying"];

/** Classes of SQLSTATE in which the statement was not judged: connection, authorization, resources, intervention (time-out). */
const NOT_ANSWERED = /^(08(?!P01)|28|53|57|58)/; // 08P01: parameters that the statement does not have

interface Answer {
  readonly value: string | null;
  readonly type: string;
}

/**
 * The statement as one value, however it is written: the server itself refuses more columns, more rows, a second statement, and
 * anything but a query. On a line of its own, a comment at its end comments nothing else out.
 */
function asOneValue(statement: string): string {
  // `offset 0` keeps the planner from evaluating the statement once for each use.
  return `select left(v::text, ${MAXIMUM_LENGTH}) as value, pg_typeof(v)::text as type from (select (\n${statement}\n) as v offset 0) as answer`;
}

/** `pg` believes the connection string rather than a password beside it. */
function withPassword(url: string, password: string | undefined): string {
  const whole = new URL(url);
  if (password !== undefined) whole.password = encodeURIComponent(password);
  return whole.href;
}

/** Asks a database for one number, in a transaction that can write nothing and lasts no longer than `timeoutMs`. */
export async function readSql(
  source: SqlSource,
  { url, password, timeoutMs }: SqlAccess,
  window: EpochWindow,
  decimals: number,
): Promise<SourceReading> {
  const client = new pg.Client({
    connectionString: withPassword(url, password),
    application_name: "mandate-oracle",
    connectionTimeoutMillis: timeoutMs,
    // The server ends what takes too long; where the server itself is gone, this side does.
    query_timeout: timeoutMs + 500,
  });
  client.on("error", () => {
    // told by the statement that fails
  });
  try {
    await client.connect();
    await client.query("begin transaction isolation level repeatable read read only");
    await client.query("select set_config('statement_timeout', $1, true)", [String(timeoutMs)]);
    const { rows: roles } = await client.query<{ superuser: string }>(
      "select current_setting('is_superuser') as superuser",
    );
    if (roles[0]?.superuser !== "off")
      return unreachable("this operator's role is a superuser, who may do more than read");
    const values = source.parameters.map((each) => String(window[each]));
    // The simple mode, which `pg` takes where there are no parameters, runs several statements: one could end the transaction.
    const query = { text: asOneValue(source.statement), values, queryMode: "extended" }; // a mode that the types leave out
    const { rows } = await client.query<Answer>(query);
    return measureRow(rows[0], decimals);
  } catch (thrown) {
    return failureOf(thrown);
  } finally {
    await client.end().catch(() => undefined); // ends the transaction as well
  }
}

function measureRow(row: Answer | undefined, decimals: number): SourceReading {
  if (row === undefined || row.value === null) return declined("no row, or null");
  if (!EXACT_TYPES.includes(row.type)) return declined(`a ${row.type}, which is no exact number`);
  const value = parseDecimal(row.value, decimals);
  return value === undefined ? declined("not a finite number") : { ok: true, value, capture: capture(row.value) };
}

function failureOf(thrown: unknown): FailedSource {
  const code = thrown instanceof pg.DatabaseError ? thrown.code : undefined;
  if (code === undefined) return unreachable(messageOf(thrown));
  const detail = `${code}: ${messageOf(thrown)}`;
  return NOT_ANSWERED.test(code) ? unreachable(detail) : declined(detail);
}
