import { size, slice } from "viem";
import type { Hex } from "../../core/hex.ts";

/** Seats that a bitmap names, ascending. */
export function seatsOf(bitmap: bigint): number[] {
  const seats: number[] = [];
  for (let rest = bitmap, seat = 0; rest !== 0n; rest >>= 1n, seat++) {
    if ((rest & 1n) === 1n) seats.push(seat);
  }
  return seats;
}

const COMPACT_BYTES = 64;

/** The 64-byte signatures that `packed` holds one after the other. */
export function compactSignatures(packed: Hex): Hex[] {
  const count = Math.floor(size(packed) / COMPACT_BYTES);
  return Array.from({ length: count }, (_, i) => slice(packed, i * COMPACT_BYTES, (i + 1) * COMPACT_BYTES));
}
