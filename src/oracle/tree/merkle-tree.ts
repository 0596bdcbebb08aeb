import { hexOf, type Hex } from "../../core/hex.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { combineProofs, type MultiProof } from "../../core/merkle/multi-proof.ts";
import { atOnce, type Steps } from "../steps/steps.ts";
import type { KeccakHasher } from "./keccak-hasher.ts";
import { LEAF_BYTES, packLeaves, type PackedLeaves } from "./packed-leaves.ts";

const NODE_BYTES = 32;
/** About two milliseconds. */
const NODES_A_STEP = 1_000;
const ZERO_ROOT: Hex = `0x${"00".repeat(NODE_BYTES)}`;

/** The tree of a report: OpenZeppelin's `StandardMerkleTree` layout with leaves in ascending order of their project ids. */
export interface MerkleTree {
  /** Zero where there is no leaf. */
  readonly root: Hex;
  /** Ascending by project id; a leaf's place here is its index. */
  readonly packed: PackedLeaves;
  /** The same as objects, made anew each time: for a large tree ask `packed`. */
  readonly leaves: readonly Leaf[];
  /** Hashes of the leaves from `start` to before `end`, the last one first; their bytes must not be changed. */
  hashesOf(start: number, end: number): Uint8Array;
  /** Sibling hashes from the leaf at `index` to the root. @throws {RangeError} where there is no such leaf. */
  proofOf(index: number): readonly Hex[];
  /** One proof of the leaves at `indices`, which ascend. @throws {RangeError} where there is no such leaf, or they do not ascend. */
  multiProofOf(indices: readonly number[]): MultiProof;
  /** Index of a project's leaf, or undefined. */
  indexOf(project: Hex): number | undefined;
}

/**
 * Builds the tree. Any order of `leaves` gives the same bytes.
 * @throws {MandateError} `DuplicateLeaf` where a project has two leaves.
 */
export function buildMerkleTree(leaves: readonly Leaf[], keccak: KeccakHasher): MerkleTree {
  return atOnce(treeOf(packLeaves(leaves, leaves.length), keccak));
}

/**
 * Builds the tree of packed leaves, in one buffer of 32 bytes a node: three hashes a leaf, and nothing else that grows with them. A thousand
 * nodes are a step.
 * Node `i` of the buffer has the children `2i+1` and `2i+2`, which lie side by side; the first leaf stands last.
 */
export function* treeOf(packed: PackedLeaves, keccak: KeccakHasher): Steps<MerkleTree> {
  const { count } = packed;
  const nodes = Buffer.alloc(Math.max(0, 2 * count - 1) * NODE_BYTES);
  const nodeAt = (index: number): Buffer => nodes.subarray(index * NODE_BYTES, (index + 1) * NODE_BYTES);

  const encoded = Buffer.alloc(LEAF_BYTES);
  for (let index = 0; index < count; index += 1) {
    packed.encode(index, encoded);
    nodes.set(keccak(keccak(encoded)), (2 * count - 2 - index) * NODE_BYTES);
    if (index % NODES_A_STEP === 0) yield;
  }
  const pair = Buffer.alloc(2 * NODE_BYTES);
  for (let index = count - 2; index >= 0; index -= 1) {
    const left = (2 * index + 1) * NODE_BYTES;
    const right = left + NODE_BYTES;
    if (nodes.compare(nodes, right, right + NODE_BYTES, left, right) <= 0) {
      nodes.copy(pair, 0, left, right + NODE_BYTES);
    } else {
      nodes.copy(pair, 0, right, right + NODE_BYTES);
      nodes.copy(pair, NODE_BYTES, left, right);
    }
    nodes.set(keccak(pair), index * NODE_BYTES);
    if (index % NODES_A_STEP === 0) yield;
  }

  function nodeOf(index: number): number {
    if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`no leaf ${index} of ${count}`);
    return 2 * count - 2 - index;
  }

  function siblingsOf(index: number): Buffer[] {
    const siblings: Buffer[] = [];
    for (let node = nodeOf(index); node > 0; node = (node - 1) >> 1) {
      siblings.push(nodeAt(node % 2 === 1 ? node + 1 : node - 1));
    }
    return siblings;
  }

  return {
    root: count === 0 ? ZERO_ROOT : hexOf(nodeAt(0)),
    packed,
    get leaves() {
      return [...packed];
    },
    hashesOf: (start, end) => nodes.subarray((2 * count - 1 - end) * NODE_BYTES, (2 * count - 1 - start) * NODE_BYTES),
    proofOf: (index) => siblingsOf(index).map(hexOf),
    multiProofOf: (indices) =>
      combineProofs(indices.map((index) => ({ proof: siblingsOf(index), leaf: nodeAt(nodeOf(index)) }))),
    indexOf: (project) => packed.indexOf(project),
  };
}
