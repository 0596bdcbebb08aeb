import { readFileSync } from "node:fs";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { bytesOf, hexOf, wordOf, type Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { leafHash, outcomes, type Leaf, type Outcome } from "../../core/merkle/leaf.ts";
import { verifyProof } from "../../core/merkle/verify-proof.ts";
import { loadKeccakHasher, type KeccakHasher } from "./keccak-hasher.ts";
import { buildMerkleTree, treeOf, type MerkleTree } from "./merkle-tree.ts";
import { packLeaves } from "./packed-leaves.ts";

let keccak: KeccakHasher;
beforeAll(async () => {
  keccak = await loadKeccakHasher();
});

const word = fc.bigInt(0n, (1n << 256n) - 1n).map((value) => hexOf(wordOf(value)));
const leaf: fc.Arbitrary<Leaf> = fc.record({
  project: word,
  definition: word,
  outcome: fc.constantFrom<Outcome>("value", "missing", "refused"),
  grade: fc.integer({ min: 0, max: 4 }),
  score: fc.bigInt(0n, 10n ** 18n),
});
const leaves = (minLength: number): fc.Arbitrary<Leaf[]> =>
  fc.uniqueArray(leaf, { minLength, maxLength: 40, selector: (each) => each.project });

function openZeppelinTree(sorted: readonly Leaf[]) {
  return StandardMerkleTree.of(
    sorted.map((each) => [each.project, each.definition, outcomes[each.outcome], each.grade, each.score]),
    ["bytes32", "bytes32", "uint8", "uint8", "uint64"],
    { sortLeaves: false },
  );
}

function isProved(tree: MerkleTree, index: number): boolean {
  const each = tree.leaves[index];
  return each !== undefined && verifyProof(bytesOf(tree.root), leafHash(each), tree.proofOf(index).map(bytesOf));
}

function manyLeaves(count: number): Leaf[] {
  return Array.from({ length: count }, (_, index) => ({
    project: keccak256Text(`project ${index}`),
    definition: keccak256Text(`definition ${index % 7}`),
    outcome: "value",
    grade: 1 + (index % 4),
    score: BigInt(index) * 10_000_000_000n,
  }));
}

const hex = z.string().transform((text) => text as Hex);
const vectors = z
  .object({
    leaves: z.array(
      z.object({
        project: hex,
        definition: hex,
        outcome: z.enum(["value", "missing", "refused"]),
        grade: z.number(),
        score: z.string().transform((text) => BigInt(text)),
        hash: hex,
      }),
    ),
    trees: z.array(z.object({ leafCount: z.number(), root: hex, proofs: z.array(z.array(hex)) })),
  })
  .parse(JSON.parse(readFileSync(new URL("../../../test/vectors/leaf.json", import.meta.url), "utf8")));

describe("the shared leaf vectors", () => {
  it("given each leaf, it has the hash that the contract computes", () => {
    for (const each of vectors.leaves) expect(hexOf(leafHash(each))).toBe(each.hash);
  });

  it.each(vectors.trees)(
    "given the first $leafCount leaves, root and proofs are those that the contract accepts",
    (each) => {
      const tree = buildMerkleTree(vectors.leaves.slice(0, each.leafCount).toReversed(), keccak);
      expect(tree.root).toBe(each.root);
      expect(each.proofs.map((_, index) => tree.proofOf(index))).toEqual(each.proofs);
    },
  );
});

describe("buildMerkleTree", () => {
  it("given any leaves, it gives OpenZeppelin's root and proofs", () => {
    fc.assert(
      fc.property(leaves(1), (given) => {
        const tree = buildMerkleTree(given, keccak);
        const reference = openZeppelinTree(tree.leaves);
        expect(tree.root).toBe(reference.root);
        tree.leaves.forEach((_, index) => expect(tree.proofOf(index)).toEqual(reference.getProof(index)));
      }),
      { numRuns: 60 },
    );
  });

  it("given any leaves, it gives OpenZeppelin's multiproof of any of them", () => {
    fc.assert(
      fc.property(
        leaves(1).chain((given) =>
          fc.tuple(fc.constant(given), fc.uniqueArray(fc.nat(given.length - 1), { minLength: 1, maxLength: 40 })),
        ),
        ([given, chosen]) => {
          const indices = chosen.sort((a, b) => a - b);
          const tree = buildMerkleTree(given, keccak);
          const { proof, flags } = tree.multiProofOf(indices);
          const reference = openZeppelinTree(tree.leaves).getMultiProof(indices);
          expect(proof.map(hexOf)).toEqual(reference.proof);
          expect(flags).toEqual(
            reference.proofFlags.length === 0
              ? []
              : [reference.proofFlags.reduce((word, flag, bit) => (flag ? word | (1n << BigInt(bit)) : word), 0n)],
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it("iOP-005: given any order of the same leaves, it gives the same bytes", () => {
    fc.assert(
      fc.property(
        leaves(0).chain((given) =>
          fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
        ),
        ([given, shuffled]) => {
          const one = buildMerkleTree(given, keccak);
          const other = buildMerkleTree(shuffled, keccak);
          expect(other.root).toBe(one.root);
          expect(other.leaves).toEqual(one.leaves);
        },
      ),
    );
  });

  it("given any leaves, it orders them by project, finds each, and proves each to the core's verifier", () => {
    fc.assert(
      fc.property(leaves(1), (given) => {
        const tree = buildMerkleTree(given, keccak);
        given.forEach((each) => {
          const index = tree.indexOf(each.project);
          expect(index === undefined ? undefined : tree.leaves[index]).toEqual(each);
          expect(index !== undefined && isProved(tree, index)).toBe(true);
        });
        expect(
          tree.leaves.every((each, index) => index === 0 || each.project > (tree.leaves[index - 1]?.project ?? "")),
        ).toBe(true);
      }),
    );
  });

  it("given ids in upper case, it gives the bytes of lower case", () => {
    const [first] = manyLeaves(1);
    if (first === undefined) throw new Error("no leaf");
    const upper: Leaf = { ...first, project: `0x${first.project.slice(2).toUpperCase()}` };
    expect(buildMerkleTree([upper], keccak).root).toBe(buildMerkleTree([first], keccak).root);
  });

  it("given no leaf, it gives the zero root", () => {
    expect(buildMerkleTree([], keccak).root).toBe(`0x${"00".repeat(32)}`);
  });

  it("given two leaves of one project, it refuses", () => {
    const twice = [...manyLeaves(2), ...manyLeaves(1)];
    expect(() => buildMerkleTree(twice, keccak)).toThrow(
      expect.objectContaining({ code: "DuplicateLeaf", data: { project: keccak256Text("project 0") } }),
    );
  });

  it("given an index outside of the tree, it refuses the proof", () => {
    const tree = buildMerkleTree(manyLeaves(3), keccak);
    for (const index of [-1, 3, 0.5]) {
      expect(() => tree.proofOf(index)).toThrow(RangeError);
      expect(() => tree.multiProofOf([0, index])).toThrow(RangeError);
    }
    expect(tree.indexOf(keccak256Text("unknown"))).toBeUndefined();
  });

  it("given 2,000 leaves, it gives OpenZeppelin's root", () => {
    const tree = buildMerkleTree(manyLeaves(2_000), keccak);
    expect(tree.root).toBe(openZeppelinTree(tree.leaves).root);
  });

  it("given 100,000 leaves, it hashes three times a leaf, and proves the first, a middle and the last", () => {
    let hashes = 0;
    let longest = 0;
    const counting = Object.assign((input: Parameters<KeccakHasher>[0]) => ((hashes += 1), keccak(input)), keccak);
    const steps = treeOf(packLeaves(manyLeaves(100_000)), counting);
    let step = steps.next();
    for (let before = 0; step.done !== true; step = steps.next()) {
      longest = Math.max(longest, hashes - before);
      before = hashes;
    }
    const tree = step.value;
    expect(longest).toBeLessThan(3 * 1_000); // what a million leaves keep others waiting for, too
    for (const index of [0, 51_717, 99_999]) expect(isProved(tree, index)).toBe(true);
    expect(hashes).toBe(2 * 100_000 + 99_999); // leaves twice, inner nodes once: linear, whatever the machine's load
  }, 60_000);
});
