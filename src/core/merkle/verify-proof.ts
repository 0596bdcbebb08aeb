import { compareBytes } from "../hex.ts";
import { keccak256 } from "../keccak.ts";

/** Hash of an inner node: its children in ascending order, as OpenZeppelin's `MerkleProof` sorts them. */
export function nodeHash(a: Uint8Array, b: Uint8Array): Uint8Array {
  return compareBytes(a, b) <= 0 ? keccak256(a, b) : keccak256(b, a);
}

/** The root that `proof`, ordered from the leaf up, leads to. */
export function rootOfProof(leaf: Uint8Array, proof: readonly Uint8Array[]): Uint8Array {
  return proof.reduce(nodeHash, leaf);
}

/** Whether `proof` leads from `leaf` to `root`. */
export function verifyProof(root: Uint8Array, leaf: Uint8Array, proof: readonly Uint8Array[]): boolean {
  return compareBytes(rootOfProof(leaf, proof), root) === 0;
}
