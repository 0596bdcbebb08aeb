import type { Hex } from "../../core/hex.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { DocumentStore } from "../documents/document-store.ts";

/** Why something was done, as the document of which the chain keeps the hash. */
export interface Reason {
  readonly reason: string;
}

export function reasonHash(text: string): Hex {
  return documentHash({ reason: text } satisfies Reason);
}

/** What the document of `hash` says, where it is at hand: a purpose, a reason, a recommendation. */
export function saidBy(store: DocumentStore, hash: Hex): string {
  const found = store.find(hash);
  if (found.state !== "present") return `${hash} (document ${found.state})`;
  const { document } = found;
  if (typeof document === "object" && document !== null) {
    for (const name of ["purpose", "reason", "recommendation", "title"]) {
      const said = (document as Readonly<Record<string, unknown>>)[name];
      if (typeof said === "string") return said;
    }
  }
  return hash;
}
