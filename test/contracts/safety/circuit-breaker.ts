import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { contractKind } from "../../../src/chain/contract-kind.ts";
import { BreakerState, credited, deployBreaker, tripSeconds, type BreakerStage } from "../../support/breaker-stage.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { parametersFrom } from "../../support/oracle-stage.ts";

const reason = id("a guardian's reasons");
const oracleTripSeconds = 86_400;

describe("CircuitBreaker: guardians, and whoever shows that money is missing", () => {
  let stage: BreakerStage;
  let begin: () => Promise<void>;
  before(async () => {
    stage = await deployBreaker();
    const snapshot = await stage.networkHelpers.takeSnapshot();
    begin = () => snapshot.restore();
  });
  beforeEach(async () => begin());
  // iJO-001: whatever a test did, every head is the fold of all logs.
  afterEach(async () => {
    for (const part of [stage.breaker, stage.vault, stage.oracle]) await expectJournalComplete(stage.provider, part);
  });

  const safetyOf = (asset: string) => stage.vault.assetSafety(asset);
  /** The second of the next block. */
  const nextSecond = async () => {
    const at = (await stage.networkHelpers.time.latest()) + 10;
    await stage.networkHelpers.time.setNextBlockTimestamp(at);
    return at;
  };
  const everybodyElse = () => {
    const { admin, office, outsider, spender, first } = stage;
    return [admin, office, outsider, spender, first];
  };

  it("names its parts; the reclaim share is counted by the oracle's epochs", async () => {
    const { breaker, vault, anchors, constitution, epochSeconds } = stage;
    expect(await breaker.vault()).to.equal(vault);
    expect(await breaker.anchors()).to.equal(anchors);
    expect(await breaker.constitution()).to.equal(constitution);
    expect(await breaker.reclaimWindow()).to.equal(epochSeconds);
  });

  describe("trip", () => {
    for (const name of ["coin", "token"] as const) {
      it(`a guardian trips ${name} at once, and no other asset`, async () => {
        const { breaker, vault, guardian, assets } = stage;
        const asset = assets[name];
        const until = (await nextSecond()) + tripSeconds;
        await expect(breaker.connect(guardian).trip(asset, reason))
          .to.emit(breaker, "TrippedByGuardian")
          .withArgs(asset, guardian, reason)
          .and.to.emit(vault, "AssetTripped")
          .withArgs(asset, until, 1, reason, guardian);
        const { state, until: found, trips, resetAt } = await safetyOf(asset);
        expect([state, found, trips, resetAt]).to.deep.equal([BreakerState.Tripped, BigInt(until), 1n, 0n]);
        for (const other of Object.values(assets)) {
          if (other !== asset) expect((await safetyOf(other)).state).to.equal(BreakerState.Closed);
        }
      });
    }

    it("nobody else trips an asset, and nobody does without a reason", async () => {
      const { breaker, guardian, assets } = stage;
      for (const caller of everybodyElse()) {
        await expect(breaker.connect(caller).trip(assets.coin, reason))
          .to.be.revertedWithCustomError(breaker, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
      await expect(breaker.connect(guardian).trip(assets.coin, ZeroHash)).to.be.revertedWithCustomError(
        breaker,
        "CircuitBreakerInvalidReason",
      );
      expect((await safetyOf(assets.coin)).trips).to.equal(0);
    });

    it("nobody but the breaker reaches what it writes in the vault and in the oracle", async () => {
      const { vault, oracle, guardian, assets } = stage;
      const limits = { outflowShare: 1, reclaimShare: 1, reclaimWindow: 1, tripSeconds: 1, enclaveShare: 1 };
      for (const caller of [guardian, ...everybodyElse()]) {
        for (const call of [
          () => vault.connect(caller).tripAsset(assets.coin, reason, caller),
          () => vault.connect(caller).resetAsset(assets.coin, reason, caller),
          () => vault.connect(caller).setLimits(limits),
          () => oracle.connect(caller).trip(reason, caller),
          () => oracle.connect(caller).reset(reason, caller),
        ]) {
          await expect(call()).to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized").withArgs(caller);
        }
      }
    });

    it("a guardian who is none any more trips nothing", async () => {
      const { authority, breaker, guardian, assets } = stage;
      await authority.revokeRole(18n, guardian);
      await expect(breaker.connect(guardian).trip(assets.coin, reason))
        .to.be.revertedWithCustomError(breaker, "AccessManagedUnauthorized")
        .withArgs(guardian);
    });
  });

  describe("tripOracle", () => {
    it("a guardian trips a registered oracle for a day", async () => {
      const { breaker, oracle, guardian } = stage;
      const until = (await nextSecond()) + oracleTripSeconds;
      await expect(breaker.connect(guardian).tripOracle(oracle, reason))
        .to.emit(breaker, "TrippedByGuardian")
        .withArgs(oracle, guardian, reason)
        .and.to.emit(oracle, "OracleTripped")
        .withArgs(0, until, reason, guardian);
      expect(await oracle.trippedUntil()).to.equal(until);
    });

    it("nobody else does, and nobody without a reason", async () => {
      const { breaker, oracle, guardian } = stage;
      for (const caller of everybodyElse()) {
        await expect(breaker.connect(caller).tripOracle(oracle, reason))
          .to.be.revertedWithCustomError(breaker, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
      await expect(breaker.connect(guardian).tripOracle(oracle, ZeroHash)).to.be.revertedWithCustomError(
        breaker,
        "CircuitBreakerInvalidReason",
      );
      expect(await oracle.trippedUntil()).to.equal(0);
    });

    it("an oracle that is not of the system is refused, and so is a part of the system that is none", async () => {
      const { ethers, authority, breaker, vault, guardian, genesis } = stage;
      const foreign = await ethers.deployContract("HeartbeatOracle", [authority, parametersFrom(genesis)]);
      for (const call of [
        () => breaker.connect(guardian).tripOracle(foreign, reason),
        () => breaker.connect(guardian).resetOracle(foreign),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(breaker, "CircuitBreakerUnknownOracle").withArgs(foreign);
      }
      await authority.registerContract(vault, contractKind("BudgetVault"));
      await expect(breaker.connect(guardian).tripOracle(vault, reason)).to.be.revertedWithoutReason(ethers);
    });
  });

  describe("showShortfall", () => {
    for (const name of ["coin", "rebasing"] as const) {
      it(`given a unit less of ${name} than is credited, anyone trips the asset`, async () => {
        const { breaker, vault, authority, outsider, assets } = stage;
        const asset = assets[name];
        await stage.lose(asset, 1n);
        const data = breaker.interface.encodeFunctionData("showShortfall", [asset]);
        const cause = await authority.hashOperation(outsider, breaker, data);
        const until = (await nextSecond()) + tripSeconds;
        await expect(breaker.connect(outsider).showShortfall(asset))
          .to.emit(breaker, "ShortfallShown")
          .withArgs(asset, credited - 1n, credited, cause, outsider)
          .and.to.emit(vault, "AssetTripped")
          .withArgs(asset, until, 1, cause, outsider);
        expect((await safetyOf(asset)).state).to.equal(BreakerState.Tripped);
        expect(await vault.credited(asset)).to.equal(credited);
      });

      it(`given exactly what is credited of ${name}, or more, there is nothing to show`, async () => {
        const { breaker, assets } = stage;
        const asset = assets[name];
        for (const surplus of [0n, 1n]) {
          await stage.find(asset, surplus);
          await expect(breaker.showShortfall(asset))
            .to.be.revertedWithCustomError(breaker, "CircuitBreakerNoShortfall")
            .withArgs(asset, credited + surplus, credited);
        }
        expect((await safetyOf(asset)).trips).to.equal(0);
      });
    }

    it("of an asset that the vault owes nothing in, there is none", async () => {
      const { ethers, breaker } = stage;
      const unlisted = await ethers.deployContract("TestToken");
      await expect(breaker.showShortfall(unlisted))
        .to.be.revertedWithCustomError(breaker, "CircuitBreakerNoShortfall")
        .withArgs(unlisted, 0, 0);
    });

    it("it is shown once a trip: until the trip's last second refused, half open again accepted", async () => {
      const { breaker, assets, networkHelpers } = stage;
      const asset = assets.rebasing;
      await stage.lose(asset, 1n);
      await breaker.showShortfall(asset);
      const { until } = await safetyOf(asset);
      await networkHelpers.time.setNextBlockTimestamp(until - 1n);
      await expect(breaker.showShortfall(asset))
        .to.be.revertedWithCustomError(breaker, "CircuitBreakerAlreadyTripped")
        .withArgs(asset);
      await networkHelpers.time.setNextBlockTimestamp(until);
      await breaker.showShortfall(asset);
      const again = await safetyOf(asset);
      expect([again.state, again.until, again.trips]).to.deep.equal([
        BreakerState.Tripped,
        until + BigInt(tripSeconds),
        2n,
      ]);
    });

    it("in the middle of a deposit, when the vault owes what it has not got yet, it is refused", async () => {
      const { ethers, breaker, vault, office, pool } = stage;
      const hostile = await ethers.deployContract("CallbackToken");
      const amount = 5n;
      await vault.connect(office).allowAsset(hostile, true);
      await hostile.mint(office, amount);
      await hostile.connect(office).approve(vault, amount);
      const show = breaker.interface.encodeFunctionData("showShortfall", [await hostile.getAddress()]);
      await hostile.setHook(breaker, show, true);
      await vault.connect(office).deposit(pool, hostile, amount, id("hostile"));
      expect(await hostile.lastWorked()).to.equal(false);
      expect(await hostile.lastError()).to.equal(id("ReentrancyGuardReentrantCall()").slice(0, 10));
      const { state, trips } = await safetyOf(await hostile.getAddress());
      expect([state, trips, await vault.credited(hostile)]).to.deep.equal([BreakerState.Closed, 0n, amount]);
    });
  });
});
