import { encodeAbiParameters, encodeFunctionData, parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import { captureOf, measureCapture } from "./measure-capture.ts";
import { adapterVersions, sourceSpecification } from "./source-specification.ts";

const moment = { epoch: 3, startSeconds: 1_000, endSeconds: 1_600, block: { number: 9, hash: documentHash("block") } };
const ADDRESS = `0x${"ab".repeat(20)}`;
const balance = parseAbi(["function total() view returns (uint256)"]);
const returned = encodeAbiParameters([{ type: "uint256" }], [1_234n]);
const call = `${moment.block.hash} ${ADDRESS} ${encodeFunctionData({ abi: balance })} ${returned}`;
const contract = { kind: "contract", address: ADDRESS, function: "function total() view returns (uint256)", places: 2 };
const ndjson = {
  kind: "file",
  directory: "events",
  path: "sales.ndjson",
  content: {
    format: "ndjson",
    time: { pointer: "/at", format: "unix-seconds" },
    where: [{ pointer: "/state", equals: "paid" }],
    measure: { sum: "/total" },
  },
};
const json = { kind: "file", directory: "d", path: "a.json", content: { format: "json", pointer: "/n" } };
const git = { kind: "git", repository: "site", branch: "main", measure: "commits" };
const github = { kind: "github", repository: "office/site", measure: "releases" };
const http = { kind: "http-json", url: "http://a.example/", pointer: "/n" };
const jsonata = { kind: "http-jsonata", url: "http://a.example/", expression: "orders[state = 'paid'].total" };
const prometheus = { kind: "prometheus", url: "http://a.example/", metric: "calls", labels: {} };
const query = { kind: "prometheus-query", url: "http://a.example", query: "calls" };
const sql = { kind: "sql", database: "shop", statement: "select 1" };

const instant = (at: number): string =>
  JSON.stringify({ status: "success", data: { resultType: "scalar", result: [at, "1.25"] } });

function measure(source: object, text: string, decimals: number): Promise<bigint | undefined> {
  return measureCapture(sourceSpecification.parse(source), text, decimals, moment, 5_000);
}

describe("measureCapture", () => {
  it.each([
    [contract, call, 2, 1_234n],
    [json, '{"n":"2.5"}', 1, 25n],
    [ndjson, '{"at":1000,"state":"paid","total":2.5}\n{"at":1599,"state":"paid","total":1}', 1, 35n],
    [ndjson, "", 1, 0n],
    [git, `1000 ${"a".repeat(40)}\n1599 ${"b".repeat(40)}`, 1, 20n],
    [git, "", 1, 0n],
    [github, "1000 7\n1599 8", 0, 2n],
    [github, "", 0, 0n],
    [http, '{"n":-1.5}', 1, -15n],
    [
      jsonata,
      '{"orders":[{"state":"paid","total":1.5},{"state":"paid","total":2},{"state":"open","total":9}]}',
      1,
      35n,
    ],
    [prometheus, "calls 1.5\n", 1, 15n],
    [query, instant(1_600), 2, 125n],
    [sql, "3.19", 1, 31n],
  ])("given %o and a capture of it, it gives what the operator read", async (source, text, decimals, value) => {
    expect(await measure(source, text, decimals)).toBe(value);
  });

  it.each([
    [contract, call.replace(moment.block.hash, documentHash("another block"))],
    [contract, call.replace(ADDRESS, `0x${"cd".repeat(20)}`)],
    [contract, `${call} ${returned}`],
    [contract, ""],
    [json, "[]"],
    [ndjson, "not json"],
    [git, `999 ${"a".repeat(40)}`],
    [git, `1600 ${"a".repeat(40)}`],
    [github, "1600 7"],
    [github, "1000 seven"],
    [http, "{"],
    [jsonata, '{"orders":[]}'],
    [prometheus, "others 1\n"],
    [query, instant(1_601)],
    [sql, "[secret]"],
  ])("given %o and a text that is no capture of it in this epoch, it gives nothing", async (source, text) => {
    expect(await measure(source, text, 0)).toBeUndefined();
  });

  it("given the same commit or event twice, it counts once", async () => {
    expect(await measure(github, "1000 7\n1000 7", 0)).toBe(1n);
  });

  it("says of every kind what its capture is", () => {
    expect(Object.keys(captureOf).sort()).toEqual(Object.keys(adapterVersions).sort());
  });
});
