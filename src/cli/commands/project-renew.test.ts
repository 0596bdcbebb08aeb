import { describe, expect, it } from "vitest";
import type { ProofAnswer } from "../../core/api/proofs.ts";
import { bytesOf, hexOf, wordOf, type Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { leafHash, type Leaf } from "../../core/merkle/leaf.ts";
import { verifyMultiProof } from "../../core/merkle/multi-proof.ts";
import { loadKeccakHasher } from "../../oracle/tree/keccak-hasher.ts";
import { buildMerkleTree } from "../../oracle/tree/merkle-tree.ts";
import type { Session } from "../../sdk/session.ts";
import { renewBatchCall } from "../../sdk/renew.ts";

const vault: Hex = `0x${"11".repeat(20)}`;
const session = { deployment: { chainId: 1, contracts: { BudgetVault: vault } } } as unknown as Session;

const leaves = Array.from({ length: 21 }, (_, index): Leaf => {
  const project = hexOf(wordOf(BigInt(100 + index)));
  return { project, definition: keccak256Text("definition"), outcome: "value", grade: 1, score: BigInt(index) };
});
const tree = buildMerkleTree(leaves, await loadKeccakHasher());

function answerAt(place: number, root: Hex = tree.root): ProofAnswer {
  const leaf = tree.leaves[place] ?? leaves[0];
  if (leaf === undefined) throw new Error("no leaf");
  const manifest = keccak256Text("manifest");
  return {
    header: { index: 3, epoch: 4, root, threshold: "5", leafCount: leaves.length, acceptedAt: 6, manifest },
    leaf: { ...leaf, score: String(leaf.score) },
    proof: [...tree.proofOf(place)],
  };
}

describe("renewBatchCall", () => {
  it("given answers in any order, it calls with ascending projects and a multiproof that leads to the root", () => {
    const places = [17, 2, 9, 3, 20];
    const { address, functionName, args } = renewBatchCall(
      session,
      places.map((place) => answerAt(place)),
    );
    expect([address, functionName]).toEqual([vault, "renewBatch"]);
    const [header, projects, scores, proof, flags] = args as [object, Hex[], { score: bigint }[], Hex[], bigint[]];
    const sorted = [2, 3, 9, 17, 20].map((place) => tree.leaves[place]);
    expect(header).toMatchObject({ index: 3, threshold: 5n });
    expect(projects).toEqual(sorted.map((leaf) => leaf?.project));
    expect(scores).toEqual(sorted.map((leaf) => ({ outcome: 1, grade: 1, score: leaf?.score })));
    const hashes = sorted.flatMap((leaf) => (leaf === undefined ? [] : [leafHash(leaf)]));
    expect(verifyMultiProof(bytesOf(tree.root), hashes, { proof: proof.map(bytesOf), flags })).toBe(true);
  });

  it("given none, one twice, or answers about two reports, it refuses", () => {
    for (const answers of [[], [answerAt(3), answerAt(3)], [answerAt(1), answerAt(2, keccak256Text("another root"))]]) {
      expect(() => renewBatchCall(session, answers)).toThrow(expect.objectContaining({ code: "ProofsDiffer" }));
    }
  });
});
