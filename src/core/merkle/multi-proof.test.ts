import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, hexOf, wordOf, type Hex } from "../hex.ts";
import { keccak256 } from "../keccak.ts";
import { combineProofs, verifyMultiProof, type MultiProof } from "./multi-proof.ts";

const treeOf = (count: number) =>
  SimpleMerkleTree.of(
    Array.from({ length: count }, (_, index) => hexOf(keccak256(wordOf(BigInt(index))))),
    { sortLeaves: false },
  );
type Tree = ReturnType<typeof treeOf>;

const leafAt = (tree: Tree, index: number): Uint8Array => bytesOf(tree.at(index) as Hex);
const bytes = (hexes: readonly string[]): Uint8Array[] => hexes.map((each) => bytesOf(each as Hex));
const proofsAt = (tree: Tree, places: readonly number[]) =>
  places.map((index) => ({ leaf: leafAt(tree, index), proof: bytes(tree.getProof(index)) }));

/** The flags as OpenZeppelin lists them. */
const listed = ({ flags }: MultiProof, steps: number): boolean[] =>
  Array.from({ length: steps }, (_, step) => ((flags[Math.floor(step / 256)] ?? 0n) >> BigInt(step % 256)) % 2n === 1n);

/** Some ascending places of a tree of 1 to 600 leaves: enough for flags of several words. */
const chosen = fc
  .integer({ min: 1, max: 600 })
  .chain((count) => fc.tuple(fc.constant(count), fc.uniqueArray(fc.nat(count - 1), { minLength: 1, maxLength: 100 })))
  .map(([count, places]) => ({ tree: treeOf(count), places: places.sort((a, b) => a - b) }));

describe("combineProofs", () => {
  it("given single proofs of any leaves, it gives OpenZeppelin's multiproof, and it verifies", () => {
    fc.assert(
      fc.property(chosen, ({ tree, places }) => {
        const reference = tree.getMultiProof([...places]);
        const combined = combineProofs(proofsAt(tree, places));
        expect(combined.proof.map(hexOf)).toEqual(reference.proof);
        expect(listed(combined, reference.proofFlags.length)).toEqual(reference.proofFlags);
        const leaves = places.map((index) => leafAt(tree, index));
        expect(leaves.map(hexOf)).toEqual(reference.leaves);
        expect(verifyMultiProof(bytesOf(tree.root as Hex), leaves, combined)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("given every leaf of a tree, it needs no sibling", () => {
    const tree = treeOf(7);
    const combined = combineProofs(proofsAt(tree, [0, 1, 2, 3, 4, 5, 6]));
    expect(combined).toEqual({ proof: [], flags: [0b111111n] });
  });

  it("given one leaf, it is that leaf's proof", () => {
    const tree = treeOf(5);
    expect(combineProofs(proofsAt(tree, [2]))).toEqual({ proof: bytes(tree.getProof(2)), flags: [0n] });
    expect(combineProofs(proofsAt(treeOf(1), [0]))).toEqual({ proof: [], flags: [] });
  });

  it("given no leaf, one twice, siblings apart, or leaves of two trees, it refuses", () => {
    const tree = treeOf(8);
    expect(() => combineProofs([])).toThrow(RangeError);
    for (const places of [
      [3, 3],
      [0, 5, 1],
    ]) {
      expect(() => combineProofs(proofsAt(tree, places))).toThrow(RangeError);
    }
    expect(() => combineProofs([...proofsAt(tree, [0]), ...proofsAt(treeOf(9), [4])])).toThrow(RangeError);
  });
});

describe("verifyMultiProof", () => {
  const tree = treeOf(8);
  const root = bytesOf(tree.root as Hex);
  const places = [1, 2, 5];
  const leaves = places.map((index) => leafAt(tree, index));
  const given = combineProofs(proofsAt(tree, places));
  const [first = root, ...others] = given.proof;

  it("given no leaf and the root for a proof, it refuses", () => {
    expect(verifyMultiProof(root, [], { proof: [root], flags: [] })).toBe(false);
    expect(verifyMultiProof(root, [], { proof: [], flags: [] })).toBe(false);
  });

  it("given a flag or a sibling more, less or another, or a bit beyond the steps, it refuses", () => {
    const [word = 0n] = given.flags;
    const steps = leaves.length + given.proof.length - 1;
    for (const [proof, flags] of [
      [others, [word]],
      [[...given.proof, first], [word]],
      [[...others, first], [word]],
      [given.proof, []],
      [given.proof, [word, 0n]],
      [given.proof, [word | (1n << BigInt(steps))]],
      ...Array.from({ length: steps }, (_, bit) => [given.proof, [word ^ (1n << BigInt(bit))]] as const),
    ] as const) {
      expect(verifyMultiProof(root, leaves, { proof, flags })).toBe(false);
    }
    expect(verifyMultiProof(root, leaves, given)).toBe(true);
  });

  it("CVE-2023-34459: given a tree with a zero node below its root, no step reads a node that does not exist", () => {
    const zero = new Uint8Array(32);
    const half = keccak256(wordOf(1n));
    const zeroRoot = keccak256(zero, half);
    const forged = leafAt(tree, 0);
    for (const [proof, flags] of [
      [[half], [1n]],
      [[half, half], [0b01n]],
      [[half, half], [0b11n]],
      [[half, half, half], [0b101n]],
    ] as const) {
      for (const forgery of [[forged], [forged, forged]]) {
        expect(verifyMultiProof(zeroRoot, forgery, { proof, flags })).toBe(false);
      }
    }
  });
});
