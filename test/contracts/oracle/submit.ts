import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { concat, dataSlice, keccak256, Signature, toBeHex, TypedDataEncoder, ZeroHash } from "ethers";
import hre from "hardhat";

import { expectJournalComplete } from "../../support/journal.ts";
import { leafTree, oracleDomain, reportTypes, signReport, type OracleLeaf, type Report } from "../../support/oracle.ts";
import {
  deployOracle,
  epochEnd,
  reportDeadlineSeconds,
  reportOn,
  submitReport,
  type OracleStage,
} from "../../support/oracle-stage.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const { chainId } = await ethers.provider.getNetwork();

const deploy = async () => deployOracle(connection);
const given = async () => networkHelpers.loadFixture(deploy);
const groupOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const leaf = (score: bigint, outcome = 1): OracleLeaf => ({
  project: keccak256(toBeHex(score + BigInt(outcome) * 10n ** 19n, 32)),
  definition: keccak256("0x01"),
  outcome,
  grade: outcome === 1 ? 1 : 0,
  score,
});

/** The header that provers supply of an accepted report. */
const headerHash = (report: Report, index: number, acceptedAt: number): string =>
  keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(
      ["uint32", "uint32", "bytes32", "uint64", "uint32", "uint48", "bytes32"],
      [index, report.epoch, report.root, report.threshold, report.leafCount, acceptedAt, report.manifest],
    ),
  );

describe("HeartbeatOracle.submit", () => {
  it("iOR-001, iOR-007: given a quorum of operators, it accepts the report, whoever submits it, and moves the threshold", async () => {
    const stage = await given();
    const { oracle, operators, outsider, anchor, genesis } = stage;
    const report = await reportOn(stage, 1, [leaf(6n * 10n ** 17n), leaf(10n ** 17n), leaf(0n, 2)]);
    const { signers, signatures } = await signReport(oracle, chainId, operators, [0, 2, 3], report);
    const acceptedAt = epochEnd(genesis, 1) + 7;
    await networkHelpers.time.setNextBlockTimestamp(acceptedAt);

    const digest = TypedDataEncoder.hash(oracleDomain(await oracle.getAddress(), chainId), reportTypes, report);
    const nextThreshold = 4n * 10n ** 17n; // half of the scored survive: 0.5 · (0.5 − 0.8) = −0.15, of which a step of 0.1
    await expect(oracle.connect(outsider).submit(report, signers, signatures))
      .to.emit(oracle, "ReportAccepted")
      .withArgs(
        1,
        1,
        report.root,
        1,
        report.threshold,
        nextThreshold,
        3,
        2,
        1,
        acceptedAt,
        report.manifest,
        0b1101n,
        digest,
        anchor,
      );
    expect(await oracle.latest()).to.deep.equal([1n, BigInt(acceptedAt), 0n]);
    expect(await oracle.lastEpoch()).to.equal(1);
    expect(await oracle.threshold()).to.equal(nextThreshold);
    expect(await oracle.reportDigest(report)).to.equal(digest);
    await expectJournalComplete(ethers.provider, oracle);
  });

  it("iOR-002: returns the index of the report, which counts accepted reports and not epochs", async () => {
    const stage = await given();
    await submitReport(connection, stage, await reportOn(stage, 2));
    const report = await reportOn(stage, 5);
    const { signers, signatures } = await signReport(stage.oracle, chainId, stage.operators, [1, 2, 3], report);
    await networkHelpers.time.increaseTo(epochEnd(stage.genesis, 5));
    expect(await stage.oracle.submit.staticCall(report, signers, signatures)).to.equal(2);
  });

  it("given an epoch without a project, it accepts the empty report and leaves the threshold alone", async () => {
    const stage = await given();
    const before = await stage.oracle.threshold();
    await submitReport(connection, stage, await reportOn(stage, 1));
    expect(await stage.oracle.threshold()).to.equal(before);
    expect((await stage.oracle.latest()).index).to.equal(1);
  });

  it("keeps of a report exactly its header's hash, in the ring's slot of its index", async () => {
    const stage = await given();
    const ringSlot = 6n; // after the authority, the two names that EIP712 keeps in storage, the packed state, suspensions and rulesets
    for (const [i, epoch] of [1, 2, 4].entries()) {
      const report = await reportOn(stage, epoch, [leaf(10n ** 18n)]);
      await submitReport(connection, stage, report);
      const { acceptedAt } = await stage.oracle.latest();
      const stored = await networkHelpers.getStorageAt(await stage.oracle.getAddress(), ringSlot + BigInt(i + 1));
      expect(stored).to.equal(headerHash(report, i + 1, Number(acceptedAt)));
    }
  });

  describe("iOR-003: window [end(epoch), end(epoch) + deadline)", () => {
    for (const [name, epoch, offset, accepted] of [
      ["one second before it opens", 1, -1, false],
      ["at its first second", 1, 0, true],
      ["at its last second", 1, reportDeadlineSeconds - 1, true],
      ["at the deadline", 1, reportDeadlineSeconds, false],
      ["when the next epoch's window is open", 1, 600, false],
      ["at the first second of a later epoch's window, epochs before it missed", 3, 0, true],
    ] as const) {
      it(`given a report ${name}, it is ${accepted ? "accepted" : "refused"}`, async () => {
        const stage = await given();
        const { oracle, operators, genesis } = stage;
        const report = await reportOn(stage, epoch);
        const { signers, signatures } = await signReport(oracle, chainId, operators, [0, 1, 2], report);
        const opensAt = epochEnd(genesis, epoch);
        await networkHelpers.time.setNextBlockTimestamp(opensAt + offset);
        const submitted = oracle.submit(report, signers, signatures);
        if (accepted) {
          await expect(submitted).to.emit(oracle, "ReportAccepted");
        } else {
          await expect(submitted)
            .to.be.revertedWithCustomError(oracle, "HeartbeatOracleOutsideWindow")
            .withArgs(epoch, opensAt, opensAt + reportDeadlineSeconds, opensAt + offset);
        }
      });
    }

    it("given the largest epoch, the bounds in the error do not wrap around", async () => {
      const stage = await given();
      const epoch = 2 ** 32 - 1;
      const report = await reportOn(stage, epoch);
      const opensAt = BigInt(stage.genesis) + BigInt(epoch) * 600n;
      await expect(stage.oracle.submit(report, 0b111, "0x"))
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleOutsideWindow")
        .withArgs(epoch, opensAt, opensAt + 300n, anyValue);
    });
  });

  describe("epochs", () => {
    it("iOR-002: given an accepted report, a second one for its epoch is refused, even with another root", async () => {
      const stage = await given();
      await submitReport(connection, stage, await reportOn(stage, 1));
      const second = await reportOn(stage, 1, [leaf(10n ** 18n)]);
      const { signers, signatures } = await signReport(stage.oracle, chainId, stage.operators, [0, 1, 2, 3], second);
      await expect(stage.oracle.submit(second, signers, signatures))
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleEpochNotNewer")
        .withArgs(1, 1);
    });

    it("given epoch 0, it is refused: epochs count from 1", async () => {
      const stage = await given();
      await expect(stage.oracle.submit(await reportOn(stage, 0), 0b111, "0x"))
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleEpochNotNewer")
        .withArgs(0, 0);
    });

    it("given an epoch before the last one, it is refused and never filled in later", async () => {
      const stage = await given();
      await submitReport(connection, stage, await reportOn(stage, 3));
      await expect(stage.oracle.submit(await reportOn(stage, 2), 0b111, "0x"))
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleEpochNotNewer")
        .withArgs(2, 3);
    });
  });

  describe("measurement", () => {
    const refused = async (changes: Partial<Report>, error: string, args: unknown[]) => {
      const stage = await given();
      const report = await reportOn(stage, 1, [leaf(10n ** 18n), leaf(10n ** 17n)], changes);
      await expect(submitReport(connection, stage, report))
        .to.be.revertedWithCustomError(stage.oracle, error)
        .withArgs(...args);
    };

    it("given counters that were counted by another threshold, it is refused", async () => {
      const current = 5n * 10n ** 17n;
      await refused({ threshold: current - 1n }, "HeartbeatOracleWrongThreshold", [current - 1n, current]);
      await refused({ threshold: current + 1n }, "HeartbeatOracleWrongThreshold", [current + 1n, current]);
    });

    it("given more surviving than scored, it is refused", async () => {
      await refused({ scored: 1, surviving: 2 }, "HeartbeatOracleInvalidCounters", [2, 1, 2]);
    });

    it("given more scored than leaves, it is refused", async () => {
      await refused({ scored: 3, surviving: 0 }, "HeartbeatOracleInvalidCounters", [2, 3, 0]);
    });

    it("given counters that are all equal, it is accepted", async () => {
      const stage = await given();
      const report = await reportOn(stage, 1, [leaf(10n ** 18n)]);
      expect([report.leafCount, report.scored, report.surviving]).to.deep.equal([1, 1, 1]);
      await expect(submitReport(connection, stage, report)).to.emit(stage.oracle, "ReportAccepted");
    });

    it("given leaves and no root, it is refused", async () => {
      await refused({ root: ZeroHash }, "HeartbeatOracleEmptyRoot", []);
    });
  });

  describe("operators", () => {
    it("given another configuration, it is refused", async () => {
      for (const configuration of [0, 2]) {
        const stage = await given();
        await expect(submitReport(connection, stage, await reportOn(stage, 1, [], { configuration })))
          .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleWrongConfiguration")
          .withArgs(configuration, 1);
      }
    });

    it("given a seat that the set does not have, it is refused", async () => {
      const stage = await given();
      const report = await reportOn(stage, 1);
      await networkHelpers.time.increaseTo(epochEnd(stage.genesis, 1));
      for (const signers of [0b10111n, (1n << 255n) | 0b111n]) {
        await expect(stage.oracle.submit(report, signers, "0x"))
          .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleUnknownSeat")
          .withArgs(signers, 4);
      }
    });

    for (const [operatorCount, faults, quorum] of [
      [4, 1, 3],
      [5, 1, 4],
      [6, 1, 4],
      [7, 2, 5],
      [10, 3, 7],
      [13, 4, 9],
      [31, 10, 21],
    ] as const) {
      it(`given ${operatorCount} operators (f = ${faults}), ${quorum} signatures suffice and one less does not`, async () => {
        const stage = await deployOracle(connection, operatorCount);
        const { oracle, operators, genesis } = stage;
        const report = await reportOn(stage, 1);
        const last = Array.from({ length: quorum }, (_, i) => operatorCount - 1 - i).reverse();
        const few = await signReport(oracle, chainId, operators, last.slice(1), report);
        await networkHelpers.time.increaseTo(epochEnd(genesis, 1));
        await expect(oracle.submit(report, few.signers, few.signatures))
          .to.be.revertedWithCustomError(oracle, "HeartbeatOracleQuorumNotReached")
          .withArgs(quorum - 1, quorum);
        const enough = await signReport(oracle, chainId, operators, last, report);
        await expect(oracle.submit(report, enough.signers, enough.signatures)).to.emit(oracle, "ReportAccepted");
      });
    }

    it("given one byte too few or too many, or a missing signature, it is refused", async () => {
      const stage = await given();
      const report = await reportOn(stage, 1);
      const { signers, signatures } = await signReport(stage.oracle, chainId, stage.operators, [0, 1, 2], report);
      await networkHelpers.time.increaseTo(epochEnd(stage.genesis, 1));
      for (const changed of [dataSlice(signatures, 0, 191), concat([signatures, "0x00"]), dataSlice(signatures, 64)]) {
        await expect(stage.oracle.submit(report, signers, changed))
          .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidSignatureLength")
          .withArgs((changed.length - 2) / 2, 192);
      }
    });

    const refusedSignature = async (
      seat: number,
      replaced: (compact: string, stage: OracleStage, report: Report) => Promise<string> | string,
    ) => {
      const stage = await given();
      const { oracle, operators, genesis } = stage;
      const report = await reportOn(stage, 1);
      const { signers, signatures } = await signReport(oracle, chainId, operators, [0, 1, 3], report);
      const compact = [0, 1, 2].map((i) => dataSlice(signatures, i * 64, i * 64 + 64));
      const place = [0, 1, 3].indexOf(seat);
      compact[place] = await replaced(compact[place] ?? "", stage, report);
      await networkHelpers.time.increaseTo(epochEnd(genesis, 1));
      return { stage, submitted: oracle.submit(report, signers, concat(compact)) };
    };

    it("given the same signature in two seats, the second one is refused", async () => {
      const stage = await given();
      const { oracle, operators, genesis } = stage;
      const report = await reportOn(stage, 1);
      const { signatures } = await signReport(oracle, chainId, operators, [0], report);
      await networkHelpers.time.increaseTo(epochEnd(genesis, 1));
      await expect(oracle.submit(report, 0b111, concat([signatures, signatures, signatures])))
        .to.be.revertedWithCustomError(oracle, "HeartbeatOracleInvalidSignature")
        .withArgs(1, operators[0]?.address, operators[1]?.address);
    });

    it("given a signature of another report in any place, that seat is refused", async () => {
      for (const seat of [0, 1, 3]) {
        const { stage, submitted } = await refusedSignature(seat, async (_, { oracle, operators }, report) => {
          const other = { ...report, root: keccak256("0x02") };
          return (await signReport(oracle, chainId, operators, [seat], other)).signatures;
        });
        await expect(submitted)
          .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidSignature")
          .withArgs(seat, anyValue, stage.operators[seat]?.address);
      }
    });

    it("given the other signature of the pair (s and n − s), it is refused: signatures are not malleable", async () => {
      const { stage, submitted } = await refusedSignature(1, (compact) => {
        const low = Signature.from(compact);
        const s = groupOrder - BigInt(low.s);
        const yParity = BigInt(1 - low.yParity);
        return concat([low.r, toBeHex((s & ((1n << 255n) - 1n)) | (yParity << 255n), 32)]);
      });
      await expect(submitted)
        .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidSignature")
        .withArgs(1, anyValue, stage.operators[1]?.address);
    });

    it("given an s in the upper half that fits 255 bits, or nothing that can be recovered, it recovers nobody", async () => {
      const half = (groupOrder - 1n) / 2n;
      for (const s of [half + 1n, (1n << 255n) - 1n, 0n]) {
        const { stage, submitted } = await refusedSignature(1, (compact) =>
          concat([dataSlice(compact, 0, 32), toBeHex(s, 32)]),
        );
        await expect(submitted)
          .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidSignature")
          .withArgs(1, ethers.ZeroAddress, stage.operators[1]?.address);
      }
    });

    it("given a report that was signed for another oracle or another chain, it is refused", async () => {
      const stage = await given();
      const report = await reportOn(stage, 1);
      const other = { getAddress: async () => ethers.ZeroAddress.replace(/0$/, "1") };
      await networkHelpers.time.increaseTo(epochEnd(stage.genesis, 1));
      for (const [target, chain] of [
        [other, chainId],
        [stage.oracle, chainId + 1n],
      ] as const) {
        const { signers, signatures } = await signReport(target, chain, stage.operators, [0, 1, 2], report);
        await expect(stage.oracle.submit(report, signers, signatures))
          .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidSignature")
          .withArgs(0, anyValue, stage.operators[0]?.address);
      }
    });

    it("given any signed field changed after signing, the report is refused", async () => {
      const stage = await given();
      const leaves = [leaf(10n ** 18n), leaf(10n ** 17n), leaf(0n, 2)];
      const report = await reportOn(stage, 1, leaves);
      const { signers, signatures } = await signReport(stage.oracle, chainId, stage.operators, [0, 1, 2], report);
      await networkHelpers.time.increaseTo(epochEnd(stage.genesis, 1));
      const changes: Partial<Report>[] = [
        { root: leafTree(leaves.slice(1)).root },
        { leafCount: report.leafCount + 1 },
        { scored: report.scored + 1 },
        { surviving: report.surviving + 1 },
        { manifest: ZeroHash },
      ];
      for (const change of changes) {
        await expect(stage.oracle.submit({ ...report, ...change }, signers, signatures))
          .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidSignature")
          .withArgs(0, anyValue, stage.operators[0]?.address);
      }
      await expect(stage.oracle.submit(report, signers, signatures)).to.emit(stage.oracle, "ReportAccepted");
    });
  });

  it("given a field with bits beyond its type, the call reverts: what is hashed is what is read", async () => {
    const stage = await given();
    const { oracle, operators, genesis, outsider } = stage;
    const report = await reportOn(stage, 1);
    const { signers, signatures } = await signReport(oracle, chainId, operators, [0, 1, 2], report);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1));
    const data = oracle.interface.encodeFunctionData("submit", [report, signers, signatures]);
    for (const word of [0, 1, 3, 4, 5, 6]) {
      const start = 2 + 8 + 64 * word;
      const dirty = `${data.slice(0, start)}01${data.slice(start + 2)}`;
      await expect(outsider.sendTransaction({ to: oracle, data: dirty })).to.be.revertedWithoutReason(ethers);
    }
    await expect(outsider.sendTransaction({ to: oracle, data })).to.emit(oracle, "ReportAccepted");
  });
});
