import { describe, expect, it } from "vitest";
import { hasWindow } from "./has-window.ts";
import { sourceSpecification } from "./source-specification.ts";

const url = "https://metrics.example/";
const ndjson = { format: "ndjson", time: { pointer: "/at", format: "unix-seconds" }, measure: "count" };
const sql = { kind: "sql", database: "billing", statement: "select 1" };

describe("hasWindow", () => {
  it.each([
    [true, { kind: "git", repository: "site", branch: "main", measure: "commits" }],
    [true, { kind: "github", repository: "a/b", measure: "releases" }],
    [true, { kind: "prometheus-query", url, query: "sum(calls)" }],
    [true, { kind: "file", directory: "events", path: "events.ndjson", content: ndjson }],
    [true, { ...sql, parameters: ["startSeconds", "endSeconds"] }],
    [true, { ...sql, parameters: ["epoch"] }],
    [false, { ...sql, parameters: ["startSeconds"] }],
    [false, sql],
    [false, { kind: "file", directory: "events", path: "now.json", content: { format: "json", pointer: "/n" } }],
    [false, { kind: "http-json", url, pointer: "/n" }],
    [false, { kind: "http-jsonata", url, expression: "n" }],
    [false, { kind: "prometheus", url, metric: "calls_total" }],
    [false, { kind: "contract", address: `0x${"1".repeat(40)}`, function: "function total() view returns (uint256)" }],
  ])("is %s for %j", (expected, document) => {
    const parsed = sourceSpecification.safeParse(document);
    if (!parsed.success) throw parsed.error;
    expect(hasWindow(parsed.data)).toBe(expected);
  });
});
