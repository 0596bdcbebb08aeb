import { expect } from "chai";
import { id, TypedDataEncoder, ZeroAddress, ZeroHash } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import {
  anchorAcceptanceTypes,
  coin,
  party,
  payeeAcceptanceTypes,
  projectStatus,
  type PlanTerms,
} from "../../support/treasury.ts";

const total = 30n * unit;

describe("Projects: accept, fund, commit", () => {
  let stage: VaultStage;

  beforeEach(async () => {
    stage = await deployVault();
  });

  afterEach(async () => stage.completeJournal());

  const acceptance = (project: string, terms: PlanTerms) => ({
    project,
    planVersion: 1,
    payee: terms.payee,
    anchor: terms.anchor,
    asset: terms.asset,
    total,
  });

  describe("acceptProject", () => {
    it("given the parties' own calls, it records the digests that they would have signed", async () => {
      const { vault, payee, anchor, domain } = stage;
      const terms = stage.plan();
      const project = await stage.open(terms);
      const byPayee = TypedDataEncoder.hash(domain, payeeAcceptanceTypes, acceptance(project, terms));
      const byAnchor = TypedDataEncoder.hash(domain, anchorAcceptanceTypes, acceptance(project, terms));
      await expect(vault.connect(payee).acceptProject(project, party.payee, "0x"))
        .to.emit(vault, "ProjectAccepted")
        .withArgs(project, payee, party.payee, byPayee, anchor);
      await expect(vault.connect(anchor).acceptProject(project, party.anchor, "0x"))
        .to.emit(vault, "ProjectAccepted")
        .withArgs(project, anchor, party.anchor, byAnchor, anchor);
      const { payeeAccepted, anchorAccepted, status } = await vault.getProject(project);
      expect([payeeAccepted, anchorAccepted, status]).to.deep.equal([true, true, projectStatus.proposed]);
    });

    it("given their signatures, anyone relays; neither counts for the other", async () => {
      const { vault, payee, anchor, outsider, domain } = stage;
      const terms = stage.plan();
      const project = await stage.open(terms);
      const signature = await payee.signTypedData(domain, payeeAcceptanceTypes, acceptance(project, terms));
      const digest = TypedDataEncoder.hash(domain, anchorAcceptanceTypes, acceptance(project, terms));
      await expect(vault.connect(outsider).acceptProject(project, party.anchor, signature))
        .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidSignature")
        .withArgs(anchor, digest);
      await vault.connect(outsider).acceptProject(project, party.payee, signature);
      expect((await vault.getProject(project)).payeeAccepted).to.equal(true);
    });

    it("given a payee that is a contract, its ERC-1271 answer counts", async () => {
      const { vault } = stage;
      const wallet = await stage.ethers.deployContract("AnsweringSigner", [1]);
      const project = await stage.open(stage.plan({ payee: await wallet.getAddress() }));
      await expect(vault.acceptProject(project, party.payee, "0x1234")).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultInvalidSignature",
      );
      await wallet.setAnswer(0);
      await vault.acceptProject(project, party.payee, "0x1234");
    });

    it("given an outsider without a signature, it refuses", async () => {
      const project = await stage.open(stage.plan());
      await expect(
        stage.vault.connect(stage.outsider).acceptProject(project, party.payee, "0x"),
      ).to.be.revertedWithCustomError(stage.vault, "BudgetVaultInvalidSignature");
    });

    it("given a second acceptance, it refuses", async () => {
      const { vault, payee, anchor } = stage;
      const project = await stage.openAccepted(stage.plan());
      await expect(vault.connect(payee).acceptProject(project, party.payee, "0x"))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAlreadyAccepted")
        .withArgs(project, party.payee);
      await expect(vault.connect(anchor).acceptProject(project, party.anchor, "0x"))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAlreadyAccepted")
        .withArgs(project, party.anchor);
    });

    it("iTR-009: given an anchor that lapsed, it cannot accept; the payee can", async () => {
      const { vault, authority, anchor, payee } = stage;
      const project = await stage.open(stage.plan());
      await authority.setAnchorLiveUntil(anchor, 5);
      await expect(vault.connect(anchor).acceptProject(project, party.anchor, "0x"))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAnchorNotLive")
        .withArgs(anchor, 5);
      await vault.connect(payee).acceptProject(project, party.payee, "0x");
    });

    it("at acceptBy the proposal is expired, without a transaction; a second before it is not", async () => {
      const { vault, payee, networkHelpers } = stage;
      const terms = stage.plan();
      const project = await stage.open(terms);
      const other = await stage.open(stage.plan({ salt: id("other") }));
      await networkHelpers.time.setNextBlockTimestamp(terms.acceptBy - 1);
      await vault.connect(payee).acceptProject(project, party.payee, "0x");
      await networkHelpers.time.setNextBlockTimestamp(terms.acceptBy);
      await expect(vault.connect(payee).acceptProject(other, party.payee, "0x"))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
        .withArgs(other, projectStatus.expired, projectStatus.proposed);
      await networkHelpers.mine();
      expect((await vault.getProject(other)).status).to.equal(projectStatus.expired);
      await expect(vault.openProject(terms)).to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan");
    });

    it("given no project, it refuses", async () => {
      await expect(stage.vault.acceptProject(id("none"), party.payee, "0x"))
        .to.be.revertedWithCustomError(stage.vault, "BudgetVaultUnexpectedProjectStatus")
        .withArgs(id("none"), projectStatus.none, projectStatus.proposed);
    });
  });

  describe("fundProject", () => {
    it("takes exactly the total from the payer's wallet and starts the lease", async () => {
      const { vault, asset, token, office, anchor, oracle, start } = stage;
      const project = await stage.openAccepted(stage.plan());
      await oracle.accept(7, start);
      await expect(vault.fundProject(project, id("fund")))
        .to.emit(vault, "ProjectFunded")
        .withArgs(project, office, total, 9, id("fund"), anchor);
      expect(await token.balanceOf(vault)).to.equal(1000n * unit + total);
      const { status, committed, paidThrough, unsettled } = await vault.getProject(project);
      expect([status, committed, paidThrough, unsettled]).to.deep.equal([projectStatus.active, total, 9n, 3n]);
      expect(await vault.isLeaseRunning(project)).to.equal(true);
      await expectConserved(stage, asset);
    });

    it("given coin, it takes exactly the total, not one unit less or more", async () => {
      const { vault, outsider } = stage;
      const project = await stage.openAccepted(stage.plan({ asset: coin }));
      for (const value of [total - 1n, total + 1n, 0n]) {
        await expect(vault.fundProject(project, id("fund"), { value }))
          .to.be.revertedWithCustomError(vault, "BudgetVaultWrongValue")
          .withArgs(value, total);
      }
      await vault.connect(outsider).fundProject(project, id("fund"), { value: total });
      await expectConserved(stage, coin);
    });

    it("PITFALLS: given the same intent twice, it does not pay twice", async () => {
      const { vault, office } = stage;
      const first = await stage.openAccepted(stage.plan());
      const second = await stage.openAccepted(stage.plan({ salt: id("second") }));
      await vault.fundProject(first, id("fund"));
      await expect(vault.fundProject(first, id("again")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
        .withArgs(first, projectStatus.active, projectStatus.proposed);
      await expect(vault.fundProject(second, id("fund")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultIntentUsed")
        .withArgs(office, id("fund"));
      await expect(vault.fundProject(second, ZeroHash)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultInvalidIntent",
      );
    });

    it("given an acceptance that is missing, it refuses and says which", async () => {
      const { vault, payee } = stage;
      const project = await stage.open(stage.plan());
      const refuses = (byPayee: boolean) =>
        expect(vault.fundProject(project, id("fund")))
          .to.be.revertedWithCustomError(vault, "BudgetVaultNotAccepted")
          .withArgs(project, byPayee, false);
      await refuses(false);
      await vault.connect(payee).acceptProject(project, party.payee, "0x");
      await refuses(true);
    });

    it("given an asset that was disallowed, an anchor that lapsed, or a proposal that expired, it refuses", async () => {
      const { vault, asset, authority, anchor, networkHelpers } = stage;
      const terms = stage.plan();
      const project = await stage.openAccepted(terms);
      await vault.allowAsset(asset, false);
      await expect(vault.fundProject(project, id("fund"))).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultAssetNotAllowed",
      );
      await vault.allowAsset(asset, true);
      await authority.setAnchorLiveUntil(anchor, 5);
      await expect(vault.fundProject(project, id("fund"))).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultAnchorNotLive",
      );
      await networkHelpers.time.increaseTo(terms.acceptBy);
      await expect(vault.fundProject(project, id("fund"))).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultUnexpectedProjectStatus",
      );
    });
  });

  describe("commitProject", () => {
    it("takes the total from the plan's pool and starts the lease", async () => {
      const { vault, pool, asset, anchor } = stage;
      const project = await stage.openAccepted(stage.plan());
      await expect(vault.commitProject(project))
        .to.emit(vault, "ProjectFunded")
        .withArgs(project, ZeroAddress, total, 2, pool, anchor);
      expect(await vault.poolBalance(pool, asset)).to.equal(970n * unit);
      await expectConserved(stage, asset);
    });

    it("given a pool that is short by one unit, it refuses", async () => {
      const { vault, pool, asset, office } = stage;
      const project = await stage.openAccepted(stage.plan());
      await vault.withdraw(pool, asset, office, 970n * unit + 1n);
      await expect(vault.commitProject(project))
        .to.be.revertedWithCustomError(vault, "BudgetVaultPoolShort")
        .withArgs(pool, asset, total - 1n, total);
    });

    it("given a pool without a steward, only the office; with one, only the steward", async () => {
      const { vault, outsider, steward, office, asset } = stage;
      const project = await stage.openAccepted(stage.plan());
      await expect(vault.connect(outsider).commitProject(project)).to.be.revertedWithCustomError(
        vault,
        "AccessManagedUnauthorized",
      );
      const branch = await stage.openPool("branch", steward);
      await vault.movePool(stage.pool, branch, asset, total);
      const terms = stage.plan({ pool: branch, opener: steward.address });
      await vault.connect(steward).openProject(terms);
      const owned = await vault.planId(terms);
      stage.opened.projects.add(owned);
      await vault.connect(stage.payee).acceptProject(owned, party.payee, "0x");
      await vault.connect(stage.anchor).acceptProject(owned, party.anchor, "0x");
      await expect(vault.commitProject(owned))
        .to.be.revertedWithCustomError(vault, "BudgetVaultNotSteward")
        .withArgs(branch, office, steward);
      await vault.connect(steward).commitProject(owned);
      await expectConserved(stage, asset);
    });

    it("given a project that is active, it refuses", async () => {
      const project = await stage.openActive(stage.plan());
      await expect(stage.vault.commitProject(project))
        .to.be.revertedWithCustomError(stage.vault, "BudgetVaultUnexpectedProjectStatus")
        .withArgs(project, projectStatus.active, projectStatus.proposed);
    });
  });
});
