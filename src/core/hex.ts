/** Bytes as `0x`-prefixed lower-case hexadecimal digits. */
export type Hex = `0x${string}`;

/** @throws {RangeError} where `hex` is not a whole number of bytes in hexadecimal. */
export function bytesOf(hex: Hex): Uint8Array {
  const digits = hex.slice(2);
  if (!hex.startsWith("0x") || digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
    throw new RangeError(`not hexadecimal bytes: ${hex.slice(0, 80)}`);
  }
  return Uint8Array.from(Buffer.from(digits, "hex"));
}

export function hexOf(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

/** A 32-byte big-endian word. @throws {RangeError} where `value` does not fit into 256 bits, unsigned. */
export function wordOf(value: bigint): Uint8Array {
  if (value < 0n || value >> 256n !== 0n) throw new RangeError(`does not fit into a word: ${value}`);
  return bytesOf(`0x${value.toString(16).padStart(64, "0")}`);
}
