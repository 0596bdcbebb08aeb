import { describe, expect, it } from "vitest";
import type { Hex } from "../hex.ts";
import { partyOf, type ChallengeParties } from "./party-of.ts";

const account = (number: number): Hex => `0x${number.toString(16).padStart(40, "0")}`;
const parties: ChallengeParties = {
  challenger: account(1),
  payee: account(2),
  members: new Set([account(3)]),
  operators: new Set([account(4)]),
  planAnchors: [account(5), account(6), undefined],
  teamAnchor: account(7),
};

describe("what keeps an account from ruling", () => {
  it.each([
    [1, "challenger", "challenger"],
    [2, "payee", "payee"],
    [3, "member", "member"],
    [4, "operator", "operator"],
    [5, "plan-anchor", undefined],
    [6, "plan-anchor", undefined],
    [7, "team-anchor", undefined],
    [8, undefined, undefined],
  ])("given account %i, it is %s, and %s in the last seat", (number, below, last) => {
    expect(partyOf(account(number), false, parties)).toBe(below);
    expect(partyOf(account(number), true, parties)).toBe(last);
  });

  it("given an organization of which nothing is known, it bars nobody but the challenger", () => {
    const nothing = {
      challenger: account(1),
      payee: undefined,
      ...{ members: new Set<Hex>(), operators: new Set<Hex>(), planAnchors: [undefined], teamAnchor: undefined },
    };
    expect(partyOf(account(1), false, nothing)).toBe("challenger");
    expect(partyOf(account(2), false, nothing)).toBeUndefined();
  });
});
