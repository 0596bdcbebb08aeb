import { InvalidArgumentError } from "commander";
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
