import { expect } from "chai";
import { id } from "ethers";
import hre from "hardhat";

import { expectJournalComplete } from "../../support/journal.ts";
import { operatorWallets } from "../../support/oracle.ts";
import {
  deployOracle,
  epochEnd,
  epochSeconds,
  reportOn,
  submitReport,
  thresholdParameters,
  type OracleStage,
} from "../../support/oracle-stage.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const { time } = networkHelpers;

const one = 10n ** 18n;
const tripSeconds = 86_400;
const staleSeconds = 2 * epochSeconds;
const anyTime = 2n ** 48n - 1n;
/** `IHeartbeatOracle.Freshness`; none is 0. */
const [fresh, stale, quarantined] = [1n, 2n, 3n];
const cause = id("a guardian's reasons");

/** A gain of ten units: each tenth by which the survivors miss their target moves τ by one unit. */
const fine = { ...thresholdParameters, initial: one / 2n, step: one, gain: 10n };
const softStep = 5n;
const bounds = { softStep, lostShare: one / 4n, lostLeaves: 10 };

/** Counters of a report on ten projects of which `surviving` survive. */
const tenOf = (surviving: number) => ({ root: id("root"), leafCount: 10, scored: 10, surviving });

describe("HeartbeatOracle: trips", () => {
  let stage: OracleStage;

  // iJO-001: whatever a test did, every log of the oracle is in its journal.
  afterEach(async () => expectJournalComplete(ethers.provider, stage.oracle));

  const given = async (threshold: Partial<typeof fine> = {}) => {
    stage = await deployOracle(connection, 4, { threshold: { ...fine, ...threshold }, bounds });
  };
  const submit = async (epoch: number, surviving: number, changes: { configuration?: number } = {}) =>
    submitReport(connection, stage, await reportOn(stage, epoch, [], { ...tenOf(surviving), ...changes }));
  const managedUntil = async () => (await stage.oracle.latest()).managedUntil;
  const now = async () => BigInt(await time.latest());

  describe("given a report that moves τ", () => {
    for (const [direction, targetSurvival, kept, tripping, sign] of [
      ["up", (4n * one) / 10n, 9, 10, 1n],
      ["down", (6n * one) / 10n, 1, 0, -1n],
    ] as const) {
      it(`${direction} by exactly the soft step, it is accepted and trips nothing`, async () => {
        await given({ targetSurvival });
        await expect(submit(1, kept))
          .to.emit(stage.oracle, "ReportAccepted")
          .and.not.to.emit(stage.oracle, "OracleTripped");
        expect(await stage.oracle.threshold()).to.equal(fine.initial + sign * softStep);
        expect(await stage.oracle.trippedUntil()).to.equal(0);
        expect(await managedUntil()).to.equal(0);
      });

      it(`${direction} by one unit more, it is accepted as well, and trips the oracle for a day`, async () => {
        await given({ targetSurvival });
        const { oracle, anchor, genesis } = stage;
        const digest = await oracle.reportDigest(await reportOn(stage, 1, [], tenOf(tripping)));
        const acceptedAt = epochEnd(genesis, 1);
        const until = acceptedAt + tripSeconds;
        await expect(submit(1, tripping))
          .to.emit(oracle, "ReportAccepted")
          .and.to.emit(oracle, "OracleTripped")
          .withArgs(1, until, digest, anchor);
        expect(await oracle.threshold()).to.equal(fine.initial + sign * (softStep + 1n));
        expect(await oracle.lastEpoch()).to.equal(1);
        expect(await oracle.trippedUntil()).to.equal(until);
        expect(await oracle.latest()).to.deep.equal([1n, BigInt(acceptedAt), BigInt(until)]);
      });
    }

    it("what the bounds of τ cut off does not count as moved", async () => {
      await given({ targetSurvival: (4n * one) / 10n, maximum: fine.initial + softStep });
      await expect(submit(1, 10)).not.to.emit(stage.oracle, "OracleTripped");
      expect(await stage.oracle.threshold()).to.equal(fine.initial + softStep);
    });

    it("the same holds of its largest step: one that is as long as the soft step never trips, one unit longer does", async () => {
      for (const [step, trips] of [
        [softStep, false],
        [softStep + 1n, true],
      ] as const) {
        await given({ gain: one, targetSurvival: one, step });
        await submit(1, 0);
        expect(await stage.oracle.threshold()).to.equal(fine.initial - step);
        expect((await stage.oracle.trippedUntil()) > 0n, `a step of ${step}`).to.equal(trips);
      }
    });
  });

  describe("given a report with fewer leaves than the one before", () => {
    beforeEach(async () => given());

    /** A report on `leafCount` projects of which nobody could score any, so that τ stays. */
    const listing = async (epoch: number, leafCount: number) => {
      const changes = { root: id("root"), leafCount, scored: 0, surviving: 0 };
      return submitReport(connection, stage, await reportOn(stage, epoch, [], changes));
    };

    for (const [name, before, after, trips] of [
      ["exactly the share of them is gone", 100, 75, false],
      ["one more than the share is gone", 100, 74, true],
      ["all of as many as may be gone are gone", 10, 0, false],
      ["all of one more are gone", 11, 0, true],
      ["exactly the number is gone, which is beyond the share", 20, 10, false],
      ["one more than the number is gone, and than the share", 20, 9, true],
      ["many are gone, within the share", 1000, 750, false],
      ["there are more", 20, 1000, false],
      ["all of the most that a report can have are gone", 2 ** 32 - 1, 0, true],
    ] as const) {
      it(`${name} (${before}, then ${after}): it is accepted and ${trips ? "trips the oracle" : "trips nothing"}`, async () => {
        const { oracle, anchor, genesis } = stage;
        await expect(listing(1, before)).not.to.emit(oracle, "OracleTripped");
        const report = await reportOn(stage, 2, [], { root: id("root"), leafCount: after, scored: 0, surviving: 0 });
        const digest = await oracle.reportDigest(report);
        const accepted = submitReport(connection, stage, report);
        await expect(accepted).to.emit(oracle, "ReportAccepted");
        if (trips) {
          await expect(accepted)
            .to.emit(oracle, "OracleTripped")
            .withArgs(2, epochEnd(genesis, 2) + tripSeconds, digest, anchor);
        } else await expect(accepted).not.to.emit(oracle, "OracleTripped");
        expect(await oracle.latest()).to.deep.equal([
          2n,
          BigInt(epochEnd(genesis, 2)),
          trips ? BigInt(epochEnd(genesis, 2) + tripSeconds) : 0n,
        ]);
      });
    }

    it("the next one is held against it, not against the ones before: it does not trip for ever", async () => {
      const { oracle } = stage;
      await listing(1, 100);
      await expect(listing(2, 20)).to.emit(oracle, "OracleTripped");
      await expect(listing(3, 20)).not.to.emit(oracle, "OracleTripped");
      await expect(listing(4, 100)).not.to.emit(oracle, "OracleTripped");
    });

    it("a set that is scheduled and a reset in between keep the count, as a trip keeps everything else", async () => {
      const { oracle, operators, anchor } = stage;
      await listing(1, 100);
      const seats = operators.map(({ address }) => address);
      await oracle.scheduleOperatorSet(seats, 3, anchor);
      await oracle.trip(cause, anchor);
      await oracle.reset(cause, anchor);
      await expect(listing(2, 74)).to.emit(oracle, "OracleTripped");
    });

    it("one that moves τ too far as well trips once", async () => {
      await given({ targetSurvival: (4n * one) / 10n });
      await listing(1, 100);
      const accepted = await submit(2, 10);
      const { topicHash } = stage.oracle.interface.getEvent("OracleTripped");
      const logs = (await accepted.wait())?.logs ?? [];
      expect(logs.filter(({ topics }) => topics[0] === topicHash)).to.have.length(1);
    });
  });

  describe("given a trip", () => {
    beforeEach(async () => {
      await given({ targetSurvival: (6n * one) / 10n });
    });

    it("by role, it says who and why, and changes nothing else", async () => {
      const { oracle, outsider } = stage;
      await submit(1, 6);
      const before = [await oracle.threshold(), await oracle.lastEpoch(), await oracle.operatorSet(2)];
      const at = (await time.latest()) + 50;
      await time.setNextBlockTimestamp(at);
      await expect(oracle.trip(cause, outsider))
        .to.emit(oracle, "OracleTripped")
        .withArgs(1, at + tripSeconds, cause, outsider);
      expect([await oracle.threshold(), await oracle.lastEpoch(), await oracle.operatorSet(2)]).to.deep.equal(before);
      expect(await oracle.latest()).to.deep.equal([1n, BigInt(at - 50), BigInt(at + tripSeconds)]);
    });

    it("another one within it lasts anew, by a guardian as by a report", async () => {
      const { oracle, admin } = stage;
      const at = (await time.latest()) + 100;
      await time.setNextBlockTimestamp(at);
      await oracle.trip(cause, admin);
      await time.setNextBlockTimestamp(at + 50);
      await oracle.trip(cause, admin);
      expect(await oracle.trippedUntil()).to.equal(at + 50 + tripSeconds);
      await submit(1, 0);
      expect(await oracle.trippedUntil()).to.equal(epochEnd(stage.genesis, 1) + tripSeconds);
    });

    it("reports are accepted as ever, and one that moves little leaves the trip as it is", async () => {
      const { oracle, genesis } = stage;
      await submit(1, 0);
      const until = BigInt(epochEnd(genesis, 1) + tripSeconds);
      await expect(submit(2, 1)).to.emit(oracle, "ReportAccepted").and.not.to.emit(oracle, "OracleTripped");
      expect(await oracle.latest()).to.deep.equal([2n, BigInt(epochEnd(genesis, 2)), until]);
      expect(await oracle.threshold()).to.equal(fine.initial - 6n - 5n);
      expect(await oracle.freshness()).to.equal(quarantined);
    });

    it("a new operator set is scheduled, and keeps the trip", async () => {
      const { oracle, anchor, genesis } = stage;
      await submit(1, 0);
      const until = await oracle.trippedUntil();
      const successors = operatorWallets(4, 200);
      await oracle.scheduleOperatorSet(
        successors.map(({ address }) => address),
        3,
        anchor,
      );
      expect(await oracle.trippedUntil()).to.equal(until);
      const report = await reportOn(stage, 3, [], { ...tenOf(6), configuration: 2 });
      await submitReport(connection, { ...stage, operators: successors }, report);
      expect(await oracle.latest()).to.deep.equal([2n, BigInt(epochEnd(genesis, 3)), until]);
    });

    it("a reset ends it from that second on, and another one is refused", async () => {
      const { oracle, admin, outsider } = stage;
      await submit(1, 0);
      const at = (await time.latest()) + 10;
      await time.setNextBlockTimestamp(at);
      await expect(oracle.reset(cause, outsider)).to.emit(oracle, "OracleReset").withArgs(1, cause, outsider);
      expect(await oracle.trippedUntil()).to.equal(at);
      expect(await managedUntil()).to.equal(at);
      await expect(oracle.reset(cause, admin))
        .to.be.revertedWithCustomError(oracle, "HeartbeatOracleNotTripped")
        .withArgs(at);
      await submit(2, 0);
      expect(await oracle.trippedUntil()).to.equal(epochEnd(stage.genesis, 2) + tripSeconds);
    });

    it("it can be reset in its last second, and no more in the one after; without one there is nothing to reset", async () => {
      const { oracle, admin } = stage;
      await expect(oracle.reset(cause, admin))
        .to.be.revertedWithCustomError(oracle, "HeartbeatOracleNotTripped")
        .withArgs(0);
      await oracle.trip(cause, admin);
      const until = Number(await oracle.trippedUntil());
      const running = await networkHelpers.takeSnapshot();
      await time.setNextBlockTimestamp(until - 1);
      await expect(oracle.reset(cause, admin)).to.emit(oracle, "OracleReset");
      await running.restore();
      await time.setNextBlockTimestamp(until);
      await expect(oracle.reset(cause, admin))
        .to.be.revertedWithCustomError(oracle, "HeartbeatOracleNotTripped")
        .withArgs(until);
    });

    it("only a role trips and resets", async () => {
      const { oracle, outsider, admin } = stage;
      await oracle.trip(cause, admin);
      const until = await oracle.trippedUntil();
      for (const call of ["trip", "reset"] as const) {
        await expect(oracle.connect(outsider)[call](cause, outsider))
          .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
          .withArgs(outsider);
      }
      expect(await oracle.trippedUntil()).to.equal(until);
    });
  });

  describe("latest().managedUntil", () => {
    beforeEach(async () => {
      await given({ targetSurvival: (6n * one) / 10n });
    });

    it("before the first report: 0, and the largest time from two epochs after genesis on", async () => {
      const { genesis } = stage;
      expect(await managedUntil()).to.equal(0);
      await time.increaseTo(genesis + staleSeconds - 1);
      expect(await managedUntil()).to.equal(0);
      await time.increaseTo(genesis + staleSeconds);
      expect(await managedUntil()).to.equal(anyTime);
      await submit(3, 6);
      expect(await managedUntil()).to.equal(0);
    });

    it("without a trip: 0, and the largest time from two epochs after the latest report on", async () => {
      await submit(1, 6);
      const acceptedAt = await time.latest();
      expect(await managedUntil()).to.equal(0);
      await time.increaseTo(acceptedAt + staleSeconds - 1);
      expect(await managedUntil()).to.equal(0);
      expect(await stage.oracle.freshness()).to.equal(fresh);
      await time.increaseTo(acceptedAt + staleSeconds);
      expect(await managedUntil()).to.equal(anyTime);
      expect(await stage.oracle.freshness()).to.equal(stale);
    });

    it("with a trip: its end, unless the oracle is stale meanwhile, and again once it reports", async () => {
      await submit(1, 0);
      const acceptedAt = await time.latest();
      const until = BigInt(acceptedAt + tripSeconds);
      await time.increaseTo(acceptedAt + staleSeconds - 1);
      expect(await managedUntil()).to.equal(until);
      await time.increaseTo(acceptedAt + staleSeconds);
      expect(await managedUntil()).to.equal(anyTime);
      expect(await stage.oracle.freshness()).to.equal(stale);
      await submit(4, 6);
      expect(await managedUntil()).to.equal(until);
    });

    it("after a trip: still its end, which has passed", async () => {
      await submit(1, 0);
      const until = (await time.latest()) + tripSeconds;
      await submit(144, 6); // 600 seconds before the end, so that the oracle stays fresh over it
      for (const at of [until - 1, until, until + 1]) {
        await time.increaseTo(at);
        expect(await managedUntil(), `${at - until} seconds after its end`).to.equal(until);
        expect(await stage.oracle.freshness()).to.equal(at < until ? quarantined : fresh);
      }
      expect((await managedUntil()) < (await now())).to.equal(true);
    });

    it("a trip of a stale oracle shows once it is fresh, and a reset ends it while it is stale", async () => {
      const { oracle, admin, genesis } = stage;
      await submit(1, 6);
      await time.increaseTo(epochEnd(genesis, 1) + staleSeconds);
      await oracle.trip(cause, admin);
      expect(await managedUntil()).to.equal(anyTime);
      await oracle.reset(cause, admin);
      const at = await now();
      expect(await managedUntil()).to.equal(anyTime);
      await submit(4, 6);
      expect(await managedUntil()).to.equal(at);
    });
  });
});
