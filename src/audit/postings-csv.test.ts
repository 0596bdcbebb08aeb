import { describe, expect, it } from "vitest";
import type { Hex } from "../core/hex.ts";
import { csvCell, postingsCsv } from "./postings-csv.ts";

describe("csvCell", () => {
  it.each([
    ["=1+1", `"'=1+1"`],
    ["+1", `"'+1"`],
    ["-1", `"'-1"`],
    ["@x", `"'@x"`],
    ["a,b", `"a,b"`],
    ['say "x"', `"say ""x"""`],
    ["pool:0x01", "pool:0x01"],
    ["", ""],
  ])("given %j, it writes %s", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

describe("postingsCsv", () => {
  it("names transaction and log of every posting", () => {
    const word: Hex = `0x${"1".repeat(64)}`;
    const address: Hex = `0x${"2".repeat(40)}`;
    const place = { blockNumber: 7n, blockTimestamp: 9n, transaction: word, logIndex: 3 };
    const log = { address, topics: [], data: "0x", ...place } as const;
    const rows = postingsCsv([
      {
        log,
        event: "PoolDeposited",
        asset: address,
        amount: 5n,
        from: { in: "outside" },
        to: { in: "pool", pool: word },
      },
    ]);
    expect([...rows]).toEqual([
      "block,timestamp,transaction,logIndex,vault,event,asset,amount,from,to",
      `7,9,${word},3,${address},PoolDeposited,${address},5,outside,pool:${word}`,
    ]);
  });
});
