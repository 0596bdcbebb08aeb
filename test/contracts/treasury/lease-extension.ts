/** The accountable anchor keeps a project alive that no proof does. */
import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, renewalWindowSeconds, type VaultStage } from "../../support/treasury-stage.ts";
import { leafOf, projectStatus, reportHeader } from "../../support/treasury.ts";

describe("Leases: extension by the anchor", () => {
  let stage: VaultStage;
  let project: string;

  beforeEach(async () => {
    stage = await deployVault();
    project = await stage.openActive(stage.plan()); // paid through report 2; a proof pays for 2
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
  });

  const accept = async (index: number) => stage.oracle.accept(index, await stage.networkHelpers.time.latest());
  const paidThrough = async () => (await stage.vault.getProject(project)).paidThrough;
  const reason = id("the operators left us out");

  it("pays through leaseReports more than the latest report, and never takes any away", async () => {
    const { vault, anchor } = stage;
    const byAnchor = vault.connect(anchor);
    await byAnchor.extendLease(project, reason); // 0 + 2: as before
    expect(await paidThrough()).to.equal(2n);
    await accept(2);
    await expect(byAnchor.extendLease(project, reason))
      .to.emit(vault, "LeaseExtended")
      .withArgs(project, 2, 4, reason, anchor.address);
    expect(await paidThrough()).to.equal(4n);
    await vault.renewLease(project, reportHeader(2), leafOf(project), []);
    const { lastProvedReport, missing } = await vault.getProject(project);
    expect([lastProvedReport, missing]).to.deep.equal([2n, 0n]);
  });

  it("works where the lease ran out, as long as nobody reclaimed", async () => {
    const { vault, anchor, networkHelpers } = stage;
    await accept(2);
    await networkHelpers.time.increase(renewalWindowSeconds);
    expect(await vault.isLeaseRunning(project)).to.equal(false);
    await vault.connect(anchor).extendLease(project, reason);
    expect(await vault.isLeaseRunning(project)).to.equal(true);
    await expect(vault.reclaim(project)).to.be.revertedWithCustomError(vault, "BudgetVaultLeaseRunning");
    await accept(5);
    await vault.reclaim(project);
    await expect(vault.connect(anchor).extendLease(project, reason))
      .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
      .withArgs(project, projectStatus.reclaimed, projectStatus.active);
  });

  it("is the plan's anchor's alone, while it is live, with a reason", async () => {
    const { vault, anchor, outsider, authority } = stage;
    await expect(vault.connect(outsider).extendLease(project, reason))
      .to.be.revertedWithCustomError(vault, "BudgetVaultNotAnchor")
      .withArgs(project, outsider.address, anchor.address);
    const byAnchor = vault.connect(anchor);
    await expect(byAnchor.extendLease(project, ZeroHash)).to.be.revertedWithCustomError(
      vault,
      "BudgetVaultInvalidReason",
    );
    await authority.setAnchorLiveUntil(anchor, 0);
    await expect(byAnchor.extendLease(project, reason)).to.be.revertedWithCustomError(
      vault,
      "BudgetVaultAnchorNotLive",
    );
    await authority.setAnchorLiveUntil(anchor, stage.start + 1000 * day);
    const proposed = await stage.open(stage.plan({ salt: id("proposed") }));
    await expect(byAnchor.extendLease(proposed, reason))
      .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
      .withArgs(proposed, projectStatus.proposed, projectStatus.active);
  });
});
