import { getAddress, keccak256, size, slice, type Address } from "viem";
import type { Hex } from "../../core/hex.ts";

const ACCOUNT_BYTES = 20;

/**
 * The account that a sign-in message (EIP-4361 knows accounts only) names for an ERC-7913 signer: the signer itself where it is
 * one, else the last 20 bytes of the Keccak-256 of its bytes. Nobody has the key of the latter; it is a name, never an authority.
 * @throws {RangeError} for less than 20 bytes.
 */
export function accountOfSigner(signer: Hex): Address {
  if (size(signer) < ACCOUNT_BYTES) throw new RangeError(`shorter than an address: ${signer}`);
  return getAddress(size(signer) === ACCOUNT_BYTES ? signer : slice(keccak256(signer), 12));
}
