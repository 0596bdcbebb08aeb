import { readFileSync } from "node:fs";
import { join } from "node:path";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { writeDurably } from "../evidence/write-durably.ts";
import { parseScoreDefinition, type KnownDefinition, type ScoreDefinition } from "./score-definition.ts";

/** A document that somebody may have. */
export type FindDocument = (hash: Hex) => Promise<unknown>;

/** Score definitions by hash: from a directory with one `<hash>.json` each, else from whoever has them. */
export class DefinitionLibrary {
  readonly #directory: string;
  readonly #known = new Map<Hex, ScoreDefinition>();
  /** Documents with the right hash that are no score definition: for every operator alike. */
  readonly #invalid = new Map<Hex, string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  get known(): ReadonlyMap<Hex, ScoreDefinition> {
    return this.#known;
  }

  /** The document as it was published, to serve it to others. */
  document(hash: Hex): unknown {
    let text: string;
    try {
      text = readFileSync(join(this.#directory, `${hash}.json`), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
    return parseHashed(hash, text);
  }

  /** Looks for definitions that are not known yet, here and then with `find`. Returns those that are known then. */
  async load(hashes: readonly Hex[], find: FindDocument): Promise<readonly KnownDefinition[]> {
    for (const hash of new Set(hashes)) {
      if (this.#known.has(hash) || this.#invalid.has(hash)) continue;
      const own = this.document(hash);
      if (own !== undefined) {
        this.#take(hash, own);
        continue;
      }
      const found = await find(hash);
      if (found === undefined || documentHash(found) !== hash) continue;
      writeDurably(join(this.#directory, `${hash}.json`), JSON.stringify(found));
      this.#take(hash, found);
    }
    return [...new Set(hashes)].flatMap((hash) => {
      const definition = this.#known.get(hash);
      return definition === undefined ? [] : [{ hash, definition }];
    });
  }

  /** Why a document is no score definition; undefined where it is one, or is not known. */
  problemOf(hash: Hex): string | undefined {
    return this.#invalid.get(hash);
  }

  #take(hash: Hex, document: unknown): void {
    const parsed = parseScoreDefinition(document);
    if (parsed.ok) this.#known.set(hash, parsed.known.definition);
    else this.#invalid.set(hash, parsed.problem);
  }
}

/** A document whose content has another hash than its name is not believed. */
function parseHashed(hash: Hex, text: string): unknown {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  return documentHash(document) === hash ? document : undefined;
}
