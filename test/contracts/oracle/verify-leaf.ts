import { expect } from "chai";
import { concat, keccak256, toBeHex, ZeroHash } from "ethers";
import hre from "hardhat";

import { leafTree, type OracleLeaf, type Report } from "../../support/oracle.ts";
import { deployOracle, reportOn, submitReport, type OracleStage } from "../../support/oracle-stage.ts";

const connection = await hre.network.create();
const { networkHelpers } = connection;
const deploy = async () => deployOracle(connection);
const given = async () => networkHelpers.loadFixture(deploy);

const leavesOf = (count: number): OracleLeaf[] =>
  Array.from({ length: count }, (_, i) => ({
    project: toBeHex(1000 + i, 32),
    definition: keccak256("0x01"),
    outcome: 1,
    grade: 1 + (i % 4),
    score: 10n ** 17n * BigInt(i % 10),
  }));

/** Reports on `leaves` in `epoch` and gives the header that provers then supply. */
const accept = async (stage: OracleStage, epoch: number, leaves: OracleLeaf[], changes: Partial<Report> = {}) => {
  const report = await reportOn(stage, epoch, leaves, changes);
  await submitReport(connection, stage, report);
  const { index, acceptedAt } = await stage.oracle.latest();
  const { root, threshold, leafCount, manifest } = report;
  return { index, epoch, root, threshold, leafCount, acceptedAt, manifest };
};

const hashPair = (a: string, b: string): string => keccak256(a < b ? concat([a, b]) : concat([b, a]));

describe("HeartbeatOracle.verifyLeaf", () => {
  it("given a later report, a leaf of an earlier one proves, and the answer names the latest report", async () => {
    const stage = await given();
    const leaves = leavesOf(3);
    const header = await accept(stage, 1, leaves);
    await accept(stage, 2, []);
    const { index, acceptedAt } = await stage.oracle.latest();
    const { proofs } = leafTree(leaves);
    for (const [i, leaf] of leaves.entries()) {
      expect(await stage.oracle.verifyLeaf(header, leaf, proofs[i] ?? [])).to.deep.equal([index, acceptedAt]);
    }
    expect(index).to.equal(2);
    expect(acceptedAt).to.be.greaterThan(header.acceptedAt);
  });

  it("iOR-005: given any field of the header changed, the report is unknown", async () => {
    const stage = await given();
    const leaves = leavesOf(2);
    const header = await accept(stage, 1, leaves);
    const [proof = []] = leafTree(leaves).proofs;
    const changes = [
      { index: 2n },
      { index: 0n },
      { epoch: 2 },
      { root: ZeroHash },
      { threshold: header.threshold - 1n },
      { leafCount: 3 },
      { acceptedAt: header.acceptedAt + 1n },
      { manifest: ZeroHash },
    ];
    for (const change of changes) {
      await expect(stage.oracle.verifyLeaf({ ...header, ...change }, leaves[0] ?? never(), proof))
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleUnknownReport")
        .withArgs(change.index ?? 1);
    }
  });

  it("iOR-005: given any field of the leaf or of the proof changed, the proof is invalid", async () => {
    const stage = await given();
    const leaves = leavesOf(4);
    const header = await accept(stage, 1, leaves);
    const [leaf = never()] = leaves;
    const [proof = []] = leafTree(leaves).proofs;
    for (const change of [
      { project: toBeHex(1001, 32) },
      { definition: ZeroHash },
      { outcome: 2 },
      { grade: 2 },
      { score: leaf.score + 1n },
    ]) {
      const changed = { ...leaf, ...change };
      await expect(stage.oracle.verifyLeaf(header, changed, proof))
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidProof")
        .withArgs(1, leafTree([changed]).root);
    }
    for (const changed of [[...proof].reverse(), proof.slice(1), [...proof, ZeroHash], []]) {
      await expect(stage.oracle.verifyLeaf(header, leaf, changed))
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidProof")
        .withArgs(1, leafTree([leaf]).root);
    }
  });

  for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33]) {
    it(`given ${count} leaves, each of them proves with the length that its place has`, async () => {
      const stage = await given();
      const leaves = leavesOf(count);
      const header = await accept(stage, 1, leaves);
      const { proofs } = leafTree(leaves);
      const lengths = new Set<number>();
      for (const [i, leaf] of leaves.entries()) {
        const proof = proofs[i] ?? never();
        lengths.add(proof.length);
        await stage.oracle.verifyLeaf(header, leaf, proof);
      }
      expect([...lengths].sort()).to.deep.equal(
        [...new Set([Math.floor(Math.log2(count)), Math.ceil(Math.log2(count))])].sort(),
      );
    });
  }

  it("iOR-005: given a chain of hashes that leads to the root but is too long or too short for the leaf count, it is invalid", async () => {
    const leaf = leavesOf(1)[0] ?? never();
    for (const [leafCount, length, accepted] of [
      [4, 1, false],
      [4, 2, true],
      [4, 3, false],
      [5, 1, false],
      [5, 2, true],
      [5, 3, true],
      [5, 4, false],
      [1, 1, false],
      [2 ** 32 - 1, 30, false],
      [2 ** 32 - 1, 31, true],
      [2 ** 32 - 1, 32, true],
      [2 ** 32 - 1, 33, false],
      [3, 256, false],
    ] as const) {
      const stage = await given();
      const proof = Array.from({ length }, (_, i) => keccak256(toBeHex(i, 32)));
      const root = proof.reduce(hashPair, leafTree([leaf]).root);
      const header = await accept(stage, 1, [], { root, leafCount });
      const verified = stage.oracle.verifyLeaf(header, leaf, proof);
      if (accepted) await verified;
      else {
        await expect(verified, `${length} for ${leafCount}`)
          .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidProof")
          .withArgs(1, leafTree([leaf]).root);
      }
    }
  });

  it("given a report without leaves but with a root, nothing proves", async () => {
    const stage = await given();
    const leaf = leavesOf(1)[0] ?? never();
    const { root } = leafTree([leaf]);
    const header = await accept(stage, 1, [], { root });
    await expect(stage.oracle.verifyLeaf(header, leaf, []))
      .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidProof")
      .withArgs(1, root);
  });

  it("given 128 later reports, the ring has forgotten a report, and one less it has not", async () => {
    const stage = await given();
    const leaves = leavesOf(1);
    const [leaf = never()] = leaves;
    const first = await accept(stage, 1, leaves);
    const second = await accept(stage, 2, leaves);
    for (let epoch = 3; epoch <= 128; ++epoch) await submitReport(connection, stage, await reportOn(stage, epoch));
    await stage.oracle.verifyLeaf(first, leaf, []);
    await submitReport(connection, stage, await reportOn(stage, 129));
    await expect(stage.oracle.verifyLeaf(first, leaf, []))
      .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleUnknownReport")
      .withArgs(1);
    await stage.oracle.verifyLeaf(second, leaf, []);
    expect(await stage.oracle.RING_LENGTH()).to.equal(128);
  });
});

/** For values that a test has just made. */
function never(): never {
  throw new Error("a value that the test made is missing");
}
