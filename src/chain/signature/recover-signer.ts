import secp256k1 from "secp256k1";
import { bytesOf, hexOf, wordOf, type Hex } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";

/** Half the order of secp256k1; of the two signatures of one message (s and n − s) only the low one counts. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

const COMPACT_BYTES = 64;
const FULL_BYTES = 65;

function partsOf(signature: Uint8Array): { s: bigint; yParity: number } | undefined {
  if (signature.length !== COMPACT_BYTES && signature.length !== FULL_BYTES) return undefined;
  const second = BigInt(hexOf(signature.subarray(32, 64)));
  const last = signature[64];
  return last === undefined
    ? { s: second & ((1n << 255n) - 1n), yParity: Number(second >> 255n) }
    : { s: second, yParity: last - 27 };
}

/**
 * The address (lower case) that signed `digest` with 65 bytes (r, s, v) or 64 (EIP-2098), or undefined where `signature` is
 * malformed or its `s` lies in the upper half. Native code: an audit recovers thousands.
 */
export function recoverSigner(digest: Hex, signature: Hex): Hex | undefined {
  const bytes = bytesOf(signature);
  const parts = partsOf(bytes);
  if (parts === undefined || parts.s > HALF_ORDER || (parts.yParity !== 0 && parts.yParity !== 1)) return undefined;
  const compact = new Uint8Array(COMPACT_BYTES);
  compact.set(bytes.subarray(0, 32));
  compact.set(wordOf(parts.s), 32);
  try {
    const key = secp256k1.ecdsaRecover(compact, parts.yParity, bytesOf(digest), false);
    return hexOf(keccak256(key.subarray(1)).subarray(12));
  } catch {
    return undefined; // r is no point of the curve: such bytes are nobody's signature
  }
}
