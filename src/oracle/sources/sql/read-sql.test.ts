import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startThrowawayPostgres, type ThrowawayPostgres } from "../../../../test/support/throwaway-postgres.ts";
import { readSql } from "./read-sql.ts";
import { sqlSource } from "./sql-source.ts";

const window = { epoch: 3, startSeconds: 1_700_000_000, endSeconds: 1_700_000_060 };
const password = "reader-password %41/@:?#";
let server: ThrowawayPostgres;
let owner: pg.Pool;
let url: string;

function read(
  statement: string,
  options: { parameters?: readonly string[]; decimals?: number; timeoutMs?: number } = {},
) {
  const source = sqlSource.parse({ kind: "sql", database: "shop", statement, parameters: options.parameters ?? [] });
  const access = { url, password, timeoutMs: options.timeoutMs ?? 5_000 };
  return readSql(source, access, window, options.decimals ?? 0);
}

beforeAll(async () => {
  server = await startThrowawayPostgres();
  const database = await server.createDatabase();
  owner = database.pool;
  await owner.query(`
    create table sales (at timestamptz not null, amount numeric not null, share float8);
    insert into sales select to_timestamp(1700000000 + s), 0.1, 0.1 from unnest(array[-1, 0, 59, 60]) s;
    create role reader login password '${password}';
    grant select, insert, update, delete on sales to reader;
    create sequence counter; grant usage on sequence counter to reader;
    create function take() returns int language plpgsql as $$ begin delete from sales; return 1; end $$;
  `);
  const reader = new URL(database.url);
  reader.username = "reader";
  reader.password = "";
  url = reader.href;
});
afterAll(() => server.stop());

describe("readSql", () => {
  it("given the window, it counts and sums exactly what lies in it", async () => {
    const within = "from sales where at >= to_timestamp($1) and at < to_timestamp($2)";
    const parameters = ["startSeconds", "endSeconds"];
    expect(await read(`select count(*) ${within}`, { parameters })).toMatchObject({
      ok: true,
      value: 2n,
      capture: { text: "2" },
    });
    expect(await read(`select sum(amount) ${within}`, { parameters, decimals: 2 })).toMatchObject({
      ok: true,
      value: 20n,
    });
    expect(await read("select $1::int", { parameters: ["epoch"] })).toMatchObject({ ok: true, value: 3n });
  });

  it.each([
    ["select 12345678901234567890.123456789012345678", 18, 12345678901234567890123456789012345678n],
    ["select '1.5e3'", 0, 1_500n],
    ["select 7::smallint -- a comment", 0, 7n],
    ["with s as (select amount from sales) select count(*) from s", 0, 4n],
    ["select coalesce(sum(amount), 0) from sales where false", 0, 0n],
  ])("given %s, it reads the number exactly", async (statement, decimals, value) => {
    expect(await read(statement, { decimals })).toMatchObject({ ok: true, value });
  });

  it.each([
    ["no row", "select amount from sales where false", "no row, or null"],
    ["null", "select null::int", "no row, or null"],
    ["two rows", "select amount from sales", "21000: more than one row"],
    ["two columns", "select 1, 2", "42601: subquery must return only one column"],
    ["floating point", "select share from sales limit 1", "a double precision, which is no exact number"],
    ["text that is no number", "select 'many'", "not a finite number"],
    ["no finite number", "select 'NaN'::numeric", "not a finite number"],
    ["a long text", "select repeat('1', 100000000)", "not a finite number"],
    ["another type", "select now()", "a timestamp with time zone, which is no exact number"],
    ["a second statement", "select 1; select 2", "42601: syntax error"],
    ["a table that is not there", "select count(*) from lost", '42P01: relation "lost" does not exist'],
    ["a place without a parameter", "select $1::int", "08P01"],
  ])("given %s, it is declined", async (_, statement, detail) => {
    const reading = await read(statement, { timeoutMs: 20_000 });
    expect(reading).toMatchObject({ ok: false, failure: "declined" });
    expect(reading.ok ? "" : reading.detail).toContain(detail);
  });

  it.each([
    ["a function that deletes", "select take()", "25006"],
    ["a function of the server that counts on", "select nextval('counter')", "25006"],
    ["a query that deletes", "with gone as (delete from sales returning 1) select count(*) from gone", "42601|0A000"],
    [
      "one that leaves its brackets and its transaction",
      "select 1) as v offset 0) as answer; commit; delete from sales; select '1' as value, 'integer' as type from (select (select 1",
      "42601: cannot insert multiple commands into a prepared statement",
    ],
    ["one that wants to write again", "select set_config('transaction_read_only', 'off', true)", "25001"],
  ])("iOP-012: given %s, nothing is written", async (_, statement, code) => {
    const reading = await read(statement);
    expect(reading).toMatchObject({ ok: false, failure: "declined" });
    expect(reading.ok ? "" : reading.detail).toMatch(new RegExp(`^(${code})`));
    const { rows } = await owner.query<{ count: string }>("select count(*) from sales");
    expect(rows).toEqual([{ count: "4" }]);
  });

  it.each([
    "delete from sales",
    "do $$ begin end $$",
    "copy sales to program 'id'",
    "commit",
    "set role reader",
    "",
    "explain select 1",
  ])("given the statement %j, the definition is refused", (statement) => expect(() => read(statement)).toThrow());

  it("iOP-012: given a slow query, the server ends it, and it is unreachable", async () => {
    const startedMs = performance.now();
    expect(await read("select 1 from pg_sleep(30)", { timeoutMs: 300 })).toMatchObject({
      ok: false,
      failure: "unreachable",
      detail: "57014: canceling statement due to statement timeout",
    });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    const { rows } = await owner.query(
      "select 1 from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid()",
    );
    expect(rows).toEqual([]);
  });

  it("given a superuser, a wrong password or no server, it asks nothing", async () => {
    const source = sqlSource.parse({ kind: "sql", database: "shop", statement: "select 1" });
    const access = { url, password, timeoutMs: 2_000 };
    const own = server.ownerUrl;
    const attempts = [
      { ...access, url: own, password: undefined },
      { ...access, password: "wrong-password" },
      { ...access, url: "postgres://reader@127.0.0.1:1/shop" },
    ];
    for (const each of attempts) {
      const reading = await readSql(source, each, window, 0);
      expect(reading).toMatchObject({ ok: false, failure: "unreachable" });
      expect(reading.ok ? "" : reading.detail).not.toMatch(/password-|wrong-password|reader-password/);
    }
  });
});
