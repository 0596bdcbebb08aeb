import { describe, expect, it } from "vitest";
import { boundaries } from "../../sdk/contract-enums.ts";
import { boundaryText } from "./boundary-text.ts";

const scopes = ["refunds", "pricing", "deals"];

describe("boundaryText", () => {
  it.each([
    ["team-impact", 50_000_0000n, 50_000_0001n, "0.0001 too much"],
    ["grant-cap", 100_0000n, 250_5000n, "by 150.5"],
    ["reversibility", 90n, 60n, "reversible to 60 %, and the team may decide alone from 90 % on"],
    ["scope", 0b101n, 1n, "its scope pricing is not among the team's (refunds, deals)"],
    ["scope", 0n, 7n, "its scope 7 is not among the team's (none)"],
    ["rate-missing", 0n, 1_800_000_000n, "never valued"],
    ["rate-missing", 1_700_000_000n, 1_800_000_000n, "ended at 2023-11-14 22:13:20 UTC"],
  ] as const)("given %s with limit %i and actual %i, it says %s", (boundary, limit, actual, words) => {
    expect(boundaryText({ boundary, limit, actual }, scopes)).toContain(words);
  });

  it("has words for every boundary, and says when it does not know one", () => {
    const said = boundaries.map((boundary) => boundaryText({ boundary, limit: 1n, actual: 2n }, scopes));
    expect(new Set(said).size).toBe(boundaries.length);
    expect(boundaryText({ boundary: "99", limit: 1n, actual: 2n }, scopes)).toContain("does not know");
  });
});
