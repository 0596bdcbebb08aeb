import { keccak_256 } from "@noble/hashes/sha3.js";
import { hexOf, type Hex } from "./hex.ts";

/** Keccak-256 of the concatenation of `parts`. */
export function keccak256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = keccak_256.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Keccak-256 of UTF-8 text. */
export function keccak256Text(text: string): Hex {
  return hexOf(keccak256(new TextEncoder().encode(text)));
}
