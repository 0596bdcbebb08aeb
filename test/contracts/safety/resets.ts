import { expect } from "chai";
import { AbiCoder, id, keccak256 } from "ethers";

import { day } from "../../support/authority.ts";
import { periodSeconds } from "../../support/anchors.ts";
import { BreakerState, credited, deployBreaker, type BreakerStage } from "../../support/breaker-stage.ts";
import { expectJournalComplete } from "../../support/journal.ts";

const reason = id("a guardian's reasons");

describe("CircuitBreaker: a quorum of anchors resets", () => {
  let stage: BreakerStage;
  let begin: () => Promise<void>;
  before(async () => {
    stage = await deployBreaker();
    const snapshot = await stage.networkHelpers.takeSnapshot();
    begin = () => snapshot.restore();
  });
  beforeEach(async () => begin());
  // iJO-001
  afterEach(async () => {
    for (const part of [stage.breaker, stage.vault, stage.oracle, stage.anchors]) {
      await expectJournalComplete(stage.provider, part);
    }
  });

  const now = async () => BigInt(await stage.networkHelpers.time.latest());
  const operationOf = async (what: string, target: string, trip: bigint) => {
    const { chainId } = await stage.ethers.provider.getNetwork();
    const types = ["string", "uint256", "address", "address", "uint256"];
    return keccak256(
      AbiCoder.defaultAbiCoder().encode(types, [what, chainId, await stage.breaker.getAddress(), target, trip]),
    );
  };

  const asset = {
    name: "an asset",
    trip: () => stage.breaker.connect(stage.guardian).trip(stage.assets.rebasing, reason),
    operation: () => stage.breaker.resetOperation(stage.assets.rebasing),
    reset: (by = stage.outsider) => stage.breaker.connect(by).reset(stage.assets.rebasing),
    until: async () => (await stage.vault.assetSafety(stage.assets.rebasing)).until,
    isTripped: async () => (await stage.vault.assetSafety(stage.assets.rebasing)).state !== BreakerState.Closed,
    refusal: () => ({ contract: stage.vault, error: "BudgetVaultNotTripped", args: [stage.assets.rebasing] }),
  };
  const oracle = {
    name: "an oracle",
    trip: () => stage.breaker.connect(stage.guardian).tripOracle(stage.oracle, reason),
    operation: () => stage.breaker.resetOracleOperation(stage.oracle),
    reset: (by = stage.outsider) => stage.breaker.connect(by).resetOracle(stage.oracle),
    until: () => stage.oracle.trippedUntil(),
    isTripped: async () => (await stage.oracle.trippedUntil()) > (await now()),
    refusal: () => ({
      contract: stage.oracle,
      error: "HeartbeatOracleNotTripped",
      args: [(value: bigint) => value >= 0n],
    }),
  };

  for (const target of [asset, oracle]) {
    describe(`given ${target.name}`, () => {
      const refused = async (operation: string, by = stage.outsider) => {
        await expect(target.reset(by))
          .to.be.revertedWithCustomError(stage.breaker, "CircuitBreakerNotApproved")
          .withArgs(operation);
        expect(await target.isTripped()).to.equal(true);
      };
      const notTripped = async () => {
        const { contract, error, args } = target.refusal();
        await expect(target.reset())
          .to.be.revertedWithCustomError(contract, error)
          .withArgs(...args);
      };

      it("below a quorum of anchors it stays tripped; at the quorum anyone resets it", async () => {
        const { anchors, first, second } = stage;
        await target.trip();
        const operation = await target.operation();
        expect(await anchors.quorum()).to.equal(2);
        await refused(operation);
        await stage.approve(operation, [first]);
        await refused(operation);
        await stage.approve(operation, [second]);
        await target.reset();
        expect(await target.isTripped()).to.equal(false);
      });

      it("a guardian neither resets it nor approves that", async () => {
        const { anchors, guardian, first } = stage;
        await target.trip();
        const operation = await target.operation();
        await stage.approve(operation, [first]);
        await expect(anchors.connect(guardian).approve(operation)).to.be.revertedWithCustomError(
          anchors,
          "AnchorsUnexpectedStatus",
        );
        await refused(operation, guardian);
      });

      it("approvals of anchors that have lapsed do not count, and a smaller quorum is needed of those that live", async () => {
        const { anchors, networkHelpers, first, second, third, office } = stage;
        const end = Number(await anchors.liveUntil(second));
        await networkHelpers.time.increaseTo(end - 60);
        for (const signer of [first, third]) await anchors.connect(signer).checkIn();
        await stage.makeLive(office);
        await target.trip();
        const operation = await target.operation();
        await stage.approve(operation, [second, first]);
        await refused(operation); // two of four
        await networkHelpers.time.increaseTo(end);
        await refused(operation); // one of three
        await stage.approve(operation, [third]);
        await target.reset(); // two of three
        expect(await target.isTripped()).to.equal(false);
      });

      it("while no anchor is live, nothing is reset", async () => {
        const { anchors, networkHelpers } = stage;
        await networkHelpers.time.increase(periodSeconds);
        await target.trip();
        expect(await anchors.quorum()).to.equal(1);
        await refused(await target.operation());
      });

      it("what was approved for a trip does not reset the one within it", async () => {
        await target.trip();
        const earlier = await target.operation();
        await stage.approve(earlier);
        await target.trip();
        const later = await target.operation();
        expect(later).not.to.equal(earlier);
        await refused(later);
        await stage.approve(later);
        await target.reset();
      });

      it("what reset a trip does not reset the next one, and resets nothing twice", async () => {
        await target.trip();
        await stage.approve(await target.operation());
        await target.reset();
        await stage.networkHelpers.time.increase(day);
        await target.trip();
        await refused(await target.operation());
      });

      it("what is not tripped is not reset, whatever anchors approved", async () => {
        await stage.approve(await target.operation());
        await notTripped();
        await target.trip();
        await stage.approve(await target.operation());
        await target.reset();
        const operation = await target.operation();
        if (!(await stage.anchors.isApproved(operation))) await stage.approve(operation);
        await notTripped();
      });

      it("in the trip's last second it is reset, and what comes of the one after is the state's to say", async () => {
        const { networkHelpers, anchors } = stage;
        await target.trip();
        await stage.approve(await target.operation());
        const until = await target.until();
        const running = await networkHelpers.takeSnapshot();
        await networkHelpers.time.setNextBlockTimestamp(until - 1n);
        await target.reset();
        await running.restore();
        await networkHelpers.time.setNextBlockTimestamp(until);
        expect(await anchors.isApproved(await target.operation())).to.equal(true);
        if (target === oracle) {
          await notTripped();
          await networkHelpers.mine();
        } else await target.reset(); // half open
        expect(await target.isTripped()).to.equal(false);
      });
    });
  }

  it("an asset's reset is said by the vault, with what anchors approved, and ends its trip from that second on", async () => {
    const { breaker, vault, outsider, assets, networkHelpers } = stage;
    await asset.trip();
    const operation = await operationOf("reset asset", assets.rebasing, 1n);
    expect(await asset.operation()).to.equal(operation);
    await stage.approve(operation);
    const at = (await now()) + 5n;
    await networkHelpers.time.setNextBlockTimestamp(at);
    await expect(breaker.connect(outsider).reset(assets.rebasing))
      .to.emit(vault, "AssetReset")
      .withArgs(assets.rebasing, 1, operation, outsider);
    const { state, until, trips, resetAt } = await vault.assetSafety(assets.rebasing);
    expect([state, until, trips, resetAt]).to.deep.equal([BreakerState.Closed, 0n, 1n, at]);
  });

  it("an oracle's reset is said by the oracle, and ends its trip from that second on", async () => {
    const { breaker, outsider, networkHelpers } = stage;
    await oracle.trip();
    const operation = await operationOf("reset oracle", await stage.oracle.getAddress(), await oracle.until());
    expect(await oracle.operation()).to.equal(operation);
    await stage.approve(operation);
    const at = (await now()) + 5n;
    await networkHelpers.time.setNextBlockTimestamp(at);
    await expect(breaker.connect(outsider).resetOracle(stage.oracle))
      .to.emit(stage.oracle, "OracleReset")
      .withArgs(0, operation, outsider);
    expect(await oracle.until()).to.equal(at);
  });

  it("what was approved for one asset resets no other one, and no oracle", async () => {
    const { breaker, guardian, assets, outsider } = stage;
    await asset.trip();
    await oracle.trip();
    await breaker.connect(guardian).trip(assets.coin, reason);
    await stage.approve(await asset.operation());
    for (const [call, operation] of [
      [() => breaker.connect(outsider).reset(assets.coin), await breaker.resetOperation(assets.coin)],
      [() => oracle.reset(), await oracle.operation()],
    ] as const) {
      await expect(call()).to.be.revertedWithCustomError(breaker, "CircuitBreakerNotApproved").withArgs(operation);
    }
  });

  for (const name of ["coin", "rebasing"] as const) {
    it(`while one unit of ${name} is missing, no quorum resets it; once it is paid in, it does`, async () => {
      const { breaker, assets } = stage;
      const missing = assets[name];
      await stage.lose(missing, 1n);
      await breaker.showShortfall(missing);
      await stage.approve(await breaker.resetOperation(missing));
      await expect(breaker.reset(missing))
        .to.be.revertedWithCustomError(breaker, "CircuitBreakerShortfall")
        .withArgs(missing, credited - 1n, credited);
      await stage.find(missing, 1n);
      await breaker.reset(missing);
      expect((await stage.vault.assetSafety(missing)).state).to.equal(BreakerState.Closed);
    });
  }

  describe("a ruling about claims", () => {
    const half = 5n * 10n ** 17n;
    const trip = 1n;

    it("iTR-025: takes the same quorum, for exactly this share of this asset, once", async () => {
      const { breaker, vault, assets, outsider, first } = stage;
      await stage.lose(assets.rebasing, credited / 2n);
      const before = await breaker.rulingOperation(assets.rebasing, half);
      await breaker.showShortfall(assets.rebasing);
      const operation = await operationOf("rule shortfall", assets.rebasing, (trip << 64n) | half);
      expect(operation).to.not.equal(before); // no approval outlives its trip
      expect(await breaker.rulingOperation(assets.rebasing, half)).to.equal(operation);
      const make = (asset: string, share: bigint) => breaker.connect(outsider).ruleShortfall(asset, share);
      const refused = async (asset: string, share: bigint) =>
        expect(make(asset, share))
          .to.be.revertedWithCustomError(breaker, "CircuitBreakerNotApproved")
          .withArgs(await breaker.rulingOperation(asset, share));
      await stage.approve(operation, [first]);
      await refused(assets.rebasing, half);
      await stage.approve(operation, [stage.second]);
      await refused(assets.rebasing, half - 1n);
      await refused(assets.coin, half);
      await expect(make(assets.rebasing, half))
        .to.emit(vault, "ShortfallRuled")
        .withArgs(assets.rebasing, trip, half, credited / 2n, credited, operation, outsider);
      await expect(make(assets.rebasing, half))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAlreadyRuled")
        .withArgs(assets.rebasing, trip);
    });

    it("where nothing is missing, no quorum rules", async () => {
      const { breaker, vault, assets, guardian } = stage;
      await breaker.connect(guardian).trip(assets.rebasing, reason);
      await stage.approve(await breaker.rulingOperation(assets.rebasing, half));
      await expect(breaker.ruleShortfall(assets.rebasing, half))
        .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidRuling")
        .withArgs(assets.rebasing, half, 0);
    });
  });

  it("in the middle of a call of the vault, nothing is reset", async () => {
    const { ethers, breaker, vault, office, guardian, pool } = stage;
    const hostile = await ethers.deployContract("CallbackToken");
    const address = await hostile.getAddress();
    await vault.connect(office).allowAsset(hostile, true);
    await hostile.mint(office, 5);
    await hostile.connect(office).approve(vault, 5);
    await breaker.connect(guardian).trip(hostile, reason);
    await stage.approve(await breaker.resetOperation(hostile));
    await hostile.setHook(breaker, breaker.interface.encodeFunctionData("reset", [address]), false);
    await vault.connect(office).deposit(pool, hostile, 5, id("hostile"));
    expect(await hostile.lastError()).to.equal(id("ReentrancyGuardReentrantCall()").slice(0, 10));
    expect((await vault.assetSafety(hostile)).state).to.equal(BreakerState.Tripped);
    await breaker.reset(hostile);
  });
});
