import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { canonicalText, documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { replaceFile } from "../../src/stack/disk.ts";

/** Puts a document where operators and attestors look for it. @returns its hash, by which the chain names it. */
export function publishDocument(directory: string, document: unknown): Hex {
  mkdirSync(directory, { recursive: true });
  const hash = documentHash(document);
  replaceFile(join(directory, `${hash}.json`), canonicalText(document));
  return hash;
}
