import { readFileSync } from "node:fs";
import { join } from "node:path";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { writeDurably } from "../evidence/write-durably.ts";

/** A document that somebody may have. */
export type FindDocument = (hash: Hex) => Promise<unknown>;

/** Documents that the chain names by their hashes, in a directory with one `<hash>.json` each. */
export class DocumentDirectory {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The document as it was published; undefined where it is not here. */
  read(hash: Hex): unknown {
    let text: string;
    try {
      text = readFileSync(join(this.#directory, `${hash}.json`), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
    return parseHashed(hash, text);
  }

  /** The document from here, else as `find` has it, and here from then on; undefined where nobody has it. */
  async find(hash: Hex, find: FindDocument): Promise<unknown> {
    const own = this.read(hash);
    if (own !== undefined) return own;
    const found = await find(hash);
    if (found === undefined || documentHash(found) !== hash) return undefined;
    writeDurably(join(this.#directory, `${hash}.json`), JSON.stringify(found));
    return found;
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
