import { expect } from "chai";
import { id, toBeHex } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import { milestoneStatus, projectStatus, type PlanTerms } from "../../support/treasury.ts";

const amount = 10n * unit;

describe("Milestones: reclaimMilestone", () => {
  let stage: VaultStage;
  let terms: PlanTerms;
  let project: string;

  beforeEach(async () => {
    stage = await deployVault();
    terms = stage.plan();
    project = await stage.openActive(terms);
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
  });

  it("at its deadline anyone takes a pending milestone back to the plan's account; not a second before", async () => {
    const { vault, asset, anchor, outsider, networkHelpers } = stage;
    const reclaimTo = await stage.openPool("reclaim");
    const deadline = stage.start + 20 * day;
    const milestones = [stage.milestone({ deadline }), stage.milestone()];
    const dated = await stage.openActive(stage.plan({ reclaimTo, milestones, salt: id("dated") }));
    await networkHelpers.time.setNextBlockTimestamp(deadline - 1);
    await expect(vault.reclaimMilestone(dated, 0))
      .to.be.revertedWithCustomError(vault, "BudgetVaultDeadlineNotPassed")
      .withArgs(deadline, deadline - 1);
    await networkHelpers.time.setNextBlockTimestamp(deadline);
    await expect(vault.connect(outsider).reclaimMilestone(dated, 0))
      .to.emit(vault, "MilestoneReclaimed")
      .withArgs(dated, 0, amount, toBeHex(deadline, 32), anchor);
    expect(await vault.poolBalance(reclaimTo, asset)).to.equal(amount);
    expect((await vault.getProject(dated)).status).to.equal(projectStatus.active);
    await networkHelpers.time.increaseTo(stage.milestone().deadline);
    await vault.reclaimMilestone(dated, 1);
    expect((await vault.getProject(dated)).status).to.equal(projectStatus.closed);
    await expect(vault.reclaimMilestone(dated, 1))
      .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
      .withArgs(dated, projectStatus.closed, projectStatus.active);
  });

  it("given a set that can no longer reach k, the deadline stands still: who owns the set cannot take the money", async () => {
    const { vault, setOwner, attestorSet, networkHelpers } = stage;
    await vault.connect(setOwner).revokeAttestor(attestorSet, 1, 0);
    await vault.connect(setOwner).revokeAttestor(attestorSet, 1, 1);
    await networkHelpers.time.increaseTo(stage.milestone().deadline);
    await expect(vault.reclaimMilestone(project, 0))
      .to.be.revertedWithCustomError(vault, "AttestorSetsTooFewLive")
      .withArgs(attestorSet, 1, 1, 2);
  });

  it("given what is paid, or no such milestone, it refuses", async () => {
    const { vault, networkHelpers } = stage;
    await vault.release(...(await stage.proof(terms, stage.claim(project))));
    await networkHelpers.time.increaseTo(stage.milestone().deadline);
    for (const [index, status] of [
      [0, milestoneStatus.paid],
      [3, milestoneStatus.none],
    ] as const) {
      await expect(vault.reclaimMilestone(project, index))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(project, index, status, milestoneStatus.pending);
    }
  });
});
