/** A score that rises suddenly renews for one report, and is stored once the next report confirms it. */
import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { id } from "ethers";

import { maxRise } from "../../support/new-vault.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import {
  acceptReport,
  leaseThreshold,
  renewBy,
  deployVault,
  renewalWindowSeconds,
  type VaultStage,
} from "../../support/treasury-stage.ts";
import { leafOf, leafOutcome, leaseGround, projectStatus, reportHeader } from "../../support/treasury.ts";

describe("Leases: a sudden rise", () => {
  let stage: VaultStage;
  let project: string;

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

  const low = leaseThreshold;
  const high = 9n * 10n ** 17n;
  const missing = { outcome: leafOutcome.missing, score: 0n };

  /** Report 1 proved `low` of a plan with leases of `leaseReports` reports, paid through report 3 or further. */
  async function given(changes: Partial<{ leaseReports: number; initialReports: number }> = {}) {
    project = await stage.openActive(stage.plan({ salt: id("rising"), ...changes }));
    await accept(1);
    await renew(1, { score: low });
  }

  const prove = async (index: number, changes: Parameters<typeof leafOf>[1]) => {
    await accept(index);
    return renew(index, changes);
  };

  const state = async () => {
    const { paidThrough, score, isRising, missing } = await stage.vault.getProject(project);
    return { paidThrough: Number(paidThrough), score, isRising, missing: Number(missing) };
  };

  it("of exactly maxRise is none; of one unit more it renews for one report and keeps the stored score", async () => {
    for (const [score, ground, expected] of [
      [low + maxRise, leaseGround.value, { paidThrough: 6, score: low + maxRise, isRising: false, missing: 0 }],
      [low + maxRise + 1n, leaseGround.rise, { paidThrough: 5, score: low, isRising: true, missing: 0 }],
    ] as const) {
      await given({ leaseReports: 4, initialReports: 4 });
      await accept(2);
      await expect(renew(2, { score }))
        .to.emit(stage.vault, "LeaseRenewed")
        .withArgs(project, 2, expected.paidThrough, ground, score, 0, anyValue, stage.anchor);
      expect(await state()).to.deep.equal(expected);
      stage = await deployVault();
    }
  });

  it("is confirmed by the next report: the new score is stored, and the whole lease is paid", async () => {
    await given();
    await prove(2, { score: high });
    expect(await state()).to.deep.include({ paidThrough: 3, isRising: true });
    await expect(prove(3, { score: low + maxRise + 1n }))
      .to.emit(stage.vault, "LeaseRenewed")
      .withArgs(project, 3, 5, leaseGround.value, low + maxRise + 1n, 0, anyValue, stage.anchor);
    expect(await state()).to.deep.equal({ paidThrough: 5, score: low + maxRise + 1n, isRising: false, missing: 0 });
  });

  it("is over when the next report shows none: that score is stored, and the whole lease is paid", async () => {
    await given();
    await prove(2, { score: high });
    await prove(3, { score: low + maxRise });
    expect(await state()).to.deep.equal({ paidThrough: 5, score: low + maxRise, isRising: false, missing: 0 });
  });

  it("lapses after the next report, where that one proves nothing", async () => {
    await given();
    await prove(2, { score: high });
    const at = await accept(3);
    await expect(renew(3, { score: leaseThreshold - 1n })).to.be.revertedWithCustomError(
      stage.vault,
      "BudgetVaultBelowThreshold",
    );
    await stage.networkHelpers.time.increaseTo(at + renewalWindowSeconds);
    await stage.vault.reclaim(project);
    expect((await stage.vault.getProject(project)).status).to.equal(projectStatus.reclaimed);
  });

  it("is not confirmed across a report that nobody proved: it begins anew", async () => {
    await given({ initialReports: 10 });
    await prove(2, { score: high });
    await accept(3);
    await prove(4, { score: high });
    expect(await state()).to.deep.include({ paidThrough: 10, score: low, isRising: true });
    await prove(5, { score: high });
    expect(await state()).to.deep.include({ score: high, isRising: false });
  });

  it("waits through missing scores for one report each, and is confirmed by the report after them", async () => {
    await given();
    await prove(2, { score: high });
    await expect(prove(3, missing))
      .to.emit(stage.vault, "LeaseRenewed")
      .withArgs(project, 3, 4, leaseGround.missing, low, 1, anyValue, stage.anchor);
    expect(await state()).to.deep.equal({ paidThrough: 4, score: low, isRising: true, missing: 1 });
    await prove(4, { score: high });
    expect(await state()).to.deep.equal({ paidThrough: 6, score: high, isRising: false, missing: 0 });
  });

  it("is over where a missing score comes after a report that nobody proved", async () => {
    await given({ initialReports: 10 });
    await prove(2, { score: high });
    await accept(3);
    await prove(4, missing);
    expect(await state()).to.deep.include({ score: low, isRising: false });
    await prove(5, { score: high });
    expect(await state()).to.deep.include({ score: low, isRising: true });
  });

  it("is none in a first value, whether or not missing scores came before it", async () => {
    await accept(1);
    await renew(1, { score: 10n ** 18n });
    expect(await state()).to.deep.include({ score: 10n ** 18n, isRising: false });
    project = await stage.openActive(stage.plan({ salt: id("missing first"), initialReports: 4 }));
    await renew(1, missing);
    await prove(2, { score: 10n ** 18n });
    expect(await state()).to.deep.include({ score: 10n ** 18n, isRising: false });
  });

  it("never shortens what is paid for", async () => {
    await given({ initialReports: 10 });
    await prove(2, { score: high });
    expect(await state()).to.deep.include({ paidThrough: 10, isRising: true });
  });

  it("stays in quarantine while its anchor extends the lease", async () => {
    await given();
    await prove(2, { score: high });
    await stage.vault.connect(stage.anchor).extendLease(project, id("why"));
    expect(await state()).to.deep.include({ paidThrough: 4, score: low, isRising: true });
    await prove(3, { score: high });
    expect(await state()).to.deep.include({ paidThrough: 5, score: high, isRising: false });
  });

  it("given the largest score that a leaf can state, it renews, and so does the next one", async () => {
    await given();
    const largest = 2n ** 64n - 1n;
    await prove(2, { score: largest });
    await prove(3, { score: largest });
    expect(await state()).to.deep.include({ score: largest, isRising: false });
    await prove(4, { score: largest });
    expect(await state()).to.deep.include({ paidThrough: 6, isRising: false });
  });

  it("is judged in a batch as it is alone, whichever of a batch's projects rose", async () => {
    const others = await Promise.all(["a", "b"].map(async (name) => stage.openActive(stage.plan({ salt: id(name) }))));
    const ids = [project, ...others].sort();
    const [rising = "", steady = "", silent = ""] = ids;
    const batch = async (index: number, scores: readonly (bigint | undefined)[]) => {
      await accept(index);
      const leaves = scores.map((score, i) => leafOf(ids[i] ?? "", score === undefined ? missing : { score }));
      return stage.vault.renewBatch(reportHeader(index, leaseThreshold), ids, leaves, [], []);
    };
    const stateOf = async (each: string) => {
      const { paidThrough, score, isRising } = await stage.vault.getProject(each);
      return [Number(paidThrough), score, isRising];
    };
    await batch(1, [low, low, low]);
    const sent = batch(2, [high, low, undefined]);
    for (const [each, ground, paid, score] of [
      [rising, leaseGround.rise, 3, high],
      [steady, leaseGround.value, 4, low],
      [silent, leaseGround.missing, 4, low],
    ] as const) {
      await expect(sent)
        .to.emit(stage.vault, "LeaseRenewed")
        .withArgs(each, 2, paid, ground, score, anyValue, anyValue, stage.anchor);
    }
    expect(await Promise.all(ids.map(stateOf))).to.deep.equal([
      [3, low, true],
      [4, low, false],
      [4, low, false],
    ]);
    await batch(3, [high, low, undefined]);
    expect(await Promise.all(ids.map(stateOf))).to.deep.equal([
      [5, high, false],
      [5, low, false],
      [5, low, false],
    ]);
  });

  for (const [name, limit, refused] of [
    ["none", 0n, true],
    ["one unit", 1n, false],
    ["all there is", 10n ** 18n, false],
    ["a unit more", 10n ** 18n + 1n, true],
  ] as const) {
    it(`given a largest rise of ${name}, deployment ${refused ? "is refused" : "succeeds"}`, async () => {
      const { ethers, vault } = stage;
      const libraries = { Opening: await ethers.deployContract("Opening") };
      const factory = await ethers.getContractFactory("BudgetVault", { libraries });
      const deployed = factory.deploy(
        await vault.authority(),
        await vault.teams(),
        await vault.office(),
        await vault.paymentOffice(),
        limit,
      );
      if (refused) {
        await expect(deployed).to.be.revertedWithCustomError(factory, "BudgetVaultInvalidRise").withArgs(limit);
      } else expect(await (await deployed).maxRise()).to.equal(limit);
    });
  }
});
