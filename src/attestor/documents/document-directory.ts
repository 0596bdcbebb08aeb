import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";

export type DocumentLookup =
  | { readonly found: true; readonly document: unknown }
  | { readonly found: false; readonly reason: "missing" | "wrong-content" };

/** Documents by their hash. */
export type LoadDocument = (hash: Hex) => Promise<DocumentLookup>;

/** Documents in a directory, each in `<hash>.json`; one whose content has another hash is not believed. */
export function documentDirectory(directory: string): LoadDocument {
  return async (hash) => {
    let text: string;
    try {
      text = await readFile(join(directory, `${hash}.json`), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT")
        return { found: false, reason: "missing" };
      throw error;
    }
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      return { found: false, reason: "wrong-content" };
    }
    return documentHash(document) === hash ? { found: true, document } : { found: false, reason: "wrong-content" };
  };
}
