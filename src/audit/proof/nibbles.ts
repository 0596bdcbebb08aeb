import { MandateError } from "../../core/errors/mandate-error.ts";

/** Half bytes of a key, high one first. */
export function nibblesOf(bytes: Uint8Array): number[] {
  return Array.from(bytes).flatMap((byte) => [byte >> 4, byte & 15]);
}

/** A path of a leaf or extension node: its nibbles, and whether a leaf ends it. */
export interface CompactPath {
  readonly nibbles: readonly number[];
  readonly leaf: boolean;
}

const ODD = 1;
const LEAF = 2;

/** Hex-prefix encoding. */
export function encodePath({ nibbles, leaf }: CompactPath): Uint8Array {
  const odd = nibbles.length % 2 === 1;
  const flag = (leaf ? LEAF : 0) + (odd ? ODD : 0);
  const all = odd ? [flag, ...nibbles] : [flag, 0, ...nibbles];
  const bytes = new Uint8Array(all.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = ((all[2 * i] ?? 0) << 4) | (all[2 * i + 1] ?? 0);
  return bytes;
}

/** @throws {MandateError} `TrieNodeInvalid` where the flag is unknown or the padding is not zero. */
export function decodePath(bytes: Uint8Array): CompactPath {
  const [flag, ...rest] = nibblesOf(bytes);
  const [padding, ...even] = rest;
  if (flag === undefined || flag > (LEAF | ODD) || ((flag & ODD) === 0 && padding !== 0)) {
    throw new MandateError("TrieNodeInvalid", "a trie node has an invalid path", { kind: "refused" });
  }
  return { nibbles: (flag & ODD) === 0 ? even : rest, leaf: (flag & LEAF) !== 0 };
}
