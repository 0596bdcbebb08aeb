import canonicalize from "canonicalize";
import type { Hex } from "../hex.ts";
import { keccak256Text } from "../keccak.ts";

/**
 * Canonical text (RFC 8785) of a document: score definition, milestone specification, manifest, identity record.
 * @throws {TypeError} where the value has no JSON form.
 */
export function canonicalText(document: unknown): string {
  const text = canonicalize(document);
  if (text === undefined) throw new TypeError("a document must have a JSON form");
  return text;
}

/** Content address of a document: Keccak-256 of its canonical text. */
export function documentHash(document: unknown): Hex {
  return keccak256Text(canonicalText(document));
}
