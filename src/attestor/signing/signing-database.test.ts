import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { openSigningDatabase, type SigningSlot } from "./signing-database.ts";

const word = (digit: string): Hex => `0x${digit.repeat(64)}`;
const slot: SigningSlot = {
  chainId: 31337,
  vault: `0x${"a".repeat(40)}`,
  project: word("1"),
  milestone: 0,
  planVersion: 1,
  round: 0,
};

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "attestor-db-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("openSigningDatabase", () => {
  it("given a claimed slot, when other evidence comes after a restart, it answers the first", () => {
    const path = join(directory, "nested", "signing.sqlite");
    const first = openSigningDatabase(path);
    expect(first.claim(slot, word("2"), "{}")).toBe(word("2"));
    first.close();

    const second = openSigningDatabase(path);
    expect(second.claim(slot, word("3"), "[]")).toBe(word("2"));
    expect(second.claim(slot, word("2"), "{}")).toBe(word("2"));
    expect(second.manifest(word("2"))).toBe("{}");
    expect(second.manifest(word("3"))).toBeUndefined();
    second.close();
  });

  it.each([{ round: 1 }, { milestone: 1 }, { planVersion: 2 }, { project: word("9") }, { chainId: 1 }])(
    "given a claimed slot, when another slot (%j) is claimed, it is free",
    (other) => {
      const database = openSigningDatabase(join(directory, "signing.sqlite"));
      database.claim(slot, word("2"), "{}");
      expect(database.claim({ ...slot, ...other }, word("3"), "[]")).toBe(word("3"));
      database.close();
    },
  );
});
