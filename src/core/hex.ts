import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/** Bytes as `0x`-prefixed lower-case hexadecimal digits. */
export type Hex = `0x${string}`;

/** @throws {RangeError} where `hex` is not a whole number of bytes in hexadecimal. */
export function bytesOf(hex: Hex): Uint8Array {
  const digits = hex.slice(2);
  if (!hex.startsWith("0x") || digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
    throw new RangeError(`not hexadecimal bytes: ${hex.slice(0, 80)}`);
  }
  return hexToBytes(digits);
}

export function hexOf(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/** A 32-byte big-endian word. @throws {RangeError} where `value` does not fit into 256 bits, unsigned. */
export function wordOf(value: bigint): Uint8Array {
  if (value < 0n || value >> 256n !== 0n) throw new RangeError(`does not fit into a word: ${value}`);
  return bytesOf(`0x${value.toString(16).padStart(64, "0")}`);
}

/** Order of equally long byte strings as unsigned numbers: negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < a.length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
