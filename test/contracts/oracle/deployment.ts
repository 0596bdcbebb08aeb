import { expect } from "chai";
import hre from "hardhat";

import { expectJournalComplete } from "../../support/journal.ts";
import {
  deployOracle,
  epochEnd,
  epochSeconds,
  parametersFrom,
  reportDeadlineSeconds,
  reportOn,
  submitReport,
  thresholdParameters,
} from "../../support/oracle-stage.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const deploy = async () => deployOracle(connection);
const given = async () => networkHelpers.loadFixture(deploy);
const one = 10n ** 18n;
const { bounds } = parametersFrom(0);
const problem = { epochSeconds: 0, reportDeadline: 1, threshold: 2, softStep: 3, operatorKeys: 4, lostShare: 5 };

describe("HeartbeatOracle", () => {
  it("iOR-007: given parameters, it keeps them for life; the constructor's log is in the journal", async () => {
    const { authority, genesis } = await given();
    const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parametersFrom(genesis)]);
    expect(await oracle.genesis()).to.equal(genesis);
    expect(await oracle.epochSeconds()).to.equal(epochSeconds);
    expect(await oracle.reportDeadlineSeconds()).to.equal(reportDeadlineSeconds);
    const { initial, minimum, maximum, step, gain, targetSurvival } = await oracle.thresholdParameters();
    expect({ initial, minimum, maximum, step, gain, targetSurvival }).to.deep.equal(thresholdParameters);
    const { softStep, lostShare, lostLeaves } = await oracle.sanityBounds();
    expect({ softStep, lostShare, lostLeaves }).to.deep.equal({ ...bounds, lostLeaves: BigInt(bounds.lostLeaves) });
    expect(await oracle.threshold()).to.equal(thresholdParameters.initial);
    expect(await oracle.latest()).to.deep.equal([0n, BigInt(genesis), 0n]);
    expect(await oracle.lastEpoch()).to.equal(0);
    expect(await oracle.authority()).to.equal(authority);
    await expectJournalComplete(ethers.provider, oracle);
  });

  describe("bounds of the parameters", () => {
    for (const [name, changes, refusal] of [
      ["epochs of 9 seconds", { epochSeconds: 9, reportDeadlineSeconds: 1 }, problem.epochSeconds],
      ["epochs of 10 seconds", { epochSeconds: 10, reportDeadlineSeconds: 1 }, undefined],
      ["epochs of 366 days", { epochSeconds: 366 * 86_400 }, undefined],
      ["epochs of a second more", { epochSeconds: 366 * 86_400 + 1 }, problem.epochSeconds],
      ["no deadline", { reportDeadlineSeconds: 0 }, problem.reportDeadline],
      ["a deadline of one second", { reportDeadlineSeconds: 1 }, undefined],
      ["a deadline one second shorter than an epoch", { reportDeadlineSeconds: epochSeconds - 1 }, undefined],
      ["a deadline as long as an epoch", { reportDeadlineSeconds: epochSeconds }, problem.reportDeadline],
      ["no soft step", { bounds: { ...bounds, softStep: 0n } }, problem.softStep],
      ["a soft step of one unit", { bounds: { ...bounds, softStep: 1n } }, undefined],
      ["a soft step of one", { bounds: { ...bounds, softStep: one } }, undefined],
      ["no share of leaves", { bounds: { ...bounds, lostShare: 0n } }, problem.lostShare],
      [
        "a share of leaves of one unit, and no number of them",
        { bounds: { ...bounds, lostShare: 1n, lostLeaves: 0 } },
        undefined,
      ],
      ["all leaves", { bounds: { ...bounds, lostShare: one } }, undefined],
      ["more than all leaves", { bounds: { ...bounds, lostShare: one + 1n } }, problem.lostShare],
      ["keys where no contract is", { operatorKeys: `0x${"12".repeat(20)}` }, problem.operatorKeys],
      ["a soft step above one", { bounds: { ...bounds, softStep: one + 1n } }, problem.softStep],
    ] as const) {
      it(`given ${name}, deployment ${refusal === undefined ? "succeeds" : "is refused"}`, async () => {
        const { authority, genesis } = await given();
        const parameters = { ...parametersFrom(genesis), ...changes };
        const deployed = ethers.deployContract("HeartbeatOracle", [authority, parameters]);
        if (refusal === undefined) await deployed;
        else {
          const factory = await ethers.getContractFactory("HeartbeatOracle");
          await expect(deployed)
            .to.be.revertedWithCustomError(factory, "HeartbeatOracleInvalidParameters")
            .withArgs(refusal);
        }
      });
    }

    const wide = { initial: one / 2n, minimum: 1n, maximum: one, step: one, gain: one, targetSurvival: one };
    for (const [name, changes, valid] of [
      ["the widest parameters", {}, true],
      ["a minimum of zero", { minimum: 0n }, false],
      ["a start at the minimum", { initial: 1n }, true],
      ["a start below the minimum", { minimum: one / 2n + 1n }, false],
      ["a start at the maximum", { maximum: one / 2n }, true],
      ["a start above the maximum", { maximum: one / 2n - 1n }, false],
      ["a maximum above one", { maximum: one + 1n }, false],
      ["a step of one unit", { step: 1n }, true],
      ["no step", { step: 0n }, false],
      ["a step above one", { step: one + 1n }, false],
      ["no gain", { gain: 0n }, false],
      ["a gain above one", { gain: one + 1n }, false],
      ["no target", { targetSurvival: 0n }, false],
      ["a target above one", { targetSurvival: one + 1n }, false],
    ] as const) {
      it(`given ${name} of the threshold, deployment ${valid ? "succeeds" : "is refused"}`, async () => {
        const { authority, genesis } = await given();
        const parameters = { ...parametersFrom(genesis), threshold: { ...wide, ...changes } };
        const deployed = ethers.deployContract("HeartbeatOracle", [authority, parameters]);
        if (valid) await deployed;
        else {
          const factory = await ethers.getContractFactory("HeartbeatOracle");
          await expect(deployed)
            .to.be.revertedWithCustomError(factory, "HeartbeatOracleInvalidParameters")
            .withArgs(problem.threshold);
        }
      });
    }
  });

  it("given a time, epochAt counts epochs from 1 at genesis, and 0 before it", async () => {
    const { oracle, genesis } = await given();
    for (const [offset, epoch] of [
      [-1, 0],
      [0, 1],
      [epochSeconds - 1, 1],
      [epochSeconds, 2],
      [10 * epochSeconds - 1, 10],
      [10 * epochSeconds, 11],
    ] as const) {
      expect(await oracle.epochAt(genesis + offset), `offset ${offset}`).to.equal(epoch);
    }
    expect(await oracle.epochAt(0)).to.equal(0);
  });

  it("given a time whose epoch does not fit 32 bits, epochAt reverts instead of wrapping around", async () => {
    const { oracle, genesis } = await given();
    const last = BigInt(genesis) + (2n ** 32n - 1n) * BigInt(epochSeconds) - 1n;
    expect(await oracle.epochAt(last)).to.equal(2n ** 32n - 1n);
    await expect(oracle.epochAt(last + 1n))
      .to.be.revertedWithCustomError(oracle, "SafeCastOverflowedUintDowncast")
      .withArgs(32, 2n ** 32n);
  });

  it("is fresh from a report on, stale from two epochs after it on, and neither before the first one", async () => {
    const stage = await given();
    const { oracle, genesis } = stage;
    const [none, fresh, stale] = [0n, 1n, 2n];
    await networkHelpers.time.increaseTo(epochEnd(genesis, 5));
    expect(await oracle.freshness()).to.equal(none);
    await submitReport(connection, stage, await reportOn(stage, 6));
    expect(await oracle.freshness()).to.equal(fresh);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 8) - 1);
    expect(await oracle.freshness()).to.equal(fresh);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 8));
    expect(await oracle.freshness()).to.equal(stale);
  });

  it("given a new authority, the change is in the journal", async () => {
    const { oracle, authority, admin } = await given();
    const successor = await ethers.deployContract("AuthorityDouble", [admin]);
    await expect(authority.updateAuthority(oracle, successor)).to.emit(oracle, "AuthorityUpdated").withArgs(successor);
    await expectJournalComplete(ethers.provider, oracle);
  });
});
