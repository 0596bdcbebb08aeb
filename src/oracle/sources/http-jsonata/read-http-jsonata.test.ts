import { describe, expect, it } from "vitest";
import type { FetchText } from "../fetch-text.ts";
import { checkExpression } from "./check-expression.ts";
import { httpJsonataSource } from "./http-jsonata-source.ts";
import { readHttpJsonata } from "./read-http-jsonata.ts";

const document = `{
  "orders": [
    {"id": 1, "state": "paid", "at": "2026-01-01", "total": 0.1},
    {"id": 2, "state": "open", "at": "2026-01-02", "total": 90071992547409931},
    {"id": 3, "state": "paid", "at": "2026-01-03", "total": "0.29", "lines": [{"n": 1}, {"n": 2}]}
  ],
  "share": 0.1234567890123456789012
}`;

function read(expression: string, decimals = 0, text = document, timeoutMs = 5_000) {
  const source = httpJsonataSource.parse({ kind: "http-jsonata", url: "http://shop.example/", expression });
  const fetchText: FetchText = async () => ({ ok: true, text, header: () => undefined });
  return readHttpJsonata(source, decimals, fetchText, { timeoutMs });
}

describe("readHttpJsonata", () => {
  it.each([
    ["share", 18, 123456789012345678n],
    ["orders[id='2'].total", 1, 900719925474099310n],
    ["orders[state='paid'].total", 2, 39n],
    ["orders.total", 1, 900719925474099313n],
    ["$count(orders[state='paid' and at >= '2026-01-02'])", 0, 1n],
    ["$count(orders[state='lost'])", 0, 0n],
    ["orders[-1].lines.n", 0, 3n],
    ["orders[0].id = '1' ? '7' : '8'", 0, 7n],
    ["$$.orders[$contains(state, 'pa')].id", 0, 4n],
    ["**.n", 0, 3n],
  ])("given %s, it reads exactly", async (expression, decimals, value) => {
    expect(await read(expression, decimals)).toMatchObject({ ok: true, value, capture: { text: document } });
  });

  it.each([
    ["orders.lost", "the expression selects no numbers"],
    ["orders", "the expression selects no numbers"],
    ["orders[0].state = 'paid'", "the expression selects no numbers"],
    ["orders.state", 'not a number: "paid"'],
    ["$count(orders) < orders[0].id", "the expression failed"],
  ])("given %s, it is declined", async (expression, detail) => {
    const reading = await read(expression);
    expect(reading).toMatchObject({ ok: false, failure: "declined" });
    expect(reading.ok ? "" : reading.detail).toContain(detail);
  });

  it("given no JSON, it is declined", async () => {
    expect(await read("a", 0, "<html>")).toEqual({ ok: false, failure: "declined", detail: "not JSON" });
  });

  it("iOP-012: given an expression that multiplies its document, it ends in time, and this thread works on meanwhile", async () => {
    const text = JSON.stringify({ a: Array.from({ length: 300 }, (_, index) => index) });
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 10);
    const startedMs = performance.now();
    const reading = await read("$count(a.($$.a.($$.a.($$.a))))", 0, text, 700);
    clearInterval(timer);
    expect(reading).toMatchObject({ ok: false, failure: "declined" });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(ticks).toBeGreaterThan(10);
  });
});

describe("checkExpression", () => {
  it.each([
    "$sum(a)",
    "$number(a)",
    "$random()",
    "$now()",
    "$millis()",
    "$power(a, b)",
    "$eval(a)",
    "$map(a, function($x) { $x })",
    "(function($f) { $f($f) })(function($f) { $f($f) })",
    "a ~> $count",
    "$x := a",
    "[1..1000000]",
    "a[b = 5]",
    "a[b > 5]",
    "1 + 1",
    "a * b",
    "-a",
    "1",
    "a[0.5]",
    "$match(a, /(x+)+y/)",
    "a[b ~> /x/]",
    "a{b: c}",
    '{"a": b}',
    "a^(b)",
    "a@$i.b",
    "a#$i[$i = '1']",
    "|a|{}|",
    "$count(?)",
    "$a",
    "a[",
    "(".repeat(40) + "a" + ")".repeat(40),
  ])("given %s, the definition is refused", (expression) => {
    expect(() => checkExpression(expression)).toThrow();
    const source = { kind: "http-jsonata", url: "http://shop.example/", expression };
    expect(httpJsonataSource.safeParse(source).success).toBe(false);
  });
});
