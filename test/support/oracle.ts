/** Operators, reports and trees for tests that need a heartbeat oracle; the network and its contracts are arguments. */
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { concat, HDNodeWallet, Signature, Wallet, ZeroHash, type BaseWallet } from "ethers";

import { bytesOf, hexOf, type Hex } from "../../src/core/hex.ts";
import { combineProofs } from "../../src/core/merkle/multi-proof.ts";
import { signedTypes, signingDomains } from "../../src/core/signing/signed-types.ts";

/** Fields as `IHeartbeatOracle.Report`. */
export interface Report {
  configuration: number;
  epoch: number;
  root: string;
  threshold: bigint;
  leafCount: number;
  scored: number;
  surviving: number;
  manifest: string;
}

/** Fields as `IHeartbeatOracle.Leaf`, in its order. */
export interface OracleLeaf {
  project: string;
  definition: string;
  outcome: number;
  grade: number;
  score: bigint;
}

/** The part of a heartbeat oracle that {@link signReport} reads. */
export interface SigningTarget {
  getAddress(): Promise<string>;
}

const publicTestMnemonic = "test test test test test test test test test test test junk";

/** `count` development keys in seat order (ascending addresses), derived from the public test mnemonic. */
export function operatorWallets(count: number, offset = 100): BaseWallet[] {
  const root = HDNodeWallet.fromPhrase(publicTestMnemonic, undefined, "m/44'/60'/0'/0");
  return Array.from({ length: count }, (_, i) => new Wallet(root.deriveChild(offset + i).privateKey)).sort((a, b) =>
    a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
  );
}

/** An EIP-712 domain of the oracle at `address`. */
export const oracleDomain = (address: string, chainId: bigint) => ({
  ...signingDomains.HeartbeatOracle,
  chainId,
  verifyingContract: address,
});

/** EIP-712 types of a report, in the shape that ethers takes. */
export const reportTypes = { HeartbeatReport: [...signedTypes.HeartbeatReport] };

/** Signatures of `seats` (ascending) over a report: the bitmap, and 64 bytes (EIP-2098) for each seat. */
export async function signReport(
  oracle: SigningTarget,
  chainId: bigint,
  operators: readonly BaseWallet[],
  seats: readonly number[],
  report: Report,
): Promise<{ signers: bigint; signatures: string }> {
  const domain = oracleDomain(await oracle.getAddress(), chainId);
  let signers = 0n;
  const compact: string[] = [];
  for (const seat of seats) {
    const operator = operators[seat];
    if (operator === undefined) throw new Error(`no operator has seat ${seat}`);
    signers |= 1n << BigInt(seat);
    compact.push(Signature.from(await operator.signTypedData(domain, reportTypes, report)).compactSerialized);
  }
  return { signers, signatures: concat(compact) };
}

/** The tree of leaves that ascend by project id, as OpenZeppelin's merkle-tree builds it, and each leaf's proof by position. */
export function leafTree(leaves: readonly OracleLeaf[]): { root: string; proofs: string[][] } {
  if (leaves.length === 0) return { root: ZeroHash, proofs: [] };
  const tree = StandardMerkleTree.of(
    leaves.map((leaf) => [leaf.project, leaf.definition, leaf.outcome, leaf.grade, leaf.score]),
    ["bytes32", "bytes32", "uint8", "uint8", "uint64"],
    { sortLeaves: false }, // they ascend by project id, not by hash
  );
  return { root: tree.root, proofs: leaves.map((_, i) => tree.getProof(i)) };
}

/** The leaves at `places`, which ascend, and what proves them together, as `verifyLeaves` takes it. */
export function multiProofAt(leaves: readonly OracleLeaf[], places: readonly number[]) {
  const { proofs } = leafTree(leaves);
  const chosen = places.map((place) => {
    const leaf = leaves[place];
    if (leaf === undefined) throw new Error(`no leaf ${place}`);
    return leaf;
  });
  const { proof, flags } = combineProofs(
    chosen.map((leaf, i) => ({
      leaf: bytesOf(leafTree([leaf]).root as Hex), // the root of a tree of one leaf is its hash
      proof: (proofs[places[i] ?? 0] ?? []).map((sibling) => bytesOf(sibling as Hex)),
    })),
  );
  return { chosen, proof: proof.map(hexOf), flags: [...flags] };
}
