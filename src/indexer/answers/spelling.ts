import { getAddress } from "viem";
import type { Hex } from "../../core/hex.ts";

/** An address as answers spell it: with its EIP-55 checksum. */
export function checksummed(address: Hex): Hex {
  return getAddress(address);
}

const zeroAddress = "0x0000000000000000000000000000000000000000";

/** An address, or null where the contract wrote zero for "none". */
export function checksummedOrNull(address: Hex): Hex | null {
  return address === zeroAddress ? null : getAddress(address);
}

/** A 32-byte name as text where it is printable, otherwise as it stands. */
export function nameOf(word: Hex): string {
  const bytes = Buffer.from(word.slice(2), "hex");
  const end = bytes.indexOf(0);
  const text = bytes.subarray(0, end === -1 ? bytes.length : end).toString("latin1");
  const rest = bytes.subarray(text.length);
  return text.length > 0 && /^[\x20-\x7e]+$/.test(text) && rest.every((byte) => byte === 0) ? text : word;
}

/** Places of the set bits, lowest first. */
export function placesOf(bitmap: bigint): number[] {
  const places: number[] = [];
  for (let rest = bitmap, place = 0; rest > 0n; rest >>= 1n, place += 1) if ((rest & 1n) === 1n) places.push(place);
  return places;
}
