import { readFileSync } from "node:fs";
import { z } from "zod";
import {
  storedEvidenceSchema,
  submittedEvidenceSchema,
  type SubmittedEvidence,
} from "../../attestor/evidence/evidence.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";

/** A document that people wrote. @throws {MandateError} `EvidenceInvalid`. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("EvidenceInvalid", `cannot read ${path} as JSON: ${messageOf(cause)}`, {
      kind: "input",
      cause,
    });
  }
}

/** What attestor services are asked to check, or where it is stored. @throws {MandateError} `EvidenceInvalid`. */
export function readEvidence(path: string): SubmittedEvidence {
  const parsed = submittedEvidenceSchema.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  throw new MandateError("EvidenceInvalid", `${path}: ${z.prettifyError(parsed.error)}`, {
    kind: "input",
    cause: parsed.error,
  });
}

/** How an evidence file names what it does not hold itself, for the texts of options. */
export const orStored = 'or { "kind": "stored", "hash": "0x…" } for what lies in an evidence store';

/** Evidence by the hash that is signed: a document, or what an evidence store keeps under that hash. */
export interface NamedEvidence {
  readonly hash: Hex;
  /** The document itself, where it is here; what is stored is read by those who may, in the store. */
  readonly document?: unknown;
}

/** Evidence that people judge themselves, whatever it says. @throws {MandateError} `EvidenceInvalid`. */
export function nameEvidence(path: string): NamedEvidence {
  const document = readJson(path);
  const stored = storedEvidenceSchema.safeParse(document);
  return stored.success ? { hash: stored.data.hash } : { hash: documentHash(document), document };
}
