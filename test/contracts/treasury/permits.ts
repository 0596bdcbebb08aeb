import { expect } from "chai";
import { id, Signature } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { deployVault, unit } from "../../support/treasury-stage.ts";
import { coin, projectStatus } from "../../support/treasury.ts";

const total = 30n * unit;
const permitTypes = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

async function deployStage() {
  const stage = await deployVault();
  const token = await stage.ethers.deployContract("PermitToken");
  await stage.vault.allowAsset(token, true);
  await token.mint(stage.outsider, 100n * unit);
  return { ...stage, base: stage, token };
}

describe("Permits (ERC-2612)", () => {
  let stage: Awaited<ReturnType<typeof deployStage>>;

  beforeEach(async () => {
    stage = await deployStage();
  });

  afterEach(async () => stage.completeJournal());

  /** A permit that `outsider`, who pays, signed for the vault. */
  async function permit(value: bigint, deadline = 2n ** 48n) {
    const { token, outsider, vault, domain } = stage;
    const tokenDomain = {
      name: await token.name(),
      version: "1",
      chainId: domain.chainId,
      verifyingContract: await token.getAddress(),
    };
    const message = {
      owner: outsider.address,
      spender: await vault.getAddress(),
      value,
      nonce: await token.nonces(outsider),
      deadline,
    };
    const { v, r, s } = Signature.from(await outsider.signTypedData(tokenDomain, permitTypes, message));
    return { deadline, v, r, s };
  }

  describe("depositWithPermit", () => {
    it("given a permit for the amount, when it is deposited, it credits the pool without an approval before", async () => {
      const { vault, token, pool, outsider, anchor } = stage;
      const paid = vault.connect(outsider);
      await expect(paid.depositWithPermit(pool, token, 7n * unit, id("intent"), await permit(7n * unit)))
        .to.emit(vault, "PoolDeposited")
        .withArgs(pool, token, outsider, 7n * unit, id("intent"), anchor);
      expect(await vault.poolBalance(pool, token)).to.equal(7n * unit);
      expect(await token.allowance(outsider, vault)).to.equal(0n);
      expect(await token.balanceOf(vault)).to.equal(await vault.credited(token));
    });

    it("PITFALLS: given somebody front-ran the permit, it still deposits", async () => {
      const { vault, token, pool, outsider, payee } = stage;
      const signed = await permit(7n * unit);
      await token.connect(payee).permit(outsider, vault, 7n * unit, signed.deadline, signed.v, signed.r, signed.s);
      await vault.connect(outsider).depositWithPermit(pool, token, 7n * unit, id("intent"), signed);
      expect(await vault.poolBalance(pool, token)).to.equal(7n * unit);
    });

    it("given a permit for one unit less, or a deadline that has passed, it refuses and takes nothing", async () => {
      const { vault, token, pool, outsider, start } = stage;
      const paid = vault.connect(outsider);
      for (const signed of [await permit(7n * unit - 1n), await permit(7n * unit, BigInt(start))]) {
        await expect(paid.depositWithPermit(pool, token, 7n * unit, id("intent"), signed))
          .to.be.revertedWithCustomError(vault, "BudgetVaultTransferFailed")
          .withArgs(token, vault, 7n * unit);
      }
      expect(await token.balanceOf(outsider)).to.equal(100n * unit);
      expect(await vault.isIntentUsed(outsider, id("intent"))).to.equal(false);
    });

    it("given the same intent again, it refuses, whatever permit comes with it", async () => {
      const { vault, token, pool, outsider } = stage;
      const paid = vault.connect(outsider);
      await paid.depositWithPermit(pool, token, unit, id("intent"), await permit(unit));
      await expect(paid.depositWithPermit(pool, token, unit, id("intent"), await permit(unit)))
        .to.be.revertedWithCustomError(vault, "BudgetVaultIntentUsed")
        .withArgs(outsider, id("intent"));
    });

    it("PITFALLS: given a token that takes any call for a permit, the transfer decides", async () => {
      const { vault, ethers, pool, outsider } = stage;
      const phantom = await ethers.deployContract("PhantomPermitToken");
      await vault.allowAsset(phantom, true);
      await phantom.mint(outsider, unit);
      const paid = vault.connect(outsider);
      const nothing = { deadline: 0, v: 0, r: id("r"), s: id("s") };
      await expect(paid.depositWithPermit(pool, phantom, unit, id("intent"), nothing))
        .to.be.revertedWithCustomError(vault, "BudgetVaultTransferFailed")
        .withArgs(phantom, vault, unit);
      await phantom.connect(outsider).approve(vault, unit);
      await paid.depositWithPermit(pool, phantom, unit, id("intent"), nothing);
      expect(await vault.poolBalance(pool, phantom)).to.equal(unit);
    });

    it("given coin, which takes no permit, or an asset that is not allowed, it refuses", async () => {
      const { vault, token, pool, outsider } = stage;
      const paid = vault.connect(outsider);
      const signed = await permit(unit);
      await expect(paid.depositWithPermit(pool, coin, unit, id("intent"), signed))
        .to.be.revertedWithCustomError(vault, "BudgetVaultWrongValue")
        .withArgs(0n, unit);
      await vault.allowAsset(token, false);
      await expect(paid.depositWithPermit(pool, token, unit, id("intent"), signed))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAssetNotAllowed")
        .withArgs(token);
    });
  });

  describe("fundProjectWithPermit", () => {
    it("given a permit for the project's total, it funds in one transaction, once", async () => {
      const { vault, token, outsider, anchor } = stage;
      const asset = await token.getAddress();
      const project = await stage.openAccepted(stage.plan({ asset }));
      const signed = await permit(total);
      const paid = vault.connect(outsider);
      await expect(paid.fundProjectWithPermit(project, id("intent"), signed))
        .to.emit(vault, "ProjectFunded")
        .withArgs(project, outsider, total, 2, id("intent"), anchor);
      expect((await vault.getProject(project)).status).to.equal(projectStatus.active);
      expect(await token.balanceOf(outsider)).to.equal(100n * unit - total);
      await expect(paid.fundProjectWithPermit(project, id("another"), signed))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
        .withArgs(project, projectStatus.active, projectStatus.proposed);
      await expectConserved(stage.base, asset);
    });

    it("given somebody front-ran the permit, it still funds; given one for less, it refuses", async () => {
      const { vault, token, outsider, payee } = stage;
      const project = await stage.openAccepted(stage.plan({ asset: await token.getAddress() }));
      const paid = vault.connect(outsider);
      await expect(paid.fundProjectWithPermit(project, id("intent"), await permit(total - 1n)))
        .to.be.revertedWithCustomError(vault, "BudgetVaultTransferFailed")
        .withArgs(token, vault, total);
      const signed = await permit(total);
      await token.connect(payee).permit(outsider, vault, total, signed.deadline, signed.v, signed.r, signed.s);
      await paid.fundProjectWithPermit(project, id("intent"), signed);
      expect((await vault.getProject(project)).status).to.equal(projectStatus.active);
    });
  });
});
