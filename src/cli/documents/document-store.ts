import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { canonicalText, documentHash } from "../../core/documents/document-hash.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { replaceFile } from "../../stack/disk.ts";

/** What is known of a document of which the chain keeps the hash. */
export type DocumentState =
  | { readonly state: "present"; readonly document: unknown }
  /** It was here and was erased on purpose. */
  | { readonly state: "erased" }
  /** It was never here. */
  | { readonly state: "missing" }
  /** What is here has another hash. */
  | { readonly state: "altered" };

/** Documents by their hash in a directory: each in `<hash>.json`, an erased one leaves `<hash>.erased` without content. */
export interface DocumentStore {
  readonly directory: string;
  /** @returns the hash of the document, by which the chain names it. */
  put(document: unknown): Hex;
  find(hash: Hex): DocumentState;
  /** Removes the document for good. @throws {MandateError} `DocumentMissing` where there is none. */
  erase(hash: Hex): void;
}

/** Where the local stack keeps its documents. */
const defaultDirectory = ".mandate/local/documents";

export function openDocumentStore(directory: string): DocumentStore {
  const fileOf = (hash: Hex, ending: string): string => join(directory, `${hash.toLowerCase()}.${ending}`);
  return {
    directory,
    put(document) {
      const hash = documentHash(document);
      try {
        mkdirSync(directory, { recursive: true });
        replaceFile(fileOf(hash, "json"), canonicalText(document));
        rmSync(fileOf(hash, "erased"), { force: true });
      } catch (cause) {
        throw new MandateError("DocumentsUnwritable", `cannot write to the documents in ${directory}`, {
          kind: "environment",
          data: { directory },
          remedy: "Name a directory of yours with --documents <directory>.",
          cause,
        });
      }
      return hash;
    },
    find(hash) {
      let text: string;
      try {
        text = readFileSync(fileOf(hash, "json"), "utf8");
      } catch {
        return { state: existsSync(fileOf(hash, "erased")) ? "erased" : "missing" };
      }
      try {
        const document: unknown = JSON.parse(text);
        return documentHash(document) === hash.toLowerCase() ? { state: "present", document } : { state: "altered" };
      } catch {
        return { state: "altered" };
      }
    },
    erase(hash) {
      if (!existsSync(fileOf(hash, "json"))) {
        throw new MandateError("DocumentMissing", `there is no document ${hash} in ${directory}`, {
          kind: "input",
          data: { hash, directory },
        });
      }
      replaceFile(fileOf(hash, "erased"), "");
      rmSync(fileOf(hash, "json"));
    },
  };
}

/** Adds the option that says where documents are, of which the chain keeps hashes. */
export function addDocumentsOption(command: Command): Command {
  const usual = process.env["MANDATE_DOCUMENTS"] ?? defaultDirectory;
  return command.option("--documents <directory>", "where the documents are whose hashes the chain keeps", usual);
}

/** The store that a command's options name. */
export function documentsOf(command: Command): DocumentStore {
  const { documents } = command.optsWithGlobals<{ documents?: string }>();
  return openDocumentStore(documents ?? process.env["MANDATE_DOCUMENTS"] ?? defaultDirectory);
}
