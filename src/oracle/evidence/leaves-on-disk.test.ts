import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keccak256Text } from "../../core/keccak.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { toJson, type EpochRecord } from "./epoch-record.ts";
import { EvidenceStore } from "./evidence-store.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-leaves-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const leaves: Leaf[] = [1, 2, 3]
  .map((index): Leaf => ({
    project: keccak256Text(`project ${index}`),
    definition: keccak256Text("definition"),
    outcome: "value",
    grade: 2,
    score: BigInt(index),
  }))
  .sort((a, b) => (a.project < b.project ? -1 : 1));

function recordOf(root: string): EpochRecord {
  const word = keccak256Text(root);
  return {
    digest: keccak256Text(`digest ${root}`),
    report: {
      configuration: 1,
      epoch: 7,
      root: word,
      threshold: 5n,
      leafCount: 3,
      scored: 3,
      surviving: 3,
      manifest: word,
    },
    manifest: { inclusion: [], configuration: word, evidence: word },
    leaves,
  };
}

describe("EvidenceStore, leaves", () => {
  it("given a record, it is read again, and its leaves are in a file of their own", () => {
    const store = new EvidenceStore(directory);
    const record = recordOf("one");
    store.saveRecord(record);
    expect(store.record(7)).toEqual(record);
    const { leaves: _, ...head } = record;
    expect(store.head(7)).toEqual(head);
    expect(readdirSync(join(directory, "7")).sort()).toEqual([`leaves-${record.report.root}.bin`, "report.json"]);
  });

  it("given another record of the epoch, its leaves take the place of the first", () => {
    const store = new EvidenceStore(directory);
    store.saveRecord(recordOf("one"));
    const other = { ...recordOf("two"), leaves: leaves.slice(0, 2) };
    store.saveRecord(other);
    expect(store.record(7)).toEqual(other);
    expect(readdirSync(join(directory, "7"))).toHaveLength(2);
  });

  it("given a record of an earlier release, with its leaves in it, they are read", () => {
    const store = new EvidenceStore(directory);
    store.saveRecord(recordOf("one"));
    rmSync(join(directory, "7", `leaves-${recordOf("one").report.root}.bin`));
    writeFileSync(join(directory, "7", "report.json"), toJson(recordOf("one")));
    expect(store.record(7)).toEqual(recordOf("one"));
  });

  it("given a file of leaves that is gone, there is no record; given a damaged one, it says so", () => {
    const store = new EvidenceStore(directory);
    store.saveRecord(recordOf("one"));
    const file = join(directory, "7", `leaves-${recordOf("one").report.root}.bin`);
    writeFileSync(file, "mandate.leaves/1\n");
    expect(() => store.leaves(7)).toThrow(expect.objectContaining({ code: "LeavesMalformed" }));
    rmSync(file);
    expect(store.record(7)).toBeUndefined();
    expect(store.head(7)).toBeDefined();
  });
});
