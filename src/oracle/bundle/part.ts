import { hexOf, type Hex } from "../../core/hex.ts";
import type { Steps } from "../steps/steps.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";

/**
 * A part of a bundle: its text, its bytes, or the pieces of its text, made anew each time that it is read, where the whole would be
 * hundreds of megabytes.
 */
export type Part = string | Uint8Array | { readonly pieces: () => Iterable<string> };

/** Text in pieces; none ends within a character. @throws {TypeError} where bytes are not UTF-8. */
export function* piecesOf(part: Part): Generator<string> {
  if (typeof part === "string") yield part;
  else if (!(part instanceof Uint8Array)) yield* part.pieces();
  else {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    for (const piece of bytePieces(part)) yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
  }
}

const PIECE_BYTES = 1024 * 1024;

function* bytePieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) yield bytes.subarray(start, start + PIECE_BYTES);
}

/** Text of a part as a whole. */
export function textOf(part: Part): string {
  return [...piecesOf(part)].join("");
}

/** By what a part is named, and how many bytes it has; a piece is a step. */
export function* measurePart(part: Part, keccak: KeccakHasher): Steps<{ readonly hash: Hex; readonly bytes: number }> {
  let bytes = 0;
  const hash = keccak.begin();
  for (const piece of part instanceof Uint8Array ? bytePieces(part) : piecesOf(part)) {
    const encoded = typeof piece === "string" ? Buffer.from(piece) : piece;
    bytes += encoded.length;
    hash.update(encoded);
    yield;
  }
  return { hash: hexOf(hash.digest()), bytes };
}
