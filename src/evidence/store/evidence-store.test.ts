import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { EvidenceStore, type StoreLimits } from "./evidence-store.ts";
import type { EvidencePlace } from "./load-store.ts";

const project: Hex = `0x${"a1".repeat(32)}`;
const place: EvidencePlace = { project, milestone: 0 };
const other: EvidencePlace = { project, milestone: 1 };
const payee: Hex = `0x${"b2".repeat(20)}`;
const roomy: StoreLimits = { totalBytes: 1_000, milestoneBytes: 1_000, milestoneRecords: 10 };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "evidence-store-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (limits: Partial<StoreLimits> = {}) => EvidenceStore.open(directory, { ...roomy, ...limits });
const upload = (text: string, uploadedAt = 7) => ({
  bytes: Buffer.from(text),
  contentType: "text/plain",
  uploadedBy: payee,
  uploadedAt,
});
const contentFile = (text: string): string => join(directory, "contents", keccak256Text(text));
const textOf = async (store: EvidenceStore, at: EvidencePlace, text: string): Promise<string> => {
  const lookup = await store.read(at, keccak256Text(text));
  return lookup.found ? Buffer.from(lookup.bytes).toString() : lookup.reason;
};

describe("an evidence store", () => {
  it("given bytes, it keeps them under their Keccak-256, for that milestone alone", async () => {
    const store = await open();
    const outcome = await store.put(place, upload("report"));
    const record = {
      hash: keccak256Text("report"),
      sizeBytes: 6,
      contentType: "text/plain",
      uploadedBy: payee,
      uploadedAt: 7,
    };
    expect(outcome).toEqual({ stored: true, isNew: true, record });
    expect([await textOf(store, place, "report"), await textOf(store, other, "report")]).toEqual(["report", "missing"]);
    expect([store.list(place), store.list(other)]).toEqual([[record], []]);
  });

  it("given the same bytes again, the first record stays; for another milestone the content is kept once", async () => {
    const store = await open();
    const first = await store.put(place, upload("report"));
    const again = await store.put(place, { ...upload("report", 9), contentType: "text/html" });
    expect(again).toEqual({ ...first, isNew: false });
    expect(await store.put(other, upload("report", 9))).toMatchObject({ isNew: true, record: { uploadedAt: 9 } });
    expect(store.usage()).toEqual({ bytes: 6, contents: 1, records: 2 });
  });

  it("given a restart, it has what it had, and removes what an interrupted write left", async () => {
    const before = await open();
    await before.put(place, upload("one", 1));
    await before.put(place, upload("two", 0));
    writeFileSync(join(directory, "contents", `${keccak256Text("three")}.0011223344556677.partial`), "thr");
    const after = await open();
    expect(after.list(place)).toEqual(before.list(place));
    expect(after.list(place).map(({ hash }) => hash)).toEqual([keccak256Text("two"), keccak256Text("one")]);
    expect(after.usage()).toEqual({ bytes: 6, contents: 2, records: 2 });
    expect(readdirSync(join(directory, "contents"))).toHaveLength(2);
  });

  it("given evidence of a challenge, it is of no milestone, and is there after a restart", async () => {
    const challenge: EvidencePlace = { challenge: project }; // no id of a project, but it could be spelled as one
    const before = await open();
    await before.put(challenge, upload("lockstep"));
    const after = await open();
    for (const store of [before, after]) {
      const [own, milestones] = [await textOf(store, challenge, "lockstep"), await textOf(store, place, "lockstep")];
      expect([own, milestones]).toEqual(["lockstep", "missing"]);
    }
    expect(after.list(challenge)).toEqual(before.list(challenge));
  });

  it("given a crash between content and record, nobody is served the content, and the next upload completes it", async () => {
    await open();
    writeFileSync(contentFile("late"), "late");
    const store = await open();
    expect(await textOf(store, place, "late")).toBe("missing");
    expect(await store.put(place, upload("late"))).toMatchObject({ stored: true, isNew: true });
    expect(await textOf(store, place, "late")).toBe("late");
  });

  it.each<[string, (file: string) => void]>([
    ["changed", (file) => writeFileSync(file, "Report")],
    ["cut short", (file) => truncateSync(file, 3)],
    ["removed", (file) => rmSync(file)],
  ])("given content that was %s on the disk, it is not served until it is uploaded again", async (_how, tamper) => {
    const store = await open();
    await store.put(place, upload("report"));
    tamper(contentFile("report"));
    expect(await textOf(store, place, "report")).toBe("damaged");
    expect(await textOf(await open(), place, "report")).toBe("damaged");
    expect(await store.put(place, upload("report"))).toMatchObject({ stored: true, isNew: false });
    expect(await textOf(store, place, "report")).toBe("report");
    expect(readFileSync(contentFile("report"), "utf8")).toBe("report");
  });

  it.each(["{", "{}", "other"])(
    "given a record that was altered (%s), it does not open on a guess",
    async (content) => {
      const store = await open();
      await store.put(place, upload("report"));
      const path = join(directory, "records", project, "0", `${keccak256Text("report")}.json`);
      const altered = content === "other" ? readFileSync(path, "utf8").replace(/0x[0-9a-f]{64}/, project) : content;
      writeFileSync(path, altered);
      await expect(open()).rejects.toMatchObject({ code: "EvidenceRecordInvalid", data: { path } });
    },
  );

  it.each<[Partial<StoreLimits>, string, boolean | string]>([
    [{ milestoneBytes: 8 }, "12345", true],
    [{ milestoneBytes: 7 }, "12345", "milestone-full"],
    [{ totalBytes: 8 }, "12345", true],
    [{ totalBytes: 7 }, "12345", "store-full"],
    [{ milestoneRecords: 2 }, "12345", true],
    [{ milestoneRecords: 1 }, "12345", "milestone-records"],
  ])("given %j and three bytes there, five more are stored or refused: %s %s", async (limits, text, expected) => {
    const store = await open(limits);
    await store.put(place, upload("abc"));
    const outcome = await store.put(place, upload(text));
    expect(outcome.stored || outcome.reason).toBe(expected);
    expect(await store.put(place, upload("abc"))).toMatchObject({ stored: true, isNew: false }); // what is there needs no room
  });

  it("given a full milestone, another one still takes what fits the whole; known content needs no room of it", async () => {
    const store = await open({ totalBytes: 6, milestoneBytes: 3 });
    await store.put(place, upload("abc"));
    expect(await store.put(place, upload("d"))).toEqual({ stored: false, reason: "milestone-full" });
    expect(await store.put(other, upload("def"))).toMatchObject({ stored: true });
    expect(await store.put({ project, milestone: 2 }, upload("g"))).toEqual({ stored: false, reason: "store-full" });
    expect(await store.put({ project, milestone: 2 }, upload("abc"))).toMatchObject({ stored: true, isNew: true });
  });

  it("given uploads at the same time, the bounds hold for all of them together", async () => {
    const store = await open({ totalBytes: 5 });
    const outcomes = await Promise.all(
      ["a", "b", "c", "d", "e", "f"].map((letter) => store.put(place, upload(letter))),
    );
    expect(outcomes.filter(({ stored }) => stored)).toHaveLength(5);
    expect(store.usage().bytes).toBe(5);
  });

  it("given an upload that fails, the next one is not harmed", async () => {
    const store = await open();
    rmSync(join(directory, "contents"), { recursive: true });
    await expect(store.put(place, upload("abc"))).rejects.toMatchObject({ code: "ENOENT" });
    const again = await open();
    expect(await again.put(place, upload("abc"))).toMatchObject({ stored: true });
    expect(store.list(place)).toEqual([]);
  });
});
