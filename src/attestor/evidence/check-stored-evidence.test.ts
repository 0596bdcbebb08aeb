import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { checkStoredEvidence, type StoredEvidenceCheck } from "./check-stored-evidence.ts";

const files = [
  { name: "report.pdf", keccak256: keccak256Text("report") },
  { name: "data.csv", keccak256: keccak256Text("data") },
];
const delivered = { kind: "file-hash", files };
const document = { kind: "json-assertions", document: { done: true } };
const assertions = { kind: "json-assertions" as const, assertions: [{ pointer: "/done", equals: true }] };

function check(manifest: unknown, change: Partial<StoredEvidenceCheck> = {}) {
  return checkStoredEvidence({
    specification: { kind: "file-hash", files },
    hash: documentHash(manifest),
    manifest,
    has: () => Promise.resolve(true),
    repositories: {},
    ...change,
  });
}

describe("checkStoredEvidence", () => {
  it("given every specified file in the store, it is met", async () => {
    expect(await check(delivered)).toEqual({ met: true, manifest: delivered });
  });

  it("given a file that is not stored, it names it", async () => {
    const verdict = await check(delivered, { has: (hash) => Promise.resolve(hash !== files[1]?.keccak256) });
    const problem = `data.csv is missing: nothing with the hash ${files[1]?.keccak256} is stored`;
    expect(verdict).toEqual({ met: false, problem });
  });

  it("given a manifest that says more or less than was checked, it is not met", async () => {
    const manifest = { ...delivered, files: files.slice(0, 1) };
    expect(await check(manifest)).toEqual({
      met: false,
      problem: `the manifest of what was checked has the hash ${documentHash(delivered)}, not ${documentHash(manifest)}`,
    });
  });

  it("given a document that meets the assertions, its own hash is what is signed", async () => {
    expect(await check(document, { specification: assertions })).toEqual({ met: true, manifest: document });
    const undone = { ...document, document: { done: false } };
    expect(await check(undone, { specification: assertions })).toMatchObject({ met: false });
  });

  it.each([null, 1, {}, { kind: "json-assertions" }, { kind: "git-tag", commit: "main" }])(
    "given %j, it says that this is no evidence",
    async (manifest) => {
      const verdict = await check(manifest, { specification: assertions });
      expect("problem" in verdict && verdict.problem).toMatch(/^the stored document is no evidence/);
    },
  );

  it("given evidence of another kind than specified, it says so", async () => {
    const commit = { kind: "git-tag", commit: "0".repeat(40) };
    expect(await check(commit, { specification: assertions })).toEqual({
      met: false,
      problem: "the specification wants evidence of kind json-assertions, not git-tag",
    });
  });
});
