import { expect } from "chai";
import { id, type Contract } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import { coin, party } from "../../support/treasury.ts";

const percent = 10n ** 16n;
const cause = id("what anchors approved");

describe("Shortfalls: what payees take of their claims while money is missing", () => {
  let stage: VaultStage;
  let payees: Contract[];
  const claims = [400n * unit, 100n * unit, 3n];

  /** Three payees that take no coin, and have claims of 400 units, of 100, and of 3 base units, of 1,000 that are credited. */
  beforeEach(async () => {
    stage = await deployVault();
    await stage.vault.setLimits({
      ...{ outflowShare: 0, reclaimShare: 0, reclaimWindow: 0, tripSeconds: day, enclaveShare: 0 },
    });
    payees = await Promise.all(claims.map(() => payeeMock("RefusingPayee")));
    for (const [index, amount] of claims.entries()) await owe(payeeAt(index), amount);
  });
  afterEach(async () => {
    await stage.completeJournal();
  });

  const payeeMock = (name: string): Promise<Contract> => stage.ethers.deployContract(name);
  const payeeAt = (index: number): Contract => {
    const payee = payees[index];
    if (payee === undefined) throw new Error(`no payee ${index}`);
    return payee;
  };

  async function owe(payee: Contract, amount: bigint): Promise<void> {
    const { vault, anchor } = stage;
    const address = await payee.getAddress();
    const terms = stage.plan({
      ...{ asset: coin, payee: address, salt: id(`${address} ${amount}`) },
      milestones: [stage.milestone({ amount })],
    });
    const project = await stage.open(terms);
    const accept = vault.interface.encodeFunctionData("acceptProject", [project, party.payee, "0x"]);
    await payee.getFunction("act")(vault, accept);
    await vault.connect(anchor).acceptProject(project, party.anchor, "0x");
    await vault.commitProject(project);
    await vault.release(...(await stage.proof(terms, stage.claim(project))), { gasLimit: 1_000_000 });
    expect(await vault.claimable(payee, coin)).to.equal(amount);
  }

  const balance = async () => stage.ethers.provider.getBalance(stage.vault);
  /** Takes coin from the vault past its books, or gives some where the amount is negative. */
  const lose = async (amount: bigint) =>
    stage.networkHelpers.setBalance(await stage.vault.getAddress(), (await balance()) - amount);
  const claim = (index: number) => {
    const data = stage.vault.interface.encodeFunctionData("claim", [coin, stage.outsider.address]);
    return payeeAt(index).getFunction("act")(stage.vault, data);
  };
  const rulingOf = async () => (await stage.vault.ruling(coin, stage.payee))[0];
  const trip = () => stage.vault.tripAsset(coin, cause, stage.anchor);
  const rule = (share: bigint) => stage.vault.ruleShortfall(coin, share, cause, stage.anchor);
  const expectTaken = async (index: number, amount: bigint) => {
    await expect(claim(index)).to.changeEtherBalance(stage.ethers, stage.outsider, amount);
  };
  const expectWaits = async (index: number) => {
    const [owed, has] = [await stage.vault.claimable(payeeAt(index), coin), await balance()];
    await expect(claim(index))
      .to.be.revertedWithCustomError(stage.vault, "BudgetVaultShortfall")
      .withArgs(coin, has, await stage.vault.credited(coin));
    expect(await stage.vault.claimable(payeeAt(index), coin)).to.equal(owed);
  };

  it("iTR-025: while a base unit is missing no claim is paid; once it is there, each is, in full", async () => {
    await lose(1n);
    for (const index of [0, 1, 2]) await expectWaits(index);
    await lose(-1n);
    for (const [index, amount] of claims.entries()) await expectTaken(index, amount);
    const addresses = await Promise.all(payees.map((payee) => payee.getAddress()));
    await expectConserved(stage, coin, addresses);
  });

  it("iTR-025: each payee takes the same share, once, whoever comes first; the rest stays its claim", async () => {
    const { vault, anchor } = stage;
    await lose(600n * unit);
    await trip();
    await expect(rule(40n * percent))
      .to.emit(vault, "ShortfallRuled")
      .withArgs(coin, 1, 40n * percent, 400n * unit, 1000n * unit, cause, anchor);
    expect(await rulingOf()).to.deep.equal([40n * percent, 1n, 400n * unit]);
    await expectTaken(0, 160n * unit);
    expect((await rulingOf()).left).to.equal(240n * unit);
    expect((await vault.ruling(coin, payeeAt(0)))[1]).to.equal(1n);
    await expectWaits(0);
    await expectTaken(1, 40n * unit);
    await expectWaits(1);
    await expectTaken(2, 1n); // 1.2 base units, rounded down
    expect(await vault.claimable(payeeAt(0), coin)).to.equal(240n * unit);
    // The next ruling gives of what is still owed.
    await expect(rule(24n * percent))
      .to.be.revertedWithCustomError(vault, "BudgetVaultAlreadyRuled")
      .withArgs(coin, 1);
    await trip();
    await rule(24n * percent);
    expect((await rulingOf()).trip).to.equal(2n);
    await expectTaken(1, (144n * unit) / 10n);
    await expectTaken(0, (576n * unit) / 10n);
    await expect(claim(2)).to.be.revertedWithCustomError(vault, "BudgetVaultNothingToClaim").withArgs(payeeAt(2), coin); // half a base unit
    await lose(-600n * unit);
    await expectTaken(0, (1824n * unit) / 10n);
    await expectTaken(1, (456n * unit) / 10n);
    await expectTaken(2, 2n);
    expect(await vault.credited(coin)).to.equal(500n * unit - 3n);
    await expectConserved(stage, coin);
  });

  it("a share is of what is there, to the last digit, and more than nothing; and something is missing", async () => {
    const { vault } = stage;
    const refused = async (share: bigint, limit: bigint) =>
      expect(rule(share)).to.be.revertedWithCustomError(vault, "BudgetVaultInvalidRuling").withArgs(coin, share, limit);
    await expect(rule(1n)).to.be.revertedWithCustomError(vault, "BudgetVaultNotTripped").withArgs(coin);
    await trip();
    await refused(100n * percent, 0n);
    await refused(1n, 0n);
    await lose(600n * unit);
    await refused(0n, 40n * percent);
    await refused(40n * percent + 1n, 40n * percent);
    await rule(40n * percent);
    await lose(400n * unit);
    await trip();
    await refused(1n, 0n);
  });

  it("a ruling holds while there is enough for everybody's share, whatever else leaves", async () => {
    const { vault, anchor, outsider, pool, start } = stage;
    await lose(600n * unit);
    await trip();
    await rule(40n * percent);
    await lose(1n);
    await expectWaits(0);
    await lose(-1n);
    await expectTaken(0, 160n * unit);
    const withdrawal = [pool, coin, outsider, unit] as const;
    await vault.connect(anchor).approveWithdrawal(...withdrawal, start + 900_000);
    await vault.withdraw(...withdrawal);
    await expectWaits(1);
    await lose(-unit);
    await expectTaken(1, 40n * unit);
  });

  it("a ruling of an earlier shortfall pays nothing of a later, larger one", async () => {
    await lose(600n * unit);
    await trip();
    await rule(40n * percent);
    await lose(-600n * unit);
    await expectTaken(1, 100n * unit); // in full: nothing is missing
    await lose(600n * unit); // 300 are there, and 400 were to be left
    await expectWaits(0);
  });

  it("a deposit after a ruling changes nothing of it", async () => {
    const { vault, pool } = stage;
    await lose(600n * unit);
    await trip();
    await rule(40n * percent);
    await vault.deposit(pool, coin, 100n * unit, id("later"), { value: 100n * unit });
    for (const [index, amount] of [160n * unit, 40n * unit, 1n].entries()) await expectTaken(index, amount);
    await expectWaits(0);
  });

  it("a reset ends a ruling: who did not take its share waits for the next shortfall's", async () => {
    const { vault, anchor } = stage;
    await lose(600n * unit);
    await trip();
    await rule(40n * percent);
    await lose(-600n * unit);
    await vault.resetAsset(coin, cause, anchor);
    expect(await rulingOf()).to.deep.equal([0n, 1n, 400n * unit]);
    await lose(600n * unit);
    await expectWaits(0);
    await trip();
    await rule(40n * percent);
    expect((await rulingOf()).trip).to.equal(2n);
    await expectTaken(0, 160n * unit);
  });
});
