/** Who may overturn a proof, with what, and what becomes of the money; the windows themselves are in milestones.ts. */
import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import { milestoneStatus, projectStatus, type PlanTerms } from "../../support/treasury.ts";

const amount = 10n * unit;
const evidence = id("fraud");

describe("Milestones: overturn by the opener", () => {
  let stage: VaultStage;
  let terms: PlanTerms;
  let project: string;

  beforeEach(async () => {
    stage = await deployVault();
    const pool = await stage.openPool("steward's", stage.steward);
    const { vault, asset, steward, payee, anchor } = stage;
    await vault.movePool(stage.pool, pool, asset, 100n * unit);
    terms = stage.plan({ pool, opener: steward.address, milestones: [stage.milestone({ challengeWindow: day })] });
    await vault.connect(steward).openProject(terms);
    project = await vault.planId(terms);
    stage.opened.projects.add(project);
    await vault.connect(payee).acceptProject(project, 0, "0x");
    await vault.connect(anchor).acceptProject(project, 1, "0x");
    await vault.connect(steward).commitProject(project);
    await vault.release(...(await stage.proof(terms, stage.claim(project))));
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
  });

  const statusOf = async () => (await stage.vault.getMilestone(project, 0)).status;

  it("iTR-015: given the opener, it overturns within the window, to its last second", async () => {
    const { vault, steward, anchor, networkHelpers } = stage;
    const { payableFrom } = await vault.getMilestone(project, 0);
    await networkHelpers.time.setNextBlockTimestamp(payableFrom - 1n);
    await expect(vault.connect(steward).overturn(project, 0, evidence))
      .to.emit(vault, "MilestoneOverturned")
      .withArgs(project, 0, steward, evidence, anchor);
    expect(await statusOf()).to.equal(milestoneStatus.pending);
  });

  it("when the window has closed, the opener overturns nothing", async () => {
    const { vault, steward, networkHelpers } = stage;
    const { payableFrom } = await vault.getMilestone(project, 0);
    await networkHelpers.time.setNextBlockTimestamp(payableFrom);
    await expect(vault.connect(steward).overturn(project, 0, evidence))
      .to.be.revertedWithCustomError(vault, "BudgetVaultChallengeWindowClosed")
      .withArgs(project, 0, payableFrom, payableFrom);
  });

  it("given an anchor that lapsed, the opener still overturns, and the anchor does not", async () => {
    const { vault, authority, steward, anchor } = stage;
    await authority.setAnchorLiveUntil(anchor, 1);
    await expect(vault.connect(anchor).overturn(project, 0, evidence)).to.be.revertedWithCustomError(
      vault,
      "BudgetVaultAnchorNotLive",
    );
    await vault.connect(steward).overturn(project, 0, evidence);
    expect(await statusOf()).to.equal(milestoneStatus.pending);
  });

  it("given no evidence, neither of them overturns", async () => {
    const { vault, steward, anchor } = stage;
    for (const caller of [steward, anchor]) {
      await expect(vault.connect(caller).overturn(project, 0, ZeroHash))
        .to.be.revertedWithCustomError(vault, "BudgetVaultEvidenceMissing")
        .withArgs(project, 0);
    }
    expect(await statusOf()).to.equal(milestoneStatus.proved);
  });

  it("given anybody else, the payee and the treasury office included, it refuses", async () => {
    const { vault, payee, office, outsider, steward, anchor } = stage;
    for (const caller of [payee, office, outsider]) {
      await expect(vault.connect(caller).overturn(project, 0, evidence))
        .to.be.revertedWithCustomError(vault, "BudgetVaultNotAnchorOrOpener")
        .withArgs(project, caller, anchor, steward);
    }
  });

  it("given a project that was reclaimed meanwhile, the opener's overturn gives the money back to the plan's account", async () => {
    const { vault, asset, steward, oracle } = stage;
    await oracle.accept(9, stage.start);
    await vault.reclaim(project);
    const before = await vault.poolBalance(stage.pool, asset);
    await vault.connect(steward).overturn(project, 0, evidence);
    expect(await vault.poolBalance(stage.pool, asset)).to.equal(before + amount);
    expect(await statusOf()).to.equal(milestoneStatus.reclaimed);
    expect((await vault.getProject(project)).status).to.equal(projectStatus.reclaimed);
  });
});
