import { expect } from "chai";
import { id } from "ethers";

import { expectJournalComplete } from "../../support/journal.ts";
import { endVote, governorParameters, mergeAction, proposeMerge, roles } from "../../support/strategy-stage.ts";
import { deployVault, unit } from "../../support/treasury-stage.ts";
import { anchorAcceptanceTypes, party, payeeAcceptanceTypes } from "../../support/treasury.ts";

const forksRole = 3n;

/** The vault with its pool of 1,000 units, and forks that hold exactly the roles that the deployment gives them. */
async function given() {
  const stage = await deployVault();
  const { ethers, authority, vault, office, anchor } = stage;
  const voters = (await ethers.getSigners()).slice(10, 13);
  const membership = await ethers.deployContract("Membership", [authority]);
  const forks = await ethers.deployContract("StrategyForks", [authority, vault]);
  const governor = await ethers.deployContract("MergeGovernor", [membership, forks, governorParameters]);
  const selectors = (["openPool", "movePool"] as const).map((name) => vault.interface.getFunction(name).selector);
  await authority.setTargetFunctionRole(vault, selectors, forksRole);
  await authority.setTargetFunctionRole(forks, [forks.interface.getFunction("merge").selector], roles.merge);
  await authority.grantRole(forksRole, forks, 0);
  await authority.grantRole(roles.merge, governor, 0);
  for (const voter of voters) await membership.seat(voter);

  const deadline = (await stage.networkHelpers.time.latest()) + 100_000;
  const stewards = [stage.steward.address, stage.outsider.address];
  const terms = stewards.map((steward, i) => ({ steward, budget: 100n * unit, strategy: id(`strategy ${i}`) }));
  const fork = await forks.openFork.staticCall(stage.pool, stage.asset, deadline, anchor, terms);
  await forks.openFork(stage.pool, stage.asset, deadline, anchor, terms);
  const [loser, winner] = (await forks.getFork(fork)).branches.map((branch) => branch.pool);
  if (loser === undefined || winner === undefined) throw new Error("the fork has no branches");

  const mergeWinner = async () => {
    const proposal = await proposeMerge(stage, { governor, voters }, fork);
    for (const voter of voters) await governor.connect(voter).castVote(proposal, 1);
    await endVote(stage, { governor }, proposal);
    const { targets, values, calldatas, descriptionHash } = mergeAction({ forks }, fork);
    await governor.execute(targets, values, calldatas, descriptionHash);
  };
  return { ...stage, office, voters, membership, forks, governor, fork, loser, winner, mergeWinner };
}

describe("StrategyForks over the vault", () => {
  it("iST-001: given a fork, budgets leave the pool; after the vote the loser's money is back, the winner's stays", async () => {
    const { vault, forks, governor, ethers, asset, pool, loser, winner, mergeWinner, completeJournal } = await given();
    const balances = async () =>
      Promise.all([pool, loser, winner].map(async (each) => (await vault.poolBalance(each, asset)) / unit));
    const credited = await vault.credited(asset);
    expect(await balances()).to.deep.equal([800n, 100n, 100n]);
    await mergeWinner();
    expect(await balances()).to.deep.equal([900n, 0n, 100n]);
    expect(await vault.credited(asset)).to.equal(credited);
    await completeJournal();
    await expectJournalComplete(ethers.provider, forks);
    await expectJournalComplete(ethers.provider, governor);
  });

  it("iST-003: given a losing branch whose project lapses after the merge, anyone sweeps what is reclaimed", async () => {
    const stage = await given();
    const { vault, forks, oracle, steward, asset, pool, fork, loser, mergeWinner, start } = stage;
    const plan = stage.plan({ pool: loser, reclaimTo: loser, opener: steward.address });
    const project = await vault.connect(steward).openProject.staticCall(plan);
    await vault.connect(steward).openProject(plan);
    const total = 30n * unit;
    const acceptance = { project, planVersion: 1, asset, total };
    const { payee, anchor, domain } = stage;
    const byPayee = await payee.signTypedData(domain, payeeAcceptanceTypes, { ...acceptance, payee: payee.address });
    const byAnchor = await anchor.signTypedData(domain, anchorAcceptanceTypes, {
      ...acceptance,
      anchor: anchor.address,
    });
    await vault.acceptProject(project, party.payee, byPayee);
    await vault.acceptProject(project, party.anchor, byAnchor);
    await vault.connect(steward).commitProject(project);

    await mergeWinner();
    expect(await vault.poolBalance(pool, asset)).to.equal(870n * unit); // what the loser had not committed is back
    await expect(vault.reclaim(project)).to.be.revertedWithCustomError(vault, "BudgetVaultLeaseRunning");
    await oracle.accept(3, start);
    await vault.reclaim(project);
    expect(await vault.poolBalance(loser, asset)).to.equal(total);
    await forks.connect(stage.outsider).sweep(fork, 0);
    expect(await vault.poolBalance(loser, asset)).to.equal(0);
    expect(await vault.poolBalance(pool, asset)).to.equal(900n * unit);
    await expectJournalComplete(stage.ethers.provider, forks);
  });

  it("given a branch's pool, only its steward opens projects from it", async () => {
    const { vault, loser, office, outsider, steward, plan } = await given();
    await expect(vault.connect(outsider).openProject(plan({ pool: loser, opener: outsider.address })))
      .to.be.revertedWithCustomError(vault, "BudgetVaultNotSteward")
      .withArgs(loser, outsider, steward);
    await expect(vault.connect(office).openProject(plan({ pool: loser })))
      .to.be.revertedWithCustomError(vault, "BudgetVaultNotSteward")
      .withArgs(loser, office, steward);
  });
});
