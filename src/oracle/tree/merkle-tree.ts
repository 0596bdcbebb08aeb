import { hexOf, type Hex } from "../../core/hex.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { combineProofs, type MultiProof } from "../../core/merkle/multi-proof.ts";
import { encodeLeaf, LEAF_BYTES } from "./encode-leaf.ts";
import type { KeccakHasher } from "./keccak-hasher.ts";

const NODE_BYTES = 32;
const ZERO_ROOT: Hex = `0x${"00".repeat(NODE_BYTES)}`;

/** The tree of a report: OpenZeppelin's `StandardMerkleTree` layout with leaves in ascending order of their project ids. */
export interface MerkleTree {
  /** Zero where there is no leaf. */
  readonly root: Hex;
  /** Ascending by project id; a leaf's place here is its index. */
  readonly leaves: readonly Leaf[];
  /** Sibling hashes from the leaf at `index` to the root. @throws {RangeError} where there is no such leaf. */
  proofOf(index: number): readonly Hex[];
  /** One proof of the leaves at `indices`, which ascend. @throws {RangeError} where there is no such leaf, or they do not ascend. */
  multiProofOf(indices: readonly number[]): MultiProof;
  /** Index of a project's leaf, or undefined. */
  indexOf(project: Hex): number | undefined;
}

/**
 * Builds the tree. Any order of `leaves` gives the same bytes.
 * Node `i` of the flat buffer has the children `2i+1` and `2i+2`; the first leaf stands last.
 * @throws {MandateError} `DuplicateLeaf` where a project has two leaves.
 */
export function buildMerkleTree(leaves: readonly Leaf[], keccak: KeccakHasher): MerkleTree {
  const sorted = sortLeaves(leaves);
  const count = sorted.length;
  const nodes = Buffer.alloc(Math.max(0, 2 * count - 1) * NODE_BYTES);
  const nodeAt = (index: number): Buffer => nodes.subarray(index * NODE_BYTES, (index + 1) * NODE_BYTES);

  const encoded = Buffer.alloc(LEAF_BYTES);
  sorted.forEach((leaf, index) => {
    encodeLeaf(leaf, encoded);
    nodes.set(keccak(keccak(encoded)), (2 * count - 2 - index) * NODE_BYTES);
  });
  const pair = Buffer.alloc(2 * NODE_BYTES);
  for (let index = count - 2; index >= 0; index -= 1) {
    const left = nodeAt(2 * index + 1);
    const right = nodeAt(2 * index + 2);
    const isAscending = left.compare(right) <= 0;
    pair.set(isAscending ? left : right, 0);
    pair.set(isAscending ? right : left, NODE_BYTES);
    nodes.set(keccak(pair), index * NODE_BYTES);
  }

  function siblingsOf(index: number): Buffer[] {
    if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`no leaf ${index} of ${count}`);
    const siblings: Buffer[] = [];
    for (let node = 2 * count - 2 - index; node > 0; node = (node - 1) >> 1) {
      siblings.push(nodeAt(node % 2 === 1 ? node + 1 : node - 1));
    }
    return siblings;
  }

  return {
    root: count === 0 ? ZERO_ROOT : hexOf(nodeAt(0)),
    leaves: sorted,
    proofOf: (index) => siblingsOf(index).map(hexOf),
    multiProofOf: (indices) =>
      combineProofs(indices.map((index) => ({ proof: siblingsOf(index), leaf: nodeAt(2 * count - 2 - index) }))),
    indexOf: (project) => findProject(sorted, project.toLowerCase()),
  };
}

function sortLeaves(leaves: readonly Leaf[]): readonly Leaf[] {
  const sorted = leaves
    .map((leaf) => ({ ...leaf, project: lowerCase(leaf.project), definition: lowerCase(leaf.definition) }))
    .sort((a, b) => (a.project < b.project ? -1 : a.project > b.project ? 1 : 0));
  sorted.forEach((leaf, index) => {
    if (index > 0 && sorted[index - 1]?.project === leaf.project) {
      throw new MandateError("DuplicateLeaf", `project ${leaf.project} has two leaves`, {
        kind: "defect",
        data: { project: leaf.project },
      });
    }
  });
  return sorted;
}

function lowerCase(hex: Hex): Hex {
  return `0x${hex.slice(2).toLowerCase()}`;
}

function findProject(sorted: readonly Leaf[], project: string): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = sorted[middle]?.project ?? "";
    if (found === project) return middle;
    if (found < project) low = middle + 1;
    else high = middle;
  }
  return undefined;
}
