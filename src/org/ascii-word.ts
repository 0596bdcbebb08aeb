import { bytesOf, hexOf, type Hex } from "../core/hex.ts";

/** Printable ASCII, 1 to 32 characters, no space at either end: what the contracts take as a name. */
export function isAsciiWord(text: string): boolean {
  return /^[!-~](?:[ -~]{0,30}[!-~])?$/.test(text);
}

/** A name as the contracts hold it: left-aligned in 32 bytes. @throws {RangeError} where it is not such a name. */
export function asciiWordOf(text: string): Hex {
  if (!isAsciiWord(text)) throw new RangeError(`not 1 to 32 printable ASCII characters: ${JSON.stringify(text)}`);
  const word = new Uint8Array(32);
  word.set(new TextEncoder().encode(text));
  return hexOf(word);
}

/** The name that stands in a word, without the zeros after it. */
export function textOfAsciiWord(word: Hex): string {
  return new TextDecoder().decode(bytesOf(word)).replace(/\0+$/, "");
}
