import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { committedDefinition, heldOutCommitment, heldOutDocument } from "../../../test/support/held-out.ts";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { FindDocument } from "../documents/document-directory.ts";
import { DefinitionLibrary, openDefinitions } from "./definition-library.ts";

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

describe("openDefinitions", () => {
  const committed = documentHash(committedDefinition);
  const documents = new Map<string, unknown>([
    [committed, committedDefinition],
    [heldOutCommitment, heldOutDocument],
  ]);
  const probesIn = async (epoch: number, find: FindDocument): Promise<number | undefined> => {
    const [known] = await openDefinitions(new DefinitionLibrary(join(directory, "own")), [committed], epoch, find);
    return known?.definition.probes?.length;
  };

  it("given that a peer shows what was held back, it is kept and read with, in the epochs in which it counts", async () => {
    const everything: FindDocument = (hash) => Promise.resolve(documents.get(hash));
    expect(await probesIn(2, everything)).toBeUndefined();
    expect(readdirSync(join(directory, "own"))).toEqual([`${committed}.json`]);
    expect(await probesIn(3, everything)).toBe(2);
    expect(readdirSync(join(directory, "own")).sort()).toEqual(
      [`${committed}.json`, `${heldOutCommitment}.json`].sort(),
    );
    expect(await probesIn(5, nobody)).toBe(2);
    expect(await probesIn(6, nobody)).toBeUndefined();
  });

  it("given that nobody shows it, or shows something else, the definition is read without it, and asked for again", async () => {
    const asked: string[] = [];
    const definitionOnly: FindDocument = (hash) => {
      asked.push(hash);
      return Promise.resolve(hash === committed ? committedDefinition : { ...heldOutDocument, first: 1 });
    };
    expect(await probesIn(3, definitionOnly)).toBeUndefined();
    expect(await probesIn(4, definitionOnly)).toBeUndefined();
    expect(asked).toEqual([committed, heldOutCommitment, heldOutCommitment]);
  });

  it("given a held-out document that is not valid, it says why", async () => {
    const broken = { ...heldOutDocument, checks: [] };
    const library = new DefinitionLibrary(join(directory, "own"));
    await library.load([documentHash(broken)], () => Promise.resolve(broken));
    expect(library.problemOf(documentHash(broken))).toContain("checks");
  });
});
