import { InvalidArgumentError } from "commander";
import { stringToHex } from "viem";
import type { Hex } from "../../core/hex.ts";

/** 32 bytes in hexadecimal; for option parsing. */
export function bytes32(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as Hex;
  throw new InvalidArgumentError("not 32 bytes in hexadecimal (0x and 64 digits)");
}

/** One more of several words of 32 bytes; for option parsing. */
export function bytes32List(text: string, known: readonly Hex[] = []): Hex[] {
  return [...known, bytes32(text)];
}

/** A name of up to 31 bytes as the contracts store it: text, padded with zeros. */
export function nameBytes32(text: string): Hex {
  if (new TextEncoder().encode(text).length > 31) throw new InvalidArgumentError("a name has at most 31 bytes");
  return stringToHex(text, { size: 32 });
}
