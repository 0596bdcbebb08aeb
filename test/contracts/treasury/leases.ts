import { expect } from "chai";
import { AbiCoder, id, keccak256, toBeHex } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import {
  acceptReport,
  leaseThreshold,
  renewBy,
  day,
  deployVault,
  renewalWindowSeconds,
  unit,
  type VaultStage,
} from "../../support/treasury-stage.ts";
import {
  leafOf,
  leafOutcome,
  milestoneStatus,
  projectStatus,
  reportHeader,
  scoreDefinition,
} from "../../support/treasury.ts";

const noEnd = 2n ** 48n - 1n;

describe("Leases", () => {
  let stage: VaultStage;
  let project: string;

  /** `initialReports` and `leaseReports` are 2, so the lease is paid through report 2. */
  beforeEach(async () => {
    stage = await deployVault();
    project = await stage.openActive(stage.plan());
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
  });

  const accept = (index: number) => acceptReport(stage, index);
  const renew = (index: number, changes: Parameters<typeof renewBy>[3] = {}) => renewBy(stage, project, index, changes);

  describe("renew", () => {
    it("a score at τ renews for leaseReports from its own report; one unit below does not", async () => {
      const { vault, anchor } = stage;
      await accept(1);
      await expect(renew(1, { score: leaseThreshold - 1n }))
        .to.be.revertedWithCustomError(vault, "BudgetVaultBelowThreshold")
        .withArgs(project, 1, leaseThreshold - 1n, leaseThreshold);
      const leaf = leafOf(project, { score: leaseThreshold });
      const encoded = AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "bytes32", "uint8", "uint8", "uint64"],
        [project, scoreDefinition, leaf.outcome, leaf.grade, leaf.score],
      );
      await expect(renew(1, { score: leaseThreshold }))
        .to.emit(vault, "LeaseRenewed")
        .withArgs(project, 1, 3, leafOutcome.value, leaseThreshold, 0, keccak256(keccak256(encoded)), anchor);
      const { paidThrough, lastProvedReport, score } = await vault.getProject(project);
      expect([paidThrough, lastProvedReport, score]).to.deep.equal([3n, 1n, leaseThreshold]);
    });

    it("anyone may renew", async () => {
      await accept(1);
      await stage.vault.connect(stage.outsider).renewLease(project, reportHeader(1), leafOf(project), []);
      expect((await stage.vault.getProject(project)).paidThrough).to.equal(3n);
    });

    it("iTR-005: an old report buys what it bought when it was new, and never shortens", async () => {
      const { vault } = stage;
      const long = await stage.openActive(stage.plan({ initialReports: 10, salt: id("long") }));
      await accept(5);
      await vault.renewLease(long, reportHeader(1), leafOf(long), []);
      expect((await vault.getProject(long)).paidThrough).to.equal(10n);
      await vault.renewLease(long, reportHeader(5), leafOf(long), []);
      expect((await vault.getProject(long)).paidThrough).to.equal(10n);
    });

    it("given a report that is not newer than the last one proved, it refuses", async () => {
      await accept(2);
      await renew(2);
      for (const index of [2, 1]) {
        await expect(renew(index))
          .to.be.revertedWithCustomError(stage.vault, "BudgetVaultReportNotNewer")
          .withArgs(project, index, 2);
      }
    });

    it("given a report that the oracle does not know, the oracle's error is passed on", async () => {
      await accept(1);
      await expect(renew(2)).to.be.revertedWithCustomError(stage.oracle, "OracleDoubleUnknownReport").withArgs(2);
    });

    it("given a refused or an empty outcome, it refuses", async () => {
      await accept(1);
      for (const outcome of [leafOutcome.refused, leafOutcome.none]) {
        await expect(renew(1, { outcome, score: 10n ** 18n }))
          .to.be.revertedWithCustomError(stage.vault, "BudgetVaultRefused")
          .withArgs(project, 1);
      }
    });

    it("missing renews maxMissing times in a row and keeps the last score; a value starts over", async () => {
      const { vault } = stage;
      const missing = { outcome: leafOutcome.missing, score: 0n };
      await accept(1);
      await renew(1);
      for (const index of [2, 3]) {
        await accept(index);
        await expect(renew(index, missing)).to.emit(vault, "LeaseRenewed");
      }
      const before = await vault.getProject(project);
      expect([before.missing, before.score, before.paidThrough]).to.deep.equal([2n, 8n * 10n ** 17n, 5n]);
      await accept(4);
      await expect(renew(4, missing))
        .to.be.revertedWithCustomError(vault, "BudgetVaultTooManyMissing")
        .withArgs(project, 2, 2);
      await renew(4);
      expect((await vault.getProject(project)).missing).to.equal(0n);
      await accept(5);
      await renew(5, missing);
      expect((await vault.getProject(project)).missing).to.equal(1n);
    });

    it("given a plan with maxMissing 0, missing never renews", async () => {
      const strict = await stage.openActive(stage.plan({ maxMissing: 0, salt: id("strict") }));
      await accept(1);
      await expect(
        stage.vault.renewLease(strict, reportHeader(1), leafOf(strict, { outcome: leafOutcome.missing }), []),
      )
        .to.be.revertedWithCustomError(stage.vault, "BudgetVaultTooManyMissing")
        .withArgs(strict, 0, 0);
    });

    it("at the end of the renewal window it is too late; a second before it is not", async () => {
      const { vault, networkHelpers } = stage;
      const at = await accept(2);
      const other = await stage.openActive(stage.plan({ salt: id("other") }));
      await stage.oracle.accept(2, at);
      await networkHelpers.time.setNextBlockTimestamp(at + renewalWindowSeconds - 1);
      await renew(2);
      await stage.oracle.accept(4, at);
      await expect(vault.renewLease(project, reportHeader(4), leafOf(project), []))
        .to.be.revertedWithCustomError(vault, "BudgetVaultLeaseLapsed")
        .withArgs(project, 4, 4, at + renewalWindowSeconds);
      expect((await vault.getProject(other)).paidThrough).to.equal(4n);
    });

    it("given a later report than it paid for, it is over for good, even by a good score", async () => {
      const at = await accept(3);
      await expect(renew(3))
        .to.be.revertedWithCustomError(stage.vault, "BudgetVaultLeaseLapsed")
        .withArgs(project, 2, 3, at);
    });

    it("given no project, a proposal, or one that was reclaimed, it refuses", async () => {
      const { vault } = stage;
      const proposal = await stage.open(stage.plan({ salt: id("proposal") }));
      await accept(3);
      await vault.reclaim(project);
      for (const [each, status] of [
        [id("none"), projectStatus.none],
        [proposal, projectStatus.proposed],
        [project, projectStatus.reclaimed],
      ] as const) {
        await expect(vault.renewLease(each, reportHeader(3), leafOf(each), []))
          .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
          .withArgs(each, status, projectStatus.active);
      }
    });

    it("given an offset that points nowhere, it does not renew", async () => {
      const { vault, outsider } = stage;
      await accept(1);
      const data = vault.interface.encodeFunctionData("renewLease", [project, reportHeader(1), leafOf(project), []]);
      for (const offset of [0n, 2n ** 64n, 2n ** 256n - 32n]) {
        const bent = data.slice(0, 10 + 64 * 11) + toBeHex(offset, 32).slice(2) + data.slice(10 + 64 * 12);
        await expect(outsider.sendTransaction({ to: vault, data: bent })).to.revert(stage.ethers);
      }
    });
  });

  describe("reclaim", () => {
    it("iTR-006: while reports are paid for it refuses, however long the oracle is silent", async () => {
      const { vault, networkHelpers } = stage;
      await accept(1);
      await networkHelpers.time.increase(1000 * day);
      await expect(vault.reclaim(project))
        .to.be.revertedWithCustomError(vault, "BudgetVaultLeaseRunning")
        .withArgs(project, 2, 1, noEnd);
      expect(await vault.isLeaseRunning(project)).to.equal(true);
    });

    it("iTR-006: in the renewal window it refuses to the last second, then anyone reclaims to the plan's account", async () => {
      const { vault, asset, outsider, anchor, networkHelpers } = stage;
      const reclaimTo = await stage.openPool("reclaim");
      const lapsing = await stage.openActive(stage.plan({ reclaimTo, salt: id("lapsing") }));
      const at = await accept(2);
      const end = at + renewalWindowSeconds;
      await networkHelpers.time.setNextBlockTimestamp(end - 1);
      await expect(vault.reclaim(lapsing))
        .to.be.revertedWithCustomError(vault, "BudgetVaultLeaseRunning")
        .withArgs(lapsing, 2, 2, end);
      expect(await vault.isLeaseRunning(lapsing)).to.equal(true);
      await networkHelpers.time.setNextBlockTimestamp(end);
      await expect(vault.connect(outsider).reclaim(lapsing))
        .to.emit(vault, "ProjectReclaimed")
        .withArgs(lapsing, reclaimTo, asset, 30n * unit, 2, toBeHex(2, 32), anchor);
      expect(await vault.isLeaseRunning(lapsing)).to.equal(false);
      expect(await vault.poolBalance(reclaimTo, asset)).to.equal(30n * unit);
      const { status, committed, unsettled } = await vault.getProject(lapsing);
      expect([status, committed, unsettled]).to.deep.equal([projectStatus.reclaimed, 0n, 0n]);
      for (const index of [0, 1, 2]) {
        expect((await vault.getMilestone(lapsing, index)).status).to.equal(milestoneStatus.reclaimed);
      }
      await expectConserved(stage, asset);
    });

    it("given a later report, it needs no window", async () => {
      await accept(3);
      await stage.vault.reclaim(project);
      expect((await stage.vault.getProject(project)).status).to.equal(projectStatus.reclaimed);
    });

    it("iTR-003: what is proved stays, and is paid after the project was reclaimed", async () => {
      const { vault, asset, token, payee, networkHelpers } = stage;
      const milestones = [stage.milestone({ challengeWindow: day }), stage.milestone()];
      const terms = stage.plan({ milestones, salt: id("proved") });
      const proved = await stage.openActive(terms);
      await vault.release(...(await stage.proof(terms, stage.claim(proved, 0))));
      await accept(3);
      expect(await vault.reclaim.staticCall(proved)).to.equal(10n * unit);
      await vault.reclaim(proved);
      expect((await vault.getMilestone(proved, 0)).status).to.equal(milestoneStatus.proved);
      expect((await vault.getProject(proved)).unsettled).to.equal(1n);
      await expectConserved(stage, asset);
      await networkHelpers.time.increase(day);
      await vault.pay(proved, 0);
      expect(await token.balanceOf(payee)).to.equal(10n * unit);
      expect((await vault.getProject(proved)).status).to.equal(projectStatus.reclaimed);
      await expectConserved(stage, asset);
    });

    it("given no project, a proposal, one that was reclaimed, or one that closed, it refuses", async () => {
      const { vault } = stage;
      const proposal = await stage.open(stage.plan({ salt: id("proposal") }));
      const terms = stage.plan({ milestones: [stage.milestone()], salt: id("closed") });
      const closed = await stage.openActive(terms);
      await vault.release(...(await stage.proof(terms, stage.claim(closed))));
      await accept(3);
      await vault.reclaim(project);
      for (const [each, status] of [
        [id("none"), projectStatus.none],
        [proposal, projectStatus.proposed],
        [project, projectStatus.reclaimed],
        [closed, projectStatus.closed],
      ] as const) {
        await expect(vault.reclaim(each))
          .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
          .withArgs(each, status, projectStatus.active);
      }
    });
  });
});
