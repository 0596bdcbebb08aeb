/** A deep tree of which only the ways from some leaves to the root exist. */
import { concat, id, keccak256 } from "ethers";
import { bytesOf, hexOf, type Hex } from "../../src/core/hex.ts";
import { combineProofs } from "../../src/core/merkle/multi-proof.ts";

export interface PlacedLeaf {
  /** From 0, below 2^depth. */
  readonly place: number;
  readonly hash: string;
}

const hashPair = (a: string, b: string): string => keccak256(a < b ? concat([a, b]) : concat([b, a]));

/**
 * Root and multiproof of `leaves`, ascending by place, in a tree of 2^`depth`. Every subtree without one of them is a
 * hash of its own, as it would be to a prover: bytes and hashing are those of the whole tree.
 */
export function sparseTree(depth: number, leaves: readonly PlacedLeaf[]) {
  const levels: Map<number, string>[] = [new Map(leaves.map(({ place, hash }) => [place, hash]))];
  const siblingAt = (level: number, place: number): string =>
    levels[level]?.get(place ^ 1) ?? id(`sibling ${level} ${place ^ 1}`);
  for (let level = 0; level < depth; level++) {
    const parents = new Map<number, string>();
    for (const [place, hash] of levels[level] ?? []) parents.set(place >> 1, hashPair(hash, siblingAt(level, place)));
    levels.push(parents);
  }
  const pathOf = (place: number): Uint8Array[] =>
    Array.from({ length: depth }, (_, level) => bytesOf(siblingAt(level, place >> level) as Hex));
  const { proof, flags } = combineProofs(
    leaves.map(({ place, hash }) => ({ leaf: bytesOf(hash as Hex), proof: pathOf(place) })),
  );
  const [root = ""] = levels[depth]?.values() ?? [];
  return { root, proof: proof.map(hexOf), flags: [...flags] };
}
