import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import { loadIdentityRecords } from "./identity-records.ts";

const account = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const record = { kind: "mandate.identity/1", name: "Ada", role: "CEO", organization: "O", account, salt: "0x00" };
const lower = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-records-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe("identity records", () => {
  it("are found by anchor and hash, whatever the order of their keys, beside other files", () => {
    writeFileSync(join(directory, "a.json"), JSON.stringify(Object.fromEntries(Object.entries(record).reverse())));
    writeFileSync(join(directory, "broken.json"), "{");
    writeFileSync(join(directory, "reason.json"), JSON.stringify({ reason: "other" }));
    const has = loadIdentityRecords(directory);
    expect(has(lower, documentHash(record))).toBe(true);
    expect(has("0x0000000000000000000000000000000000000001", documentHash(record))).toBe(false);
  });

  it("given one that was altered or erased, it is not there", () => {
    expect(loadIdentityRecords(directory)(lower, documentHash(record))).toBe(false);
    writeFileSync(join(directory, "a.json"), JSON.stringify({ ...record, name: "Eve" }));
    expect(loadIdentityRecords(directory)(lower, documentHash(record))).toBe(false);
  });
});
