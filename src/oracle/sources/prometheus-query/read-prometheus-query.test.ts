import { describe, expect, it } from "vitest";
import type { FetchText } from "../fetch-text.ts";
import { instantQueryUrl, measureInstant, readPrometheusQuery } from "./read-prometheus-query.ts";
import { prometheusQuerySource } from "./prometheus-query-source.ts";

const window = { epoch: 7, startSeconds: 1_700_000_000, endSeconds: 1_700_000_060 };
const source = {
  kind: "prometheus-query",
  url: "http://prometheus.example:9090/base/",
  query: 'sum(increase(calls_total{route="/a b"}[60s]))',
} as const;

function vector(...values: readonly string[]): string {
  const result = values.map((value) => ({ metric: { __name__: "calls" }, value: [window.endSeconds, value] }));
  return JSON.stringify({ status: "success", data: { resultType: "vector", result } });
}

describe("readPrometheusQuery", () => {
  it("given an epoch, every operator asks for the same instant: the epoch's end", async () => {
    const asked: string[] = [];
    const fetchText: FetchText = async (url) => {
      asked.push(url);
      return { ok: true, text: vector("41.9"), header: () => undefined };
    };
    expect(await readPrometheusQuery(source, window, 0, fetchText)).toMatchObject({ ok: true, value: 41n });
    const url = new URL(asked[0] ?? "");
    expect([url.origin, url.pathname]).toEqual(["http://prometheus.example:9090", "/base/api/v1/query"]);
    expect(Object.fromEntries(url.searchParams)).toEqual({ query: source.query, time: "1700000060" });
    expect(instantQueryUrl({ ...source, url: "http://prometheus.example:9090/base" }, window)).toBe(asked[0]);
  });

  it.each([
    [vector("0.1234567890123456789"), 18, 123456789012345678n],
    [vector("1.5e+06"), 0, 1_500_000n],
    [`{"status":"success","data":{"resultType":"scalar","result":[1700000060,"3"]}}`, 0, 3n],
    [`{"status":"success","data":{"resultType":"scalar","result":[1700000060.000,"3"]},"infos":["counter?"]}`, 0, 3n],
  ])("given %s, it reads the number exactly", (text, decimals, value) => {
    expect(measureInstant(text, window, decimals)).toMatchObject({ ok: true, value, capture: { text } });
  });

  it.each([
    [vector(), "0 samples instead of one"],
    [vector("1", "2"), "2 samples instead of one"],
    [vector("NaN"), "not a finite number: NaN"],
    [vector("+Inf"), "not a finite number: +Inf"],
    [vector("1").replaceAll("1700000060", "1700000059"), "evaluated at 1700000059"],
    [vector("1").replaceAll("1700000060", "1700000060.5"), "evaluated at 1700000060.5"],
    [
      vector("1").replace("{", '{"warnings":["a store did not answer"],'),
      "the result may not be whole: a store did not answer",
    ],
    [
      '{"status":"error","errorType":"bad_data","error":"parse error"}',
      "not the answer to an instant query with a scalar or a vector",
    ],
    [
      '{"status":"success","data":{"resultType":"matrix","result":[]}}',
      "not the answer to an instant query with a scalar or a vector",
    ],
    ["<html>", "not JSON"],
  ])("given %s, it is declined", (text, detail) => {
    expect(measureInstant(text, window, 0)).toEqual({ ok: false, failure: "declined", detail });
  });

  it("given an address with a query of its own, the definition is refused", () => {
    expect(prometheusQuerySource.safeParse(source).success).toBe(true);
    for (const url of ["http://p.example/?time=1", "http://p.example/#a", "ftp://p.example/", "p.example"]) {
      expect(prometheusQuerySource.safeParse({ ...source, url }).success).toBe(false);
    }
  });
});
