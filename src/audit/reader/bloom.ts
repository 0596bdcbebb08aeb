import { bytesOf, type Hex } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";

const BLOOM_BYTES = 256;

/** Whether a block with this bloom filter may hold a log of `address`; "no" is certain. */
export function mayHoldLogOf(logsBloom: Hex, address: Hex): boolean {
  const bloom = bytesOf(logsBloom);
  const hash = keccak256(bytesOf(address));
  return [0, 2, 4].every((i) => {
    const bit = (((hash[i] ?? 0) << 8) | (hash[i + 1] ?? 0)) & 2047;
    return ((bloom[BLOOM_BYTES - 1 - (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0;
  });
}
