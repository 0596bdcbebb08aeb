/** An overturned proof lowers the tier of the team that delivered; whatever the teams' contract does, the overturn stands. */
import { expect } from "chai";
import { encodeBytes32String, id, ZeroHash, type AddressLike } from "ethers";
import type hre from "hardhat";

import { day, deployVault } from "../../support/treasury-stage.ts";
import { milestoneStatus } from "../../support/treasury.ts";

const place = encodeBytes32String("G1.U1.P6");

/** A vault whose teams' contract is the one that `deployTeams` names, with a held proof of a project of `team`. */
async function deployHeld(mock: string, args: unknown[] = [], team = place) {
  const stage = await deployVault({ teams: { mock, args } });
  const terms = stage.plan({ team, milestones: [stage.milestone({ challengeWindow: day })] });
  const project = await stage.openActive(terms);
  await stage.vault.release(...(await stage.proof(terms, stage.claim(project))));
  const digest = await stage.vault.proofDigest(stage.claim(project));
  const overturn = (gasLimit?: bigint) =>
    stage.vault.connect(stage.anchor).overturn(project, 0, id("fraud"), gasLimit === undefined ? {} : { gasLimit });
  const status = async () => (await stage.vault.getMilestone(project, 0)).status;
  return { ...stage, project, digest, overturn, status };
}

const teamsAt = async (ethers: Awaited<ReturnType<typeof hre.network.create>>["ethers"], address: AddressLike) =>
  ethers.getContractAt("RecordingTeams", await ethers.resolveAddress(address));

describe("BudgetVault: ratchet (iTR-011)", () => {
  it("given a plan that names a team, its overturned proof is told to the teams' contract, once, with the proof as cause", async () => {
    const stage = await deployHeld("RecordingTeams");
    const teams = await teamsAt(stage.ethers, await stage.vault.teams());
    await stage.overturn();
    expect([await teams.place(), await teams.trigger(), await teams.cause(), await teams.calls()]).to.deep.equal([
      place,
      1n,
      stage.digest,
      1n,
    ]);
    await stage.completeJournal();
  });

  it("given that the plan's opener overturns, the team falls as well", async () => {
    const stage = await deployHeld("RecordingTeams");
    await stage.vault.connect(stage.office).overturn(stage.project, 0, id("fraud"));
    const teams = await teamsAt(stage.ethers, await stage.vault.teams());
    expect([await teams.calls(), await teams.cause()]).to.deep.equal([1n, stage.digest]);
  });

  it("given a plan without a team, nothing is lowered", async () => {
    const stage = await deployHeld("RecordingTeams", [], ZeroHash);
    await stage.overturn();
    expect(await (await teamsAt(stage.ethers, await stage.vault.teams())).calls()).to.equal(0n);
  });

  for (const [answer, name] of ["a revert", "all gas burnt", "20,000 bytes"].entries()) {
    it(`given a teams' contract that answers with ${name}, the overturn stands`, async () => {
      const stage = await deployHeld("HostileTeams", [answer]);
      await stage.overturn(5_000_000n);
      expect(await stage.status()).to.equal(milestoneStatus.pending);
      await stage.completeJournal();
    });
  }

  it("given a teams' contract that calls back, the vault is closed to it", async () => {
    const stage = await deployHeld("HostileTeams", [3]);
    const hostile = await stage.ethers.getContractAt("HostileTeams", await stage.vault.teams());
    await hostile.setReentry(stage.vault.interface.encodeFunctionData("overturn", [stage.project, 0, id("again")]));
    const receipt = await (await stage.overturn()).wait();
    expect(receipt?.logs.length).to.equal(1);
    expect(await stage.status()).to.equal(milestoneStatus.pending);
  });

  it("whoever overturns cannot starve the ratchet: too little gas is refused, and what passes gives it 300,000", async () => {
    const stage = await deployHeld("RecordingTeams");
    const teams = await teamsAt(stage.ethers, await stage.vault.teams());
    await expect(stage.overturn(300_000n)).to.be.revertedWithCustomError(stage.vault, "BudgetVaultGasTooLow");
    expect(await stage.status()).to.equal(milestoneStatus.proved);
    // The least limit that passes, found by halving: it must be enough for the whole call.
    let [refused, passes] = [300_000n, 1_000_000n];
    while (passes - refused > 1_000n) {
      const middle = (refused + passes) / 2n;
      const snapshot = await stage.networkHelpers.takeSnapshot();
      try {
        await stage.overturn(middle);
        passes = middle;
      } catch {
        refused = middle;
      }
      await snapshot.restore();
    }
    await stage.overturn(passes);
    expect(await teams.calls()).to.equal(1n);
    expect(await teams.gasGot()).to.be.greaterThan(295_000n);
  });
});
