import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroAddress, ZeroHash } from "ethers";

import { nextVersion, signedAmendment } from "../../support/agreements.ts";
import { anyWord } from "../../support/matchers.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import { deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import { coin } from "../../support/treasury.ts";

const unknownPool = id("no such pool");
const maximum = 2n ** 112n - 1n;

describe("Pools", () => {
  let stage: VaultStage;

  beforeEach(async () => {
    stage = await deployVault();
  });

  // iTR-010: whatever a test did, every log of the vault is in its journal.
  afterEach(async () => stage.completeJournal());

  describe("openPool", () => {
    it("its id binds chain, vault and name", async () => {
      const { vault, anchor, steward, office } = stage;
      const { chainId } = await stage.ethers.provider.getNetwork();
      const expected = keccak256(
        AbiCoder.defaultAbiCoder().encode(["uint256", "address", "bytes32"], [chainId, vault.target, id("second")]),
      );
      await expect(vault.openPool(id("second"), steward, anchor))
        .to.emit(vault, "PoolOpened")
        .withArgs(
          expected,
          id("second"),
          steward,
          callId(stage, office.address, "openPool", [id("second"), steward.address, anchor.address]),
          anchor,
        );
    });

    it("given a name that was used, it refuses", async () => {
      await expect(stage.vault.openPool(id("treasury"), ZeroAddress, stage.anchor))
        .to.be.revertedWithCustomError(stage.vault, "BudgetVaultPoolExists")
        .withArgs(stage.pool);
    });

    it("iTR-009: given an anchor whose life ends now, it refuses; a second before, it opens", async () => {
      const { vault, authority, anchor, networkHelpers } = stage;
      const end = (await networkHelpers.time.latest()) + 100;
      await authority.setAnchorLiveUntil(anchor, end);
      await networkHelpers.time.setNextBlockTimestamp(end);
      await expect(vault.openPool(id("late"), ZeroAddress, anchor))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAnchorNotLive")
        .withArgs(anchor, end);
      await authority.setAnchorLiveUntil(anchor, end + 100);
      await networkHelpers.time.setNextBlockTimestamp(end + 99);
      await vault.openPool(id("in time"), ZeroAddress, anchor);
    });

    it("given no anchor, it refuses", async () => {
      await expect(stage.vault.openPool(id("nobody's"), ZeroAddress, ZeroAddress))
        .to.be.revertedWithCustomError(stage.vault, "BudgetVaultAnchorNotLive")
        .withArgs(ZeroAddress, 0);
    });
  });

  describe("closePool", () => {
    it("iTR-022: a closed pool takes no deposit, surplus, plan or commitment; what is in it can leave", async () => {
      const { vault, pool, asset, anchor, office, outsider, token } = stage;
      const other = await stage.openPool("other");
      const accepted = await stage.openAccepted(stage.plan({ salt: id("accepted") }));
      const terms = stage.plan({ salt: id("runs") });
      const running = await stage.openActive(terms);
      const refused = async (sent: Promise<unknown>) =>
        expect(sent).to.be.revertedWithCustomError(vault, "BudgetVaultPoolClosed").withArgs(pool);
      await expect(vault.closePool(pool))
        .to.emit(vault, "PoolClosed")
        .withArgs(pool, callId(stage, office.address, "closePool", [pool]), anchor);
      await refused(vault.closePool(pool));
      await refused(vault.deposit(pool, asset, 1n, id("late")));
      await token.mint(vault, 5n);
      await refused(vault.creditSurplus(pool, asset));
      await refused(vault.openProject(stage.plan({ salt: id("from it") })));
      await refused(vault.openProject(stage.plan({ pool: other, salt: id("to it") })));
      await refused(vault.commitProject(accepted));
      const dearer = nextVersion(terms, running, { milestones: [...terms.milestones, stage.milestone()] });
      await refused(signedAmendment(stage, dearer).then((agreed) => vault.amendProject(...agreed)));

      // What comes back is not stuck, and neither is what was there.
      await stage.oracle.accept(9, stage.start);
      await vault.reclaim(running);
      await vault.movePool(pool, other, asset, 400n * unit);
      await vault.withdraw(pool, asset, outsider, 600n * unit);
      expect(await vault.poolBalance(pool, asset)).to.equal(0n);
      await expectConserved(stage, asset);
    });

    it("given a pool that there is not, or another caller than the office, it refuses", async () => {
      const { vault, pool, outsider } = stage;
      await expect(vault.closePool(unknownPool))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnknownPool")
        .withArgs(unknownPool);
      await expect(vault.connect(outsider).closePool(pool))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(outsider);
    });
  });

  describe("deposit", () => {
    it("given a token, exactly the amount moves from the payer to the pool", async () => {
      const { vault, pool, asset, token, office, anchor } = stage;
      await expect(vault.deposit(pool, asset, 7n, id("more")))
        .to.emit(vault, "PoolDeposited")
        .withArgs(pool, asset, office, 7n, id("more"), anchor);
      expect(await vault.poolBalance(pool, asset)).to.equal(1000n * unit + 7n);
      expect(await token.balanceOf(vault)).to.equal(1000n * unit + 7n);
      expect(await vault.isIntentUsed(office, id("more"))).to.equal(true);
      await expectConserved(stage, asset);
    });

    it("given coin, exactly the value moves to the pool", async () => {
      const { vault, pool, office, outsider } = stage;
      await expect(vault.connect(outsider).deposit(pool, coin, 5n, id("coin"), { value: 5n })).to.changeEtherBalances(
        stage.ethers,
        [outsider, vault],
        [-5n, 5n],
      );
      expect(await vault.isIntentUsed(office, id("coin"))).to.equal(false);
      await expectConserved(stage, coin);
    });

    it("PITFALLS: a resent deposit with the same intent is refused, and another payer's intent is its own", async () => {
      const { vault, pool, asset, office, outsider } = stage;
      await expect(vault.deposit(pool, asset, 1n, id("first deposit")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultIntentUsed")
        .withArgs(office, id("first deposit"));
      await vault.connect(outsider).deposit(pool, coin, 1n, id("first deposit"), { value: 1n });
    });

    it("given no intent, no amount, no such pool or an asset that is not allowed, it refuses", async () => {
      const { vault, pool, asset } = stage;
      await expect(vault.deposit(pool, asset, 1n, ZeroHash)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultInvalidIntent",
      );
      await expect(vault.deposit(pool, asset, 0n, id("i"))).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultZeroAmount",
      );
      await expect(vault.deposit(unknownPool, asset, 1n, id("i")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnknownPool")
        .withArgs(unknownPool);
      await vault.allowAsset(asset, false);
      await expect(vault.deposit(pool, asset, 1n, id("i")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAssetNotAllowed")
        .withArgs(asset);
    });

    it("given another value than the amount of coin, or coin beside a token, it refuses", async () => {
      const { vault, pool, asset } = stage;
      for (const [of, amount, value, required] of [
        [coin, 5n, 4n, 5n],
        [coin, 5n, 6n, 5n],
        [asset, 5n, 5n, 0n],
      ] as const) {
        await expect(vault.deposit(pool, of, amount, id("i"), { value }))
          .to.be.revertedWithCustomError(vault, "BudgetVaultWrongValue")
          .withArgs(value, required);
      }
    });

    it("given as much as 112 bits hold, it credits it, and refuses one more", async () => {
      const { vault, pool, asset, token, outsider } = stage;
      const room = maximum - 1000n * unit;
      await token.mint(outsider, room + 1n);
      await token.connect(outsider).approve(vault, room + 1n);
      await expect(vault.connect(outsider).deposit(pool, asset, room + 1n, id("i")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAmountTooLarge")
        .withArgs(room + 1n, room);
      await vault.connect(outsider).deposit(pool, asset, room, id("i"));
      expect(await vault.credited(asset)).to.equal(maximum);
      await expectConserved(stage, asset);
    });

    it("given a payer who allowed too little, it refuses", async () => {
      const { vault, pool, asset, outsider } = stage;
      await expect(vault.connect(outsider).deposit(pool, asset, 1n, id("i")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultTransferFailed")
        .withArgs(asset, vault, 1n);
    });
  });

  describe("creditSurplus", () => {
    it("given a token that was sent without a deposit, anyone credits it to a pool, once", async () => {
      const { vault, pool, asset, token, outsider, anchor } = stage;
      await token.mint(vault, 9n);
      const surplus = vault.connect(outsider).creditSurplus(pool, asset);
      await expect(surplus).to.emit(vault, "SurplusCredited").withArgs(pool, asset, 9n, anyWord, anchor);
      expect(await vault.poolBalance(pool, asset)).to.equal(1000n * unit + 9n);
      await expect(vault.creditSurplus(pool, asset)).to.be.revertedWithCustomError(vault, "BudgetVaultZeroAmount");
      await expectConserved(stage, asset);
    });

    it("given an unknown pool or an asset that is not allowed, it refuses", async () => {
      const { vault, pool, asset } = stage;
      await expect(vault.creditSurplus(unknownPool, asset)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultUnknownPool",
      );
      await vault.allowAsset(asset, false);
      await expect(vault.creditSurplus(pool, asset)).to.be.revertedWithCustomError(vault, "BudgetVaultAssetNotAllowed");
    });

    it("coin sent without a function is refused: there is no receive", async () => {
      const { vault, outsider } = stage;
      await expect(outsider.sendTransaction({ to: vault, value: 1n })).to.revert(stage.ethers);
    });
  });

  describe("withdraw", () => {
    it("the office takes uncommitted money out, to the last unit and not one more", async () => {
      const { vault, pool, asset, token, office, outsider, anchor } = stage;
      await expect(vault.withdraw(pool, asset, outsider, 1000n * unit + 1n))
        .to.be.revertedWithCustomError(vault, "BudgetVaultPoolShort")
        .withArgs(pool, asset, 1000n * unit, 1000n * unit + 1n);
      await expect(vault.withdraw(pool, asset, outsider, 1000n * unit))
        .to.emit(vault, "PoolWithdrawn")
        .withArgs(pool, asset, outsider, 1000n * unit, office, anyWord, anchor);
      expect(await token.balanceOf(outsider)).to.equal(1000n * unit);
      await expectConserved(stage, asset);
      await expect(vault.withdraw(pool, coin, outsider, 3n)).to.changeEtherBalances(
        stage.ethers,
        [vault, outsider],
        [-3n, 3n],
      );
      await expectConserved(stage, coin);
    });

    it("given nobody, the vault itself, or a recipient that refuses, it refuses", async () => {
      const { vault, pool, asset } = stage;
      for (const to of [ZeroAddress, await vault.getAddress()]) {
        await expect(vault.withdraw(pool, asset, to, 1n))
          .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidRecipient")
          .withArgs(to);
      }
      const refusing = await stage.ethers.deployContract("RefusingPayee");
      await expect(vault.withdraw(pool, coin, refusing, 1n))
        .to.be.revertedWithCustomError(vault, "BudgetVaultTransferFailed")
        .withArgs(coin, refusing, 1n);
    });

    it("given no amount, an unknown pool or another caller, it refuses", async () => {
      const { vault, pool, asset, outsider } = stage;
      await expect(vault.withdraw(pool, asset, outsider, 0n)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultZeroAmount",
      );
      await expect(vault.withdraw(unknownPool, asset, outsider, 1n)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultUnknownPool",
      );
      await expect(vault.connect(outsider).withdraw(pool, asset, outsider, 1n)).to.be.revertedWithCustomError(
        vault,
        "AccessManagedUnauthorized",
      );
    });
  });

  describe("movePool", () => {
    it("moves between pools and changes nothing else, onto itself included", async () => {
      const { vault, pool, asset, anchor } = stage;
      const other = await stage.openPool("other");
      await expect(vault.movePool(pool, other, asset, 40n))
        .to.emit(vault, "PoolMoved")
        .withArgs(pool, other, asset, 40n, anyWord, anchor);
      expect(await vault.poolBalance(other, asset)).to.equal(40n);
      await vault.movePool(other, other, asset, 40n);
      expect(await vault.poolBalance(other, asset)).to.equal(40n);
      expect(await vault.credited(asset)).to.equal(1000n * unit);
      await expectConserved(stage, asset);
    });

    it("given more than there is, nothing, unknown pools or another caller, it refuses", async () => {
      const { vault, pool, asset, outsider } = stage;
      const other = await stage.openPool("other");
      await expect(vault.movePool(other, pool, asset, 1n))
        .to.be.revertedWithCustomError(vault, "BudgetVaultPoolShort")
        .withArgs(other, asset, 0n, 1n);
      await expect(vault.movePool(pool, other, asset, 0n)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultZeroAmount",
      );
      await expect(vault.movePool(unknownPool, pool, asset, 1n)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultUnknownPool",
      );
      await expect(vault.movePool(pool, unknownPool, asset, 1n)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultUnknownPool",
      );
      await expect(vault.connect(outsider).movePool(pool, other, asset, 1n)).to.be.revertedWithCustomError(
        vault,
        "AccessManagedUnauthorized",
      );
    });
  });
});

/** Id of a call as OpenZeppelin's `hashOperation` gives it. */
function callId(
  { vault }: VaultStage,
  caller: string,
  name: "openPool" | "closePool",
  args: readonly string[],
): string {
  const data = vault.interface.encodeFunctionData(name as "openPool", args as [string, string, string]);
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], [caller, vault.target, data]));
}
