import { expect } from "chai";
import { keccak256, toBeHex, ZeroHash } from "ethers";
import hre from "hardhat";

import { multiProofAt, type OracleLeaf, type Report } from "../../support/oracle.ts";
import { deployOracle, reportOn, submitReport, type OracleStage } from "../../support/oracle-stage.ts";

const connection = await hre.network.create();
const given = async () => connection.networkHelpers.loadFixture(deploy);
async function deploy(): Promise<OracleStage> {
  return deployOracle(connection);
}

const leavesOf = (count: number): OracleLeaf[] =>
  Array.from({ length: count }, (_, i) => ({
    project: toBeHex(1000 + i, 32),
    definition: keccak256("0x01"),
    outcome: 1,
    grade: 1 + (i % 4),
    score: 10n ** 17n * BigInt(i % 10),
  }));

/** Reports on `leaves` in `epoch` and gives the header that provers then supply. */
async function accept(stage: OracleStage, epoch: number, leaves: OracleLeaf[], changes: Partial<Report> = {}) {
  const report = await reportOn(stage, epoch, leaves, changes);
  await submitReport(connection, stage, report);
  const { index, acceptedAt } = await stage.oracle.latest();
  const { root, threshold, leafCount, manifest } = report;
  return { index, epoch, root, threshold, leafCount, acceptedAt, manifest };
}

describe("HeartbeatOracle.verifyLeaves", () => {
  for (const count of [1, 2, 3, 5, 8, 9, 33]) {
    it(`given ${count} leaves, any of them prove together, and the answer names the latest report`, async () => {
      const stage = await given();
      const leaves = leavesOf(count);
      const header = await accept(stage, 1, leaves);
      await accept(stage, 2, []);
      const { index, acceptedAt } = await stage.oracle.latest();
      const all = leaves.map((_, i) => i);
      for (const places of [all, all.slice(0, 1), all.slice(-1), all.filter((i) => i % 3 !== 1)]) {
        const { chosen, proof, flags } = multiProofAt(leaves, places);
        expect(await stage.oracle.verifyLeaves(header, chosen, proof, flags)).to.deep.equal([index, acceptedAt]);
      }
    });
  }

  it("iOR-005: given any field of the header changed, the report is unknown", async () => {
    const stage = await given();
    const leaves = leavesOf(4);
    const header = await accept(stage, 1, leaves);
    const { chosen, proof, flags } = multiProofAt(leaves, [0, 3]);
    for (const change of [
      { index: 2n },
      { epoch: 2 },
      { root: ZeroHash },
      { threshold: header.threshold - 1n },
      { leafCount: 5 },
      { acceptedAt: header.acceptedAt + 1n },
      { manifest: ZeroHash },
    ]) {
      await expect(stage.oracle.verifyLeaves({ ...header, ...change }, chosen, proof, flags))
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleUnknownReport")
        .withArgs(change.index ?? 1);
    }
  });

  it("iOR-005: given any field of one leaf, a sibling or a flag changed, more of them or fewer, the proof is invalid", async () => {
    const stage = await given();
    const leaves = leavesOf(8);
    const header = await accept(stage, 1, leaves);
    const { chosen, proof, flags } = multiProofAt(leaves, [1, 2, 6]);
    const [word = never()] = flags;
    const [first = never(), second = never(), third = never()] = chosen;
    const steps = BigInt(chosen.length + proof.length - 1);
    const cases: [OracleLeaf[], string[], bigint[]][] = [
      ...[{ project: toBeHex(1, 32) }, { definition: ZeroHash }, { outcome: 2 }, { grade: 4 }, { score: 1n }].map(
        (change): [OracleLeaf[], string[], bigint[]] => [[first, { ...second, ...change }, third], proof, flags],
      ),
      [[second, first, third], proof, flags],
      [[first, second], proof, flags],
      [[first, first, second, third], proof, flags],
      [chosen, proof.slice(1), flags],
      [chosen, [...proof].reverse(), flags],
      [chosen, [...proof, ZeroHash], flags],
      [chosen, proof, []],
      [chosen, proof, [word, 0n]],
      [chosen, proof, [word | (1n << steps)]],
      ...Array.from({ length: Number(steps) }, (_, bit): [OracleLeaf[], string[], bigint[]] => [
        chosen,
        proof,
        [word ^ (1n << BigInt(bit))],
      ]),
    ];
    for (const [changed, siblings, words] of cases) {
      await expect(stage.oracle.verifyLeaves(header, changed, siblings, words))
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidMultiProof")
        .withArgs(1, changed.length, siblings.length);
    }
    await stage.oracle.verifyLeaves(header, chosen, proof, flags);
  });

  it("iOR-005: given no leaf, nothing proves: neither the root alone nor an empty report", async () => {
    const stage = await given();
    const header = await accept(stage, 1, leavesOf(2));
    const empty = await accept(stage, 2, []);
    for (const [known, proof, flags] of [
      [header, [header.root], []],
      [header, [], []],
      [header, [ZeroHash, header.root], [0n]],
      [empty, [], []],
      [empty, [ZeroHash], []],
    ] as const) {
      await expect(stage.oracle.verifyLeaves(known, [], [...proof], [...flags]))
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidMultiProof")
        .withArgs(known.index, 0, proof.length);
    }
  });

  it("given as many leaves as the report has they prove, and one more than it has they do not", async () => {
    const stage = await given();
    const leaves = leavesOf(4);
    const { chosen, proof, flags } = multiProofAt(leaves, [0, 1, 2, 3]);
    const exact = await accept(stage, 1, leaves);
    await stage.oracle.verifyLeaves(exact, chosen, proof, flags);
    const fewer = await accept(stage, 2, leaves, { leafCount: 3, scored: 3, surviving: 3 });
    await expect(stage.oracle.verifyLeaves(fewer, chosen, proof, flags))
      .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidMultiProof")
      .withArgs(2, 4, 0);
  });

  it("given more than 256 steps, it reads further words of flags", async () => {
    const stage = await given();
    const leaves = leavesOf(600);
    const header = await accept(stage, 1, leaves);
    const { chosen, proof, flags } = multiProofAt(
      leaves,
      Array.from({ length: 100 }, (_, i) => 6 * i + (i % 5)),
    );
    expect(flags.length).to.be.greaterThan(1);
    await stage.oracle.verifyLeaves(header, chosen, proof, flags);
    const [, ...others] = flags;
    await expect(stage.oracle.verifyLeaves(header, chosen, proof, [...others, 0n])).to.be.revertedWithCustomError(
      stage.oracle,
      "HeartbeatOracleInvalidMultiProof",
    );
  });
});

/** For values that a test has just made. */
function never(): never {
  throw new Error("a value that the test made is missing");
}
