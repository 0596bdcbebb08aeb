import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { opening } from "../../../test/support/evidence-bundle.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { ProjectList } from "../epochs/project-list.ts";
import { toJson } from "./epoch-record.ts";
import { EvidenceStore } from "./evidence-store.ts";

const { epoch } = opening.window;
let directory: string;
let store: EvidenceStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-opening-"));
  store = new EvidenceStore(directory);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const names = (): readonly string[] => readdirSync(join(directory, String(epoch))).sort();

describe("the opening of an epoch on the disk", () => {
  it("given one, it is read as it was written, its projects from a file of their own", () => {
    store.saveOpening(opening);
    expect(store.opening(epoch)).toEqual(opening);
    expect(names()).toEqual(["opening.json", `projects-${opening.block.hash}.bin`]);
  });

  it("given another block, its projects replace those of the first", () => {
    store.saveOpening(opening);
    const block = { number: opening.block.number, hash: documentHash("another block") };
    const other = { ...opening, block, facts: { ...opening.facts, projects: ProjectList.of([]) } };
    store.saveOpening(other);
    expect(store.opening(epoch)).toEqual(other);
    expect(names()).toEqual(["opening.json", `projects-${block.hash}.bin`]);
  });

  it("given the projects of another block alone, as a crash can leave them, there is no opening of them", () => {
    store.saveOpening(opening);
    rmSync(join(directory, String(epoch), `projects-${opening.block.hash}.bin`));
    writeFileSync(join(directory, String(epoch), `projects-${documentHash("another block")}.bin`), "");
    expect(store.opening(epoch)).toBeUndefined();
  });

  it("given a damaged file of projects, it says so", () => {
    store.saveOpening(opening);
    writeFileSync(join(directory, String(epoch), `projects-${opening.block.hash}.bin`), "");
    expect(() => store.opening(epoch)).toThrow(expect.objectContaining({ code: "ProjectsMalformed" }));
  });

  it("given one of a release that had no file of projects, it is read", () => {
    mkdirSync(join(directory, String(epoch)));
    writeFileSync(join(directory, String(epoch), "opening.json"), toJson(opening));
    expect(store.opening(epoch)).toEqual(opening);
  });

  it("given that its bundle is dropped, so are its projects", () => {
    store.saveOpening(opening);
    store.dropBundle(epoch);
    expect(names()).toEqual([]);
  });
});
