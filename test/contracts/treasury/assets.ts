import { expect } from "chai";

import { anyWord } from "../../support/matchers.ts";
import { day, deployVault, type VaultStage } from "../../support/treasury-stage.ts";

describe("Assets and authority", () => {
  let stage: VaultStage;

  beforeEach(async () => {
    stage = await deployVault();
  });

  afterEach(async () => stage.completeJournal());

  describe("allowAsset", () => {
    it("given a token, the office allows and disallows it", async () => {
      const { vault, office } = stage;
      const token = await stage.ethers.deployContract("TestToken");
      await expect(vault.allowAsset(token, true)).to.emit(vault, "AssetAllowed").withArgs(token, true, anyWord, office);
      expect(await vault.isAllowedAsset(token)).to.equal(true);
      await vault.allowAsset(token, false);
      expect(await vault.isAllowedAsset(token)).to.equal(false);
    });

    it("given an address without code, it refuses", async () => {
      await expect(stage.vault.allowAsset(stage.outsider, true))
        .to.be.revertedWithCustomError(stage.vault, "BudgetVaultAssetNotAllowed")
        .withArgs(stage.outsider);
    });

    it("given another caller than the office, it refuses", async () => {
      await expect(stage.vault.connect(stage.outsider).allowAsset(stage.asset, false))
        .to.be.revertedWithCustomError(stage.vault, "AccessManagedUnauthorized")
        .withArgs(stage.outsider);
    });
  });

  it("the authority is replaced by the authority alone, and the journal holds it", async () => {
    const { vault, authority, outsider } = stage;
    const successor = await stage.ethers.deployContract("AuthorityDouble", [outsider]);
    await expect(vault.connect(outsider).setAuthority(successor)).to.be.revertedWithCustomError(
      vault,
      "AccessManagedUnauthorized",
    );
    await authority.updateAuthority(vault, successor);
    expect(await vault.authority()).to.equal(successor.target);
    await stage.networkHelpers.time.increase(day);
  });
});
