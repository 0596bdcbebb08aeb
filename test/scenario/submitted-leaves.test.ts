import { concatHex, encodeFunctionData } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { iBudgetVaultAbi } from "../../src/chain/abi.ts";
import { hexOf, wordOf, type Hex } from "../../src/core/hex.ts";
import { keccak256Text } from "../../src/core/keccak.ts";
import { leafHash, outcomes, type Leaf } from "../../src/core/merkle/leaf.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { buildMerkleTree, type MerkleTree } from "../../src/oracle/tree/merkle-tree.ts";
import { createLeafFinder } from "../../src/audit/replay/submitted-leaves.ts";

const REPORT = 7;
const zero = hexOf(wordOf(0n));
const definitionOf = (project: Hex): Hex | undefined =>
  BigInt(project) <= 40n ? keccak256Text(`definition of ${project}`) : undefined;
const header = { index: REPORT, epoch: 9, root: zero, threshold: 5n, leafCount: 40, acceptedAt: 1, manifest: zero };
const scoreOf = (leaf: Leaf) => ({ outcome: outcomes[leaf.outcome], grade: leaf.grade, score: leaf.score });

let tree: MerkleTree;
beforeAll(async () => {
  const leaves = Array.from({ length: 40 }, (_, index): Leaf => {
    const project = hexOf(wordOf(BigInt(index + 1)));
    const definition = definitionOf(project) ?? zero;
    return { project, definition, outcome: index % 5 === 0 ? "missing" : "value", grade: 1, score: BigInt(index) };
  });
  tree = buildMerkleTree(leaves, await loadKeccakHasher());
});

function batchOf(places: readonly number[], projects = places.map((place) => leafAt(place).project)): Hex {
  const { proof, flags } = tree.multiProofOf(places);
  const scores = places.map((place) => scoreOf(leafAt(place)));
  const args = [header, projects, scores, proof.map(hexOf), flags] as const;
  return encodeFunctionData({ abi: iBudgetVaultAbi, functionName: "renewBatch", args });
}

function leafAt(place: number): Leaf {
  const leaf = tree.leaves[place];
  if (leaf === undefined) throw new Error(`no leaf ${place}`);
  return leaf;
}

describe("createLeafFinder", () => {
  it("given a batch, it finds the leaf of each project, under the root that all of them lead to and under no other", () => {
    const places = [0, 3, 4, 5, 20, 39];
    const find = createLeafFinder(definitionOf);
    for (const place of places) {
      const [found, ...others] = find(batchOf(places), REPORT, leafAt(place).project);
      expect(others).toEqual([]);
      expect(found?.leaf).toEqual(leafAt(place));
      expect(found?.hash).toEqual(leafHash(leafAt(place)));
      expect(found?.isUnder(tree.root)).toBe(true);
      expect(found?.isUnder(keccak256Text("another root"))).toBe(false);
    }
    expect(find(batchOf(places), REPORT, leafAt(1).project)).toEqual([]);
    expect(find(batchOf(places), REPORT + 1, leafAt(0).project)).toEqual([]);
  });

  it("given a batch that somebody's contract wrapped, it finds it all the same", () => {
    const wrapped = concatHex(["0x12345678", zero, batchOf([2, 7]), zero]);
    const [found] = createLeafFinder(definitionOf)(wrapped, REPORT, leafAt(7).project);
    expect(found?.isUnder(tree.root)).toBe(true);
  });

  it("given a batch whose proof is of another project, the leaf is not under the root", () => {
    const forged = batchOf([2, 7], [leafAt(2).project, leafAt(8).project]);
    const [found] = createLeafFinder(definitionOf)(forged, REPORT, leafAt(8).project);
    expect(found?.isUnder(tree.root)).toBe(false);
  });

  it("given a project without a plan in the batch, nothing was submitted that the vault can have accepted", () => {
    const stranger = hexOf(wordOf(41n));
    const input = batchOf([2, 7], [leafAt(2).project, stranger]);
    expect(createLeafFinder(definitionOf)(input, REPORT, leafAt(2).project)).toEqual([]);
  });

  it("given single renewals of one project, wrapped in one transaction, it finds each", () => {
    const leaf = leafAt(6);
    const renew = (score: bigint) =>
      encodeFunctionData({
        abi: iBudgetVaultAbi,
        functionName: "renewLease",
        args: [leaf.project, header, { ...scoreOf(leaf), score }, tree.proofOf(6)],
      });
    const found = createLeafFinder(definitionOf)(concatHex([renew(1n), renew(leaf.score)]), REPORT, leaf.project);
    expect(found.map((each) => each.isUnder(tree.root))).toEqual([false, true]);
  });
});
