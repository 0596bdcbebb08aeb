import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { decideAccess, type MilestoneParties } from "./decide-access.ts";

const account = (digit: string): Hex => `0x${digit.repeat(40)}`;
const key: Hex = `0x${"7e".repeat(84)}`;
const parties: MilestoneParties = {
  payee: account("a"),
  opener: account("b"),
  anchor: account("c"),
  attestors: [account("d"), account("e"), key],
  revoked: 0b010n,
};

describe("access to a milestone's evidence", () => {
  it.each<[string, Hex, string, string]>([
    ["the payee", account("a"), "payee", "payee"],
    ["the payee in capitals", account("A"), "payee", "payee"],
    ["the opener", account("b"), "opener", "opener"],
    ["the anchor", account("c"), "anchor", "may-only-read"],
    ["an attestor", account("d"), "attestor", "may-only-read"],
    ["an attestor with a key", key, "attestor", "may-only-read"],
    ["an attestor whose seat is revoked", account("e"), "seat-revoked", "seat-revoked"],
    ["a stranger", account("f"), "not-a-party", "not-a-party"],
    ["a key's verifier alone", key.slice(0, 42) as Hex, "not-a-party", "not-a-party"],
  ])("given %s, reading and uploading are decided", (_who, signer, read, upload) => {
    const decided = (["read", "upload"] as const).map((action) => {
      const decision = decideAccess(action, signer, parties);
      return decision.allowed ? decision.as : decision.reason;
    });
    expect(decided).toEqual([read, upload]);
  });
});
