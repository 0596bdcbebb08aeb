/** iTR-001 for tests: what the vault owes in an asset is what stands in its accounts, and it holds at least that. */
import { expect } from "chai";

import type { VaultStage } from "./treasury-stage.ts";
import { coin, milestoneStatus } from "./treasury.ts";

/** Sum of a project's milestones that are pending (committed) or proved. */
async function promised({ vault }: VaultStage, project: string): Promise<bigint> {
  const { milestones, paidThrough, committed } = await vault.getProject(project);
  if (paidThrough === 0n) return 0n;
  const [sum, pending] = await sumOf(vault, project, Number(milestones));
  expect(committed, "committed is the sum of the pending milestones").to.equal(pending);
  return sum;
}

async function sumOf(vault: VaultStage["vault"], project: string, count: number): Promise<[bigint, bigint]> {
  let [sum, pending] = [0n, 0n];
  for (let index = 0; index < count; index++) {
    const { status, amount, paid } = await vault.getMilestone(project, index);
    if (status === milestoneStatus.pending) pending += amount - paid;
    if (status === milestoneStatus.pending || status === milestoneStatus.proved) sum += amount - paid;
  }
  return [sum, pending];
}

/** Fails unless `credited` is the sum of every account in `asset`, claims of `payees` included, and the balance covers it. */
export async function expectConserved(stage: VaultStage, asset: string, payees: readonly string[] = []): Promise<void> {
  const { vault, ethers, opened } = stage;
  let [owed, committed] = [0n, 0n];
  for (const pool of opened.pools) owed += await vault.poolBalance(pool, asset);
  for (const payee of new Set([stage.payee.address, ...payees])) owed += await vault.claimable(payee, asset);
  for (const project of opened.projects) {
    if ((await vault.getProject(project)).asset === asset) committed += await promised(stage, project);
  }
  const held =
    asset === coin
      ? await ethers.provider.getBalance(vault)
      : await (await ethers.getContractAt("TestToken", asset)).balanceOf(vault);
  expect(await vault.credited(asset), "credited").to.equal(owed + committed);
  expect((await vault.assetSafety(asset)).committed, "committed").to.equal(committed);
  expect(held, "balance").to.be.at.least(owed + committed);
}
