/** What the parties of a plan could do with an oracle of their own. */
import { expect } from "chai";
import { id } from "ethers";

import { deployVault } from "../../support/treasury-stage.ts";
import { planProblem, projectStatus } from "../../support/treasury.ts";

describe("Attack: a steward's own oracle decides over a pool's money", () => {
  /** A branch's pool with money in it, and an oracle that its steward deployed. */
  async function given() {
    const stage = await deployVault();
    const { ethers, vault, authority, steward, asset, pool } = stage;
    const branch = await stage.openPool("branch", steward);
    await vault.movePool(pool, branch, asset, 30n * 10n ** 18n);
    const foreign = await ethers.deployContract("OracleDouble", steward);
    await authority.makeForeign(foreign);
    const terms = stage.plan({ pool: branch, opener: steward.address, oracle: await foreign.getAddress() });
    return { ...stage, branch, foreign, terms };
  }
  let stage: Awaited<ReturnType<typeof given>>;
  beforeEach(async () => {
    stage = await given();
  });
  afterEach(() => stage.completeJournal());

  it("an oracle that nobody registered is refused, so that nobody is kept alive by himself", async () => {
    const { vault, steward, terms } = stage;
    await expect(vault.connect(steward).openProject(terms))
      .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
      .withArgs(planProblem.oracle);
  });

  it("the office is refused as well; the same plan with the system's oracle opens", async () => {
    const { vault, oracle, steward, office, terms, pool } = stage;
    await expect(vault.openProject({ ...terms, pool, opener: office.address }))
      .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
      .withArgs(planProblem.oracle);
    const judged = { ...terms, oracle: await oracle.getAddress() };
    await vault.connect(steward).openProject(judged);
    expect((await vault.getProject(await vault.planId(judged))).status).to.equal(projectStatus.proposed);
  });

  it("a plan that is open keeps its oracle, whatever the authority says of it later", async () => {
    const { vault, authority, oracle, pool, asset } = stage;
    const project = await stage.openActive(stage.plan({ salt: id("before") }));
    await authority.makeForeign(oracle);
    const before = await vault.poolBalance(pool, asset);
    await oracle.accept(3, stage.start);
    await vault.reclaim(project);
    expect(await vault.poolBalance(pool, asset)).to.equal(before + 30n * 10n ** 18n);
  });
});
