/** Several of the vault's calls in one transaction: each is what it would have been alone, and all of them happen, or none. */
import { expect } from "chai";
import { AbiCoder, id, keccak256 } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import {
  coin,
  leafOf,
  milestoneStatus,
  paymentOutcome,
  projectStatus,
  reportHeader,
  type PlanTerms,
} from "../../support/treasury.ts";

const amount = 10n * unit;

describe("Multicall", () => {
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

  const encode = (name: string, args: readonly unknown[]): string =>
    (
      stage.vault.interface as { encodeFunctionData(name: string, args: readonly unknown[]): string }
    ).encodeFunctionData(name, args);
  const release = async (index: number): Promise<string> =>
    encode("release", await stage.proof(terms, stage.claim(project, index)));
  const renew = (index: number): string => encode("renewLease", [project, reportHeader(index), leafOf(project), []]);
  const paid = async () => stage.token.balanceOf(stage.payee);

  it("renews a lease and releases a milestone", async () => {
    const { vault, oracle, outsider, networkHelpers } = stage;
    await oracle.accept(2, await networkHelpers.time.latest());
    await networkHelpers.time.increase(200);
    const calls = [renew(2), await release(0)];
    const results = await vault.connect(outsider).multicall.staticCall(calls);
    const coder = AbiCoder.defaultAbiCoder();
    expect(coder.decode(["uint32"], results[0] ?? "0x")[0]).to.equal(4n);
    expect(coder.decode(["uint8"], results[1] ?? "0x")[0]).to.equal(paymentOutcome.paid);
    await expect(vault.connect(outsider).multicall(calls))
      .to.emit(vault, "LeaseRenewed")
      .and.to.emit(vault, "MilestonePaid");
    expect(await paid()).to.equal(amount);
    expect((await vault.getProject(project)).paidThrough).to.equal(4n);
  });

  it("releases three milestones and closes the project", async () => {
    const { vault } = stage;
    await vault.multicall([await release(0), await release(1), await release(2)]);
    expect(await paid()).to.equal(3n * amount);
    expect((await vault.getProject(project)).status).to.equal(projectStatus.closed);
  });

  it("given a call that fails, nothing happens, and its own error says why", async () => {
    const { vault } = stage;
    const [first, second] = [await release(0), await release(1)];
    await expect(vault.multicall([first, second, first]))
      .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
      .withArgs(project, 0, milestoneStatus.paid, milestoneStatus.pending);
    expect(await paid()).to.equal(0n);
    expect((await vault.getMilestone(project, 1)).status).to.equal(milestoneStatus.pending);
  });

  it("given no calls, it does nothing; given one that is none, it refuses", async () => {
    const { vault, ethers } = stage;
    const office = await ethers.getContractAt("BudgetOffice", await vault.office());
    expect([...(await vault.multicall.staticCall([]))]).to.deep.equal([]);
    for (const data of ["0x", "0x12345678"]) {
      await expect(vault.multicall([data])).to.be.revertedWithCustomError(office, "FailedCall");
    }
  });

  it("may stand within itself", async () => {
    await stage.vault.multicall([encode("multicall", [[await release(0)]]), await release(1)]);
    expect(await paid()).to.equal(2n * amount);
  });

  describe("PITFALLS: no value is counted twice", () => {
    it("given any value, it refuses", async () => {
      const { vault, office, pool, ethers } = stage;
      const deposit = encode("deposit", [pool, coin, 1n, id("first")]);
      const data = encode("multicall", [[deposit, encode("deposit", [pool, coin, 1n, id("second")])]]);
      await expect(office.sendTransaction({ to: vault, data, value: 1n })).to.be.revertedWithoutReason(ethers);
    });

    it("given a call that needs value, it refuses for want of it", async () => {
      const { vault, pool } = stage;
      await expect(vault.multicall([encode("deposit", [pool, coin, 5n, id("coin")])]))
        .to.be.revertedWithCustomError(vault, "BudgetVaultWrongValue")
        .withArgs(0n, 5n);
    });

    it("deposits of a token happen each for itself, and an intent counts once", async () => {
      const { vault, pool, asset, office } = stage;
      const deposit = (intent: string) => encode("deposit", [pool, asset, unit, id(intent)]);
      const before = await vault.credited(asset);
      await vault.multicall([deposit("one"), deposit("two")]);
      expect(await vault.credited(asset)).to.equal(before + 2n * unit);
      await expect(vault.multicall([deposit("three"), deposit("three")]))
        .to.be.revertedWithCustomError(vault, "BudgetVaultIntentUsed")
        .withArgs(office, id("three"));
    });
  });

  describe("each call has the sender, the guard and the cause that it has alone", () => {
    it("given a stranger, every restricted call is refused to it", async () => {
      const { vault, outsider, pool, asset } = stage;
      const restricted = [
        encode("withdraw", [pool, asset, outsider.address, 1n]),
        encode("movePool", [pool, pool, asset, 1n]),
        encode("openPool", [id("own"), outsider.address, stage.anchor.address]),
        encode("allowAsset", [coin, false]),
        encode("openProject", [stage.plan({ opener: outsider.address, salt: id("strange") })]),
      ];
      for (const call of restricted) {
        await expect(vault.connect(outsider).multicall([call]))
          .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
          .withArgs(outsider);
      }
    });

    it("given a role for one function, it opens that one, and no other by way of it", async () => {
      const { vault, authority, outsider, pool, asset } = stage;
      const { selector } = vault.interface.getFunction("movePool");
      await authority.setTargetFunctionRole(vault, [selector], 7n);
      await authority.grantRole(7n, outsider, 0);
      const other = await stage.openPool("other");
      const move = encode("movePool", [pool, other, asset, unit]);
      await expect(
        vault.connect(outsider).multicall([move, encode("withdraw", [other, asset, outsider.address, unit])]),
      )
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(outsider);
      await vault.connect(outsider).multicall([move]);
      expect(await vault.poolBalance(other, asset)).to.equal(unit);
    });

    it("given a member with a delay, each call has to be scheduled as it stands, and a schedule counts once", async () => {
      const { vault, authority, outsider, pool, asset, networkHelpers } = stage;
      const { selector } = vault.interface.getFunction("movePool");
      await authority.setTargetFunctionRole(vault, [selector], 7n);
      await authority.grantRole(7n, outsider, 100);
      const move = encode("movePool", [pool, pool, asset, unit]);
      await expect(vault.connect(outsider).multicall([move])).to.be.revertedWithCustomError(
        authority,
        "AccessManagerNotScheduled",
      );
      await authority.connect(outsider).schedule(vault, move, 0);
      await networkHelpers.time.increase(101);
      await expect(vault.connect(outsider).multicall([move, move])).to.be.revertedWithCustomError(
        authority,
        "AccessManagerNotScheduled",
      );
      await vault.connect(outsider).multicall([move]);
    });

    it("given the authority as the sender, who may make several calls may make none by way of it", async () => {
      const { vault, authority, office, pool, asset } = stage;
      const data = encode("multicall", [[encode("withdraw", [pool, asset, office.address, 1n])]]);
      await expect(authority.execute(vault, data))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(authority);
    });

    it("given a steward's pool, the steward opens from it, and nobody else", async () => {
      const { vault, steward } = stage;
      const pool = await stage.openPool("steward's", steward);
      const open = encode("openProject", [stage.plan({ pool, opener: steward.address })]);
      await expect(vault.multicall([open])).to.be.revertedWithCustomError(vault, "BudgetVaultNotSteward");
      await vault.connect(steward).multicall([open]);
    });

    it("the cause of what a role decides is the call itself", async () => {
      const { vault, office, anchor, pool, asset } = stage;
      const other = await stage.openPool("other");
      const move = encode("movePool", [pool, other, asset, unit]);
      const cause = keccak256(
        AbiCoder.defaultAbiCoder().encode(
          ["address", "address", "bytes"],
          [office.address, await vault.getAddress(), move],
        ),
      );
      await expect(vault.multicall([move]))
        .to.emit(vault, "PoolMoved")
        .withArgs(pool, other, asset, unit, cause, anchor);
    });
  });
});
