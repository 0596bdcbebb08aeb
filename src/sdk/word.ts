import { stringToHex } from "viem";
import { MandateError } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";
import { asciiWordOf, isAsciiWord } from "../org/ascii-word.ts";

/** A name as the contracts hold it: a place, a scope, a capability. @throws {MandateError} `NameInvalid`. */
export function wordOf(text: string): Hex {
  if (isAsciiWord(text)) return asciiWordOf(text);
  throw new MandateError("NameInvalid", `${JSON.stringify(text)} is no name: 1 to 32 printable ASCII characters`, {
    kind: "input",
    data: { name: text },
  });
}

/** A pool's name as the vault stores it: up to 31 bytes of text, padded with zeros. @throws {MandateError} `NameInvalid`. */
export function poolNameOf(text: string): Hex {
  if (new TextEncoder().encode(text).length <= 31) return stringToHex(text, { size: 32 });
  throw new MandateError("NameInvalid", `${JSON.stringify(text)} is no name of a pool: at most 31 bytes`, {
    kind: "input",
    data: { name: text },
  });
}
