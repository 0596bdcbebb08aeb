import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { DefinitionLibrary, type FindDocument } from "./definition-library.ts";

const hash = documentHash(exampleDefinition);
const nobody: FindDocument = () => Promise.resolve(undefined);
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-documents-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("DefinitionLibrary", () => {
  it("given a document in its directory, it knows the definition and serves the document as it was published", async () => {
    writeFileSync(join(directory, `${hash}.json`), JSON.stringify(exampleDefinition));
    const library = new DefinitionLibrary(directory);
    expect((await library.load([hash, hash], nobody)).map((each) => each.hash)).toEqual([hash]);
    expect(library.document(hash)).toEqual(exampleDefinition);
  });

  it("given a document that a peer has, it keeps it for the others", async () => {
    await new DefinitionLibrary(join(directory, "new")).load([hash], () => Promise.resolve(exampleDefinition));
    expect(readdirSync(join(directory, "new"))).toEqual([`${hash}.json`]);
    const again = new DefinitionLibrary(join(directory, "new"));
    expect(await again.load([hash], nobody)).toHaveLength(1);
  });

  it("given a file or a peer whose content has another hash, it does not believe it", async () => {
    writeFileSync(join(directory, `${hash}.json`), JSON.stringify({ ...exampleDefinition, title: "forged" }));
    const library = new DefinitionLibrary(directory);
    const forged = { ...exampleDefinition, title: "also forged" };
    expect(await library.load([hash], () => Promise.resolve(forged))).toEqual([]);
    expect(library.document(hash)).toBeUndefined();
  });

  it("given a document that is no definition, it says why, and asks nobody again", async () => {
    const document = { kind: "something else" };
    const other = documentHash(document);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${other}.json`), JSON.stringify(document));
    const library = new DefinitionLibrary(directory);
    let asked = 0;
    const find: FindDocument = () => {
      asked += 1;
      return Promise.resolve(undefined);
    };
    expect(await library.load([other], find)).toEqual([]);
    expect(await library.load([other], find)).toEqual([]);
    expect(library.problemOf(other)).toContain("kind");
    expect(asked).toBe(0);
  });
});
