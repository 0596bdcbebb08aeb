/** What may leave the vault, or be reclaimed, before people have to look at it; both sides of every limit. */
import { expect } from "chai";
import { id } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, renewalWindowSeconds, unit, type VaultStage } from "../../support/treasury-stage.ts";
import {
  breakerState,
  coin,
  milestoneStatus,
  paymentOutcome,
  projectStatus,
  reclaimOutcome,
  type PlanTerms,
} from "../../support/treasury.ts";

const share = (percent: bigint) => (percent * 10n ** 18n) / 100n;
const hour = 3600;
const epoch = 600;

/** The specification's defaults: 20 % in 24 hours, 15 % in an epoch, a trip of 24 hours. */
const defaults = {
  outflowShare: share(20n),
  reclaimShare: share(15n),
  reclaimWindow: epoch,
  tripSeconds: day,
  enclaveShare: 0n,
};

describe("Safety limits", () => {
  let stage: VaultStage;

  beforeEach(async () => {
    stage = await deployVault();
    await stage.vault.setLimits(defaults);
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
    await expectConserved(stage, coin);
  });

  const safety = async (asset = stage.asset) => stage.vault.assetSafety(asset);
  const wait = async (seconds: number) => stage.networkHelpers.time.increase(seconds);

  let opened = 0;

  /** An active project with milestones of these amounts, in whole units of the token. */
  async function openWith(amounts: bigint[], changes: Partial<PlanTerms> = {}): Promise<[PlanTerms, string]> {
    const milestones = amounts.map((amount) => stage.milestone({ amount: amount * unit }));
    const terms = stage.plan({ milestones, salt: id(`project ${++opened}`), ...changes });
    return [terms, await stage.openActive(terms)];
  }

  async function release([terms, project]: [PlanTerms, string], index: number) {
    const proof = await stage.proof(terms, stage.claim(project, index));
    const outcome = await stage.vault.release.staticCall(...proof);
    await stage.vault.release(...proof);
    return outcome;
  }

  describe("setLimits", () => {
    it("a trip lasts a second to 30 days, a share needs a window; no share is no limit", async () => {
      const { vault, outsider } = stage;
      for (const [changes, valid] of [
        [{ tripSeconds: 0 }, false],
        [{ tripSeconds: 1 }, true],
        [{ tripSeconds: 30 * day }, true],
        [{ tripSeconds: 30 * day + 1 }, false],
        [{ reclaimWindow: 0 }, false],
        [{ reclaimWindow: 0, reclaimShare: 0n }, true],
      ] as const) {
        const call = vault.setLimits({ ...defaults, ...changes });
        if (valid) await call;
        else await expect(call).to.be.revertedWithCustomError(vault, "BudgetVaultInvalidLimits");
      }
      await expect(vault.connect(outsider).setLimits(defaults)).to.be.revertedWithCustomError(
        vault,
        "AccessManagedUnauthorized",
      );
      await expect(vault.setLimits(defaults)).to.emit(vault, "LimitsSet");
      const { outflowShare, reclaimShare, reclaimWindow, tripSeconds } = await vault.limits();
      expect([outflowShare, reclaimShare, reclaimWindow, tripSeconds]).to.deep.equal([
        share(20n),
        share(15n),
        BigInt(epoch),
        BigInt(day),
      ]);
    });

    it("without limits everything passes, and a guardian's trip still holds", async () => {
      const { vault, asset, office } = stage;
      await vault.setLimits({ outflowShare: 0, reclaimShare: 0, reclaimWindow: 0, tripSeconds: 1, enclaveShare: 0 });
      const active = await openWith([999n, 1n]);
      expect(await release(active, 0)).to.equal(paymentOutcome.paid);
      await vault.tripAsset(asset, id("reason"), office);
      await vault.tripAsset(asset, id("reason"), office);
      const { until } = await safety();
      await stage.networkHelpers.time.setNextBlockTimestamp(until);
      await vault.release(...(await stage.proof(active[0], stage.claim(active[1], 1))));
      expect((await vault.getMilestone(active[1], 1)).status).to.equal(milestoneStatus.paid);
    });
  });

  describe("outflow", () => {
    it("exactly a fifth of what is credited leaves at once; one unit more trips the asset and stays proved", async () => {
      const { vault, asset, anchor } = stage;
      const active = await openWith([200n, 10n]);
      expect(await release(active, 0)).to.equal(paymentOutcome.paid);
      expect((await safety()).state).to.equal(breakerState.closed);

      const [terms, project] = active;
      const proof = await stage.proof(terms, stage.claim(project, 1));
      expect(await vault.release.staticCall(...proof)).to.equal(paymentOutcome.held);
      const digest = await vault.proofDigest(stage.claim(project, 1));
      const before = await stage.token.balanceOf(stage.payee);
      await expect(vault.release(...proof))
        .to.emit(vault, "AssetTripped")
        .withArgs(asset, (until: bigint) => until > 0n, 1, digest, anchor.address);
      expect(await stage.token.balanceOf(stage.payee)).to.equal(before);
      expect((await vault.getMilestone(project, 1)).status).to.equal(milestoneStatus.proved);
      expect((await safety()).state).to.equal(breakerState.tripped);
      // coin is another asset
      expect((await safety(coin)).state).to.equal(breakerState.closed);
    });

    it("given one base unit more than the limit at once, nothing leaves", async () => {
      const milestones = [stage.milestone({ amount: 200n * unit + 1n }), stage.milestone({ amount: 200n * unit })];
      const terms = stage.plan({ milestones });
      const project = await stage.openActive(terms);
      expect(await release([terms, project], 0)).to.equal(paymentOutcome.held);
    });

    it("the bucket leaks over 24 hours: half of it after 12", async () => {
      const active = await openWith([200n, 100n, 1n]);
      await release(active, 0);
      await wait(12 * hour);
      expect(await release(active, 1)).to.equal(paymentOutcome.paid);
      expect(await release(active, 2)).to.equal(paymentOutcome.held);
    });

    it("a deposit within the window widens nothing; the next window counts it", async () => {
      const { vault, pool, asset } = stage;
      const active = await openWith([1n, 200n, 400n]);
      await release(active, 0);
      await vault.deposit(pool, asset, 4000n * unit, id("large"));
      expect((await safety()).outflowLimit).to.equal(200n * unit);
      await wait(day);
      expect((await safety()).outflowLimit).to.equal((4999n * unit) / 5n);
      expect(await release(active, 2)).to.equal(paymentOutcome.paid);
      expect(await release(active, 1)).to.equal(paymentOutcome.paid);
    });

    it("a trip lasts 24 hours; then half the limit holds, and meeting it trips again", async () => {
      const { vault, asset, office } = stage;
      const active = await openWith([80n, 20n, 1n, 5n]);
      await vault.tripAsset(asset, id("reason"), office);
      expect(await release(active, 2)).to.equal(paymentOutcome.held);
      const { until, trips } = await safety();
      expect(trips).to.equal(1n);
      await stage.networkHelpers.time.setNextBlockTimestamp(until - 1n);
      await expect(vault.pay(active[1], 2)).to.be.revertedWithCustomError(vault, "BudgetVaultCoSignatureRequired");
      await stage.networkHelpers.time.setNextBlockTimestamp(until);
      await vault.pay(active[1], 2);
      expect((await vault.getMilestone(active[1], 2)).status).to.equal(milestoneStatus.paid);
      const halfOpen = await safety();
      expect([halfOpen.state, halfOpen.until]).to.deep.equal([breakerState.halfOpen, 0n]);
      expect(halfOpen.outflowLimit).to.equal(100n * unit);
      expect(await release(active, 0)).to.equal(paymentOutcome.paid);
      expect(await release(active, 1)).to.equal(paymentOutcome.held);
      expect([(await safety()).state, (await safety()).trips]).to.deep.equal([breakerState.tripped, 2n]);
      // The window after the trip takes its limit anew, and still halved.
      await wait(2 * day + 1);
      expect((await safety()).outflowLimit).to.equal((919n * unit) / 10n);
    });

    it("given a reset, the whole limit holds again, and what left before still counts", async () => {
      const { vault, asset, office, outsider } = stage;
      await expect(vault.resetAsset(asset, id("operation"), office))
        .to.be.revertedWithCustomError(vault, "BudgetVaultNotTripped")
        .withArgs(asset);
      const active = await openWith([150n, 51n, 40n]);
      await release(active, 0);
      expect(await release(active, 1)).to.equal(paymentOutcome.held);
      for (const act of ["tripAsset", "resetAsset"] as const) {
        await expect(vault.connect(outsider)[act](asset, id("x"), outsider)).to.be.revertedWithCustomError(
          vault,
          "AccessManagedUnauthorized",
        );
      }
      await expect(vault.resetAsset(asset, id("operation"), office))
        .to.emit(vault, "AssetReset")
        .withArgs(asset, 1, id("operation"), office.address);
      expect((await safety()).state).to.equal(breakerState.closed);
      expect((await safety()).outflowLimit).to.equal(170n * unit);
      // It tripped once, and does not trip again: it waits until it fits.
      await expect(vault.pay(active[1], 1)).to.be.revertedWithCustomError(vault, "BudgetVaultCoSignatureRequired");
      expect((await safety()).state).to.equal(breakerState.closed);
      await wait(day);
      await expect(vault.pay(active[1], 1)).to.emit(vault, "MilestonePaid");
    });

    it("given tiny amounts, of which a share is nothing, people decide", async () => {
      const { vault, payee } = stage;
      const token = await stage.ethers.deployContract("TestToken");
      const asset = await token.getAddress();
      await vault.allowAsset(asset, true);
      await token.mint(stage.office, 4n);
      await token.approve(vault, 4n);
      await vault.deposit(stage.pool, asset, 4n, id("tiny"));
      await vault.withdraw(stage.pool, asset, payee, 1n);
      expect((await safety(asset)).state).to.equal(breakerState.tripped);
      expect(await token.balanceOf(payee)).to.equal(0n);
    });

    it("a challenge window passes first, the breaker after it", async () => {
      const { vault } = stage;
      const terms = stage.plan({ milestones: [stage.milestone({ amount: 201n * unit, challengeWindow: day })] });
      const project = await stage.openActive(terms);
      expect(await release([terms, project], 0)).to.equal(paymentOutcome.held);
      expect((await safety()).state).to.equal(breakerState.closed);
      await expect(vault.pay(project, 0)).to.be.revertedWithCustomError(vault, "BudgetVaultChallengeWindowOpen");
      await wait(day);
      expect(await vault.pay.staticCall(project, 0)).to.equal(paymentOutcome.held);
      await expect(vault.pay(project, 0)).to.emit(vault, "AssetTripped");
      await expect(vault.pay(project, 0)).to.be.revertedWithCustomError(vault, "BudgetVaultCoSignatureRequired");
      // Half the limit after the trip is less than it takes: it waits, and the asset stays half open for everybody else.
      await wait(day);
      await expect(vault.pay(project, 0)).to.be.revertedWithCustomError(vault, "BudgetVaultCoSignatureRequired");
      expect([(await safety()).state, (await safety()).trips]).to.deep.equal([breakerState.halfOpen, 1n]);
    });

    it("given an oracle that people manage, payments wait and nothing trips", async () => {
      const { vault, oracle } = stage;
      const active = await openWith([1n]);
      const until = (await stage.networkHelpers.time.latest()) + day;
      await oracle.manage(until);
      expect(await release(active, 0)).to.equal(paymentOutcome.held);
      expect((await safety()).state).to.equal(breakerState.closed);
      await stage.networkHelpers.time.setNextBlockTimestamp(until - 1);
      await expect(vault.pay(active[1], 0)).to.be.revertedWithCustomError(vault, "BudgetVaultCoSignatureRequired");
      await stage.networkHelpers.time.setNextBlockTimestamp(until);
      await expect(vault.pay(active[1], 0)).to.emit(vault, "MilestonePaid");
    });
  });

  describe("withdrawals", () => {
    it("given more than the limit, nothing leaves and the asset trips; an approved one passes once", async () => {
      const { vault, pool, asset, payee, anchor, outsider, authority } = stage;
      const over = [pool, asset, payee.address, 200n * unit + 1n] as const;
      expect(await vault.withdraw.staticCall(...over)).to.equal(paymentOutcome.held);
      await expect(vault.withdraw(...over)).to.emit(vault, "AssetTripped");
      expect(await vault.poolBalance(pool, asset)).to.equal(1000n * unit);
      // Tripped: not even one unit, and the trip does not begin anew.
      const { until, trips } = await safety();
      await expect(vault.withdraw(pool, asset, payee, 1n))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAssetTripped")
        .withArgs(asset, until);
      expect(trips).to.equal(1n);
      expect(await stage.token.balanceOf(payee)).to.equal(0n);

      const usableUntil = (await stage.networkHelpers.time.latest()) + hour;
      await expect(vault.connect(outsider).approveWithdrawal(...over, usableUntil))
        .to.be.revertedWithCustomError(vault, "BudgetVaultNotPoolAnchor")
        .withArgs(pool, outsider.address, anchor.address);
      const byAnchor = vault.connect(anchor);
      await expect(
        byAnchor.approveWithdrawal(pool, asset, payee, 1000n * unit + 1n, usableUntil),
      ).to.be.revertedWithCustomError(vault, "BudgetVaultPoolShort");
      await expect(byAnchor.approveWithdrawal(pool, asset, payee, 0n, usableUntil)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultZeroAmount",
      );
      await authority.setAnchorLiveUntil(anchor, 0);
      await expect(byAnchor.approveWithdrawal(...over, usableUntil)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultAnchorNotLive",
      );
      await authority.setAnchorLiveUntil(anchor, stage.start + 1000 * day);
      const held = async (...withdrawal: Parameters<typeof vault.withdraw>) =>
        expect(vault.withdraw(...withdrawal)).to.be.revertedWithCustomError(vault, "BudgetVaultAssetTripped");
      await expect(byAnchor.approveWithdrawal(...over, usableUntil)).to.emit(vault, "WithdrawalApproved");
      await byAnchor.approveWithdrawal(...over, 0); // taken back
      await held(...over);
      await byAnchor.approveWithdrawal(...over, usableUntil);
      await held(pool, asset, outsider, 200n * unit + 1n); // to somebody else: not approved
      await expect(vault.withdraw(...over)).to.emit(vault, "PoolWithdrawn");
      expect(await stage.token.balanceOf(payee)).to.equal(200n * unit + 1n);
      await held(...over);
      // Usable until a time: in the second before it, not at it.
      await byAnchor.approveWithdrawal(...over, usableUntil + 1);
      await stage.networkHelpers.time.setNextBlockTimestamp(usableUntil + 1);
      await held(...over);
      await stage.networkHelpers.time.setNextBlockTimestamp(usableUntil + 2);
      await expect(byAnchor.approveWithdrawal(...over, usableUntil + 2))
        .to.be.revertedWithCustomError(vault, "BudgetVaultDeadlinePassed")
        .withArgs(usableUntil + 2, usableUntil + 2);
      await byAnchor.approveWithdrawal(...over, usableUntil + 10);
      await stage.networkHelpers.time.setNextBlockTimestamp(usableUntil + 9);
      await vault.withdraw(...over);
      expect(await stage.token.balanceOf(payee)).to.equal(2n * (200n * unit + 1n));
    });

    it("given less than the limit, it leaves, and counts together with payments", async () => {
      const { vault, pool, asset, payee } = stage;
      const active = await openWith([100n, 1n]);
      await vault.withdraw(pool, asset, payee, 100n * unit);
      expect(await release(active, 0)).to.equal(paymentOutcome.paid);
      expect(await release(active, 1)).to.equal(paymentOutcome.held);
    });
  });

  describe("reclaims", () => {
    /** Every lease runs out; the window that opened when the first project was funded, with nothing committed, is over. */
    const lapse = async () => {
      const { oracle, networkHelpers } = stage;
      await wait(epoch);
      await oracle.accept(3, await networkHelpers.time.latest());
    };

    it("exactly 15 % of what is committed goes back; one unit more trips, and stays committed", async () => {
      const { vault, asset, anchor } = stage;
      const [, small] = await openWith([15n]);
      const [, unlucky] = await openWith([1n]);
      await openWith([84n]);
      await lapse();
      await vault.reclaim(small);
      expect((await vault.getProject(small)).status).to.equal(projectStatus.reclaimed);
      expect((await safety()).reclaimRemaining).to.equal(0n);
      expect(await vault.reclaim.staticCall(unlucky)).to.equal(0n);
      await expect(vault.reclaim(unlucky))
        .to.emit(vault, "AssetTripped")
        .withArgs(asset, (until: bigint) => until > 0n, 1, unlucky, anchor.address);
      expect((await vault.getProject(unlucky)).status).to.equal(projectStatus.active);
      expect(await vault.reclaimBatch.staticCall([unlucky, small])).to.deep.equal([
        reclaimOutcome.held,
        reclaimOutcome.notActive,
      ]);
      await expect(vault.reclaim(unlucky))
        .to.be.revertedWithCustomError(vault, "BudgetVaultReclaimHeld")
        .withArgs(unlucky, asset);
    });

    it("in a batch, the first that crosses the limit trips, and the ones after it wait", async () => {
      const { vault } = stage;
      const [, first] = await openWith([10n]);
      const [, crossing] = await openWith([6n]);
      const [, last] = await openWith([1n]);
      await openWith([83n]);
      await lapse();
      const batch = [first, crossing, last];
      expect(await vault.reclaimBatch.staticCall(batch)).to.deep.equal([
        reclaimOutcome.reclaimed,
        reclaimOutcome.held,
        reclaimOutcome.held,
      ]);
      await vault.reclaimBatch(batch);
      expect((await safety()).trips).to.equal(1n);
      expect((await vault.getProject(last)).status).to.equal(projectStatus.active);
    });

    it("the next epoch has a share of its own; while half open, half of it", async () => {
      const { vault, asset, office } = stage;
      const [, first] = await openWith([15n]);
      const [, next] = await openWith([12n]);
      const [, later] = await openWith([6n]);
      await openWith([67n]);
      await lapse();
      await vault.reclaim(first);
      await wait(epoch - 2);
      await expect(vault.reclaim(next)).to.emit(vault, "AssetTripped");
      await vault.resetAsset(asset, id("operation"), office);
      await wait(renewalWindowSeconds);
      await vault.reclaim(next); // 12 of 85: 15 % are 12.75
      await vault.tripAsset(asset, id("reason"), office);
      await wait(day);
      expect((await safety()).reclaimRemaining).to.equal((73n * unit * 15n) / 200n);
      await expect(vault.reclaim(later)).to.emit(vault, "AssetTripped");
    });

    it("after a reset a whole renewal window passes before the first reclaim", async () => {
      const { vault, asset, office } = stage;
      const [, project] = await openWith([1n]);
      await openWith([99n]);
      await lapse();
      await vault.tripAsset(asset, id("reason"), office);
      await vault.resetAsset(asset, id("operation"), office);
      const { resetAt } = await safety();
      await stage.networkHelpers.time.setNextBlockTimestamp(resetAt + BigInt(renewalWindowSeconds) - 1n);
      await expect(vault.reclaim(project)).to.be.revertedWithCustomError(vault, "BudgetVaultReclaimHeld");
      await stage.networkHelpers.time.setNextBlockTimestamp(resetAt + BigInt(renewalWindowSeconds));
      await expect(vault.reclaim(project)).to.emit(vault, "ProjectReclaimed");
    });

    it("while people manage the oracle, and a renewal window after, nothing is reclaimed by itself", async () => {
      const { vault, oracle } = stage;
      const [, project] = await openWith([1n]);
      await openWith([99n]);
      await lapse();
      const until = (await stage.networkHelpers.time.latest()) + day;
      await oracle.manage(until);
      await expect(vault.reclaim(project)).to.be.revertedWithCustomError(vault, "BudgetVaultReclaimHeld");
      await stage.networkHelpers.time.setNextBlockTimestamp(until + renewalWindowSeconds - 1);
      await expect(vault.reclaim(project)).to.be.revertedWithCustomError(vault, "BudgetVaultReclaimHeld");
      await stage.networkHelpers.time.setNextBlockTimestamp(until + renewalWindowSeconds);
      await expect(vault.reclaim(project)).to.emit(vault, "ProjectReclaimed");
    });

    it("the project's anchor may reclaim at any time, while it is live, and is not counted", async () => {
      const { vault, asset, office, anchor, authority } = stage;
      const [, project] = await openWith([50n]);
      await openWith([50n]);
      await lapse();
      await vault.tripAsset(asset, id("reason"), office);
      await authority.setAnchorLiveUntil(anchor, 0);
      await expect(vault.connect(anchor).reclaim(project)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultReclaimHeld",
      );
      await authority.setAnchorLiveUntil(anchor, stage.start + 1000 * day);
      await vault.connect(anchor).reclaim(project);
      expect((await vault.getProject(project)).status).to.equal(projectStatus.reclaimed);
    });

    it("a project trips once: after that it waits, until a window has room or an anchor takes it back", async () => {
      const { vault, asset, office, outsider, authority } = stage;
      const [, large] = await openWith([90n]);
      await openWith([10n]);
      await lapse();
      await expect(vault.reclaim(large)).to.emit(vault, "AssetTripped");
      await vault.resetAsset(asset, id("operation"), office);
      await wait(renewalWindowSeconds);
      await expect(vault.reclaim(large)).to.be.revertedWithCustomError(vault, "BudgetVaultReclaimHeld");
      expect((await safety()).state).to.equal(breakerState.closed);
      // Its anchor is lost: another live one up the chain takes its place.
      await expect(vault.connect(outsider).reclaim(large)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultReclaimHeld",
      );
      await authority.setAnchorLiveUntil(outsider, stage.start + 1000 * day);
      await vault.connect(outsider).reclaim(large);
      expect((await vault.getProject(large)).status).to.equal(projectStatus.reclaimed);
    });

    it("what was reclaimed in a window is not forgotten by a trip", async () => {
      const { vault, asset, office } = stage;
      await vault.setLimits({ ...defaults, reclaimWindow: 7 * day, tripSeconds: hour, enclaveShare: 0 });
      const [, first] = await openWith([14n]);
      const [, second] = await openWith([1n]);
      await openWith([85n]);
      await lapse();
      await wait(7 * day);
      await vault.reclaim(first);
      await vault.tripAsset(asset, id("reason"), office);
      await wait(hour);
      expect((await safety()).reclaimRemaining).to.equal(unit / 2n);
      await expect(vault.reclaim(second)).to.emit(vault, "AssetTripped");
    });

    it("money that is committed for a moment does not widen the window that it opens", async () => {
      const { vault } = stage;
      const [, victim] = await openWith([30n]);
      await openWith([70n]);
      await lapse();
      await openWith([800n]);
      expect((await safety()).reclaimRemaining).to.equal(15n * unit);
      await expect(vault.reclaim(victim)).to.emit(vault, "AssetTripped");
    });

    it("renewals, proofs and deadlines go on while the asset is tripped", async () => {
      const { vault, asset, office } = stage;
      const milestones = [stage.milestone(), stage.milestone({ deadline: stage.start + 2 * day })];
      const terms = stage.plan({ milestones });
      const project = await stage.openActive(terms);
      await vault.tripAsset(asset, id("reason"), office);
      expect(await release([terms, project], 0)).to.equal(paymentOutcome.held);
      await wait(2 * day);
      await vault.tripAsset(asset, id("reason"), office);
      await expect(vault.reclaimMilestone(project, 1)).to.emit(vault, "MilestoneReclaimed");
    });
  });

  it("what is committed is known without counting payments: claims and pools are the rest", async () => {
    const { vault, asset, pool, payee } = stage;
    const active = await openWith([10n, 20n]);
    expect((await safety()).committed).to.equal(30n * unit);
    await release(active, 0);
    expect((await safety()).committed).to.equal(20n * unit);
    await vault.withdraw(pool, asset, payee, 5n * unit);
    const other = await stage.openPool("other");
    await vault.movePool(pool, other, asset, 7n * unit);
    await stage.token.mint(vault, 3n);
    await vault.creditSurplus(other, asset);
    expect((await safety()).committed).to.equal(20n * unit);
  });
});
