/** Payments that an anchor co-signs: because the plan asks for it, or because the breaker does. */
import { expect } from "chai";
import { encodeBytes32String, id, ZeroHash, type BaseWallet } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import {
  milestoneStatus,
  paymentApprovalTypes,
  paymentOutcome,
  planProblem,
  wallets,
  type PlanTerms,
} from "../../support/treasury.ts";

const place = encodeBytes32String("G1.U1.P7");
const team = 7;
/** No deadline that matters here. */
const never = 2n ** 48n - 1n;
const rootTeam = 1;
const hour = 3600;

/** A project whose only milestone asks for a co-signature, beside one that does not. */
async function deployAsking(stage: VaultStage, changes: Partial<PlanTerms> = {}) {
  const terms = stage.plan({
    milestones: [stage.milestone({ coSignature: true, challengeWindow: hour }), stage.milestone()],
    ...changes,
  });
  const project = await stage.openActive(terms);
  const proof = await stage.proof(terms, stage.claim(project));
  const digest = await stage.vault.proofDigest(stage.claim(project));
  return { terms, project, proof, digest };
}

describe("Co-signatures", () => {
  let stage: VaultStage;

  describe("without a teams' contract", () => {
    beforeEach(async () => {
      stage = await deployVault();
    });

    afterEach(async () => {
      await stage.completeJournal();
      await expectConserved(stage, stage.asset);
    });

    it("given a plan that asks for one, the proof is accepted, and the payment waits for it, however late", async () => {
      const { vault, anchor, networkHelpers } = stage;
      const { project, proof, digest } = await deployAsking(stage);
      expect(await vault.release.staticCall(...proof)).to.equal(paymentOutcome.held);
      await vault.release(...proof);
      await networkHelpers.time.increase(hour);
      await expect(vault.pay(project, 0))
        .to.be.revertedWithCustomError(vault, "BudgetVaultCoSignatureRequired")
        .withArgs(project, 0, digest);
      await networkHelpers.time.increase(500 * day);
      await expect(vault.connect(anchor).coSign(project, 0, digest, never, anchor, "0x"))
        .to.emit(vault, "PaymentCoSigned")
        .withArgs(project, 0, anchor.address, digest, anchor.address);
      expect(await vault.isCoSigned(project, 0, digest)).to.equal(true);
      expect(await vault.isCoSigned(project, 1, digest)).to.equal(false);
      await expect(vault.pay(project, 0)).to.emit(vault, "MilestonePaid");
      await expect(vault.pay(project, 0)).to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus");
    });

    it("given one before the proof, it pays without waiting; for another proof it counts nothing, and takes none away", async () => {
      const { vault, anchor, oracle, networkHelpers } = stage;
      const { terms, project, digest } = await deployAsking(stage);
      await oracle.manage((await networkHelpers.time.latest()) + day);
      const byAnchor = vault.connect(anchor);
      const second = await vault.proofDigest(stage.claim(project, 1));
      await byAnchor.coSign(project, 1, second, never, anchor, "0x");
      await byAnchor.coSign(project, 1, id("a third proof"), never, anchor, "0x");
      const other = await stage.proof(terms, stage.claim(project, 1, { evidence: id("other evidence") }));
      expect(await vault.release.staticCall(...other)).to.equal(paymentOutcome.held);
      const proof = await stage.proof(terms, stage.claim(project, 1));
      expect(await vault.release.staticCall(...proof)).to.equal(paymentOutcome.paid);
      expect(await vault.isCoSigned(project, 0, digest)).to.equal(false);
    });

    it("given a milestone that asks for one, it has a challenge window: a second is enough, none is not", async () => {
      const { vault } = stage;
      const of = (challengeWindow: number) =>
        stage.plan({ milestones: [stage.milestone({ coSignature: true, challengeWindow })] });
      await expect(vault.openProject(of(0)))
        .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
        .withArgs(planProblem.coSignature);
      await stage.open(of(1));
    });

    it("given the payee, it may not co-sign, though it is a live anchor", async () => {
      const { vault, payee, authority } = stage;
      const { project, digest } = await deployAsking(stage);
      await authority.setAnchorLiveUntil(payee, stage.start + 1000 * day);
      await expect(vault.connect(payee).coSign(project, 0, digest, never, payee, "0x"))
        .to.be.revertedWithCustomError(vault, "BudgetVaultNotUpTheChain")
        .withArgs(project, payee.address);
    });

    it("given a deadline, it counts in the second before, and not at it", async () => {
      const { vault, anchor, networkHelpers } = stage;
      const { project, digest } = await deployAsking(stage);
      const deadline = (await networkHelpers.time.latest()) + 100;
      const byAnchor = vault.connect(anchor);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(byAnchor.coSign(project, 0, digest, deadline, anchor, "0x"))
        .to.be.revertedWithCustomError(vault, "BudgetVaultDeadlinePassed")
        .withArgs(deadline, deadline);
      await networkHelpers.time.setNextBlockTimestamp(deadline + 99);
      await byAnchor.coSign(project, 0, digest, deadline + 100, anchor, "0x");
    });

    it("given the signature of the anchor, anyone relays it; what it says is bound to payee, asset, amount and proof", async () => {
      const { vault, anchor, payee, outsider, domain } = stage;
      const { terms, project, digest } = await deployAsking(stage);
      const message = {
        project,
        milestone: 0,
        payee: payee.address,
        asset: terms.asset,
        amount: terms.milestones[0]?.amount ?? 0n,
        proof: digest,
        deadline: never,
      };
      const byOutsider = vault.connect(outsider);
      for (const changes of [
        { project: ZeroHash },
        { milestone: 1 },
        { payee: outsider.address },
        { asset: outsider.address },
        { amount: 1n },
        { proof: id("another") },
        { deadline: never - 1n },
      ]) {
        const signature = await anchor.signTypedData(domain, paymentApprovalTypes, { ...message, ...changes });
        await expect(byOutsider.coSign(project, 0, digest, never, anchor, signature)).to.be.revertedWithCustomError(
          vault,
          "BudgetVaultInvalidSignature",
        );
      }
      const otherChain = await anchor.signTypedData({ ...domain, chainId: 1 }, paymentApprovalTypes, message);
      await expect(byOutsider.coSign(project, 0, digest, never, anchor, otherChain)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultInvalidSignature",
      );
      const signature = await anchor.signTypedData(domain, paymentApprovalTypes, message);
      await byOutsider.coSign(project, 0, digest, never, anchor, signature);
      await expect(byOutsider.coSign(project, 0, digest, never, anchor, signature))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAlreadyApproved")
        .withArgs(digest);
    });

    it("given a signer that is not live, it refuses; any live anchor will do where nobody keeps teams", async () => {
      const { vault, anchor, outsider, authority } = stage;
      const { project, digest } = await deployAsking(stage);
      await expect(vault.connect(outsider).coSign(project, 0, digest, never, outsider, "0x"))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAnchorNotLive")
        .withArgs(outsider.address, 0);
      await authority.setAnchorLiveUntil(anchor, 0);
      await expect(vault.connect(anchor).coSign(project, 0, digest, never, anchor, "0x")).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultAnchorNotLive",
      );
      await authority.setAnchorLiveUntil(outsider, stage.start + 1000 * day);
      await vault.connect(outsider).coSign(project, 0, digest, never, outsider, "0x");
    });

    it("given a milestone that is none, paid, or reclaimed, there is nothing to co-sign", async () => {
      const { vault, anchor, oracle, networkHelpers } = stage;
      const { terms, project, digest, proof } = await deployAsking(stage);
      const byAnchor = vault.connect(anchor);
      const refused = async (index: number, status: bigint) =>
        expect(byAnchor.coSign(project, index, digest, never, anchor, "0x"))
          .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
          .withArgs(project, index, status, milestoneStatus.proved);
      await refused(2, milestoneStatus.none);
      await byAnchor.coSign(project, 0, digest, never, anchor, "0x");
      await vault.release(...proof);
      await networkHelpers.time.increase(hour);
      await vault.pay(project, 0);
      await refused(0, milestoneStatus.paid);
      await oracle.accept(3, await networkHelpers.time.latest());
      await vault.reclaim(project);
      await refused(1, milestoneStatus.reclaimed);
      expect(terms.milestones.length).to.equal(2);
    });

    it("given an overturned proof, its co-signature pays nothing any more", async () => {
      const { vault, anchor } = stage;
      const terms = stage.plan({ milestones: [stage.milestone({ coSignature: true, challengeWindow: day })] });
      const project = await stage.openActive(terms);
      const digest = await vault.proofDigest(stage.claim(project));
      const byAnchor = vault.connect(anchor);
      await byAnchor.coSign(project, 0, digest, never, anchor, "0x");
      const proof = await stage.proof(terms, stage.claim(project));
      await vault.release(...proof);
      await byAnchor.overturn(project, 0, id("fraud"));
      await expect(vault.release(...proof)).to.be.revertedWithCustomError(vault, "BudgetVaultProofOverturned");
    });

    it("given a tripped asset, a co-signed payment passes, and is not counted against the limit", async () => {
      const { vault, anchor, asset, office } = stage;
      const share = 10n ** 16n;
      await vault.setLimits({
        outflowShare: share,
        reclaimShare: 0,
        reclaimWindow: 0,
        tripSeconds: day,
        enclaveShare: 0,
      });
      const terms = stage.plan({ milestones: [stage.milestone({ amount: 500n * unit }), stage.milestone()] });
      const project = await stage.openActive(terms);
      const digest = await vault.proofDigest(stage.claim(project));
      await vault.connect(anchor).coSign(project, 0, digest, never, anchor, "0x");
      await vault.release(...(await stage.proof(terms, stage.claim(project)))); // 50 times the limit
      expect((await vault.getMilestone(project, 0)).status).to.equal(milestoneStatus.paid);
      expect((await vault.assetSafety(asset)).trips).to.equal(0n);
      expect((await vault.assetSafety(asset)).outflowEmptyAtMs).to.equal(0n);
      await vault.tripAsset(asset, id("reason"), office);
      await vault.release(...(await stage.proof(terms, stage.claim(project, 1))));
      const second = await vault.proofDigest(stage.claim(project, 1));
      await vault.connect(anchor).coSign(project, 1, second, never, anchor, "0x");
      await expect(vault.pay(project, 1)).to.emit(vault, "MilestonePaid");
    });
  });

  describe("with a teams' contract", () => {
    const [root, stranger] = wallets(2, 700) as [BaseWallet, BaseWallet];

    async function deployWithTeams() {
      const deployed = await deployVault({ teams: { mock: "TeamsDouble", args: [place, team, root.address] } });
      const teams = await deployed.ethers.getContractAt("TeamsDouble", await deployed.vault.teams());
      await teams.setAnchor(rootTeam, root.address);
      await deployed.authority.setAnchorLiveUntil(root, deployed.start + 1000 * day);
      await deployed.authority.setAnchorLiveUntil(stranger, deployed.start + 1000 * day);
      await deployed.authority.setRate(10n ** 4n, deployed.start + 1000 * day);
      return { deployed, teams };
    }

    /** Whether `signer` may co-sign a payment of `terms`; by its signature, as it has no coin. */
    async function mayCoSign(deployed: VaultStage, terms: PlanTerms, signer: BaseWallet): Promise<void> {
      const project = await deployed.openActive(terms);
      const digest = await deployed.vault.proofDigest(deployed.claim(project));
      const message = {
        project,
        milestone: 0,
        payee: terms.payee,
        asset: terms.asset,
        amount: terms.milestones[0]?.amount ?? 0n,
        proof: digest,
        deadline: never,
      };
      const signature = await signer.signTypedData(deployed.domain, paymentApprovalTypes, message);
      await deployed.vault.coSign(project, 0, digest, never, signer, signature);
    }

    it("the anchors up the team's path may co-sign; neither the plan's own, whom its opener chose, nor anybody else's", async () => {
      const { deployed } = await deployWithTeams();
      const { vault } = deployed;
      const terms = deployed.plan({ team: place });
      await mayCoSign(deployed, { ...terms, salt: id("up the path") }, root);
      await expect(mayCoSign(deployed, { ...terms, salt: id("a stranger") }, stranger)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultNotUpTheChain",
      );
      const { project, digest } = await deployAsking(deployed, { team: place });
      await expect(
        vault.connect(deployed.anchor).coSign(project, 0, digest, never, deployed.anchor, "0x"),
      ).to.be.revertedWithCustomError(vault, "BudgetVaultNotUpTheChain");
    });

    it("where the plan names no team, or none that there is, its own anchor may, and the root's", async () => {
      const { deployed } = await deployWithTeams();
      for (const named of [ZeroHash, encodeBytes32String("nowhere")]) {
        const milestones = [deployed.milestone({ coSignature: true, challengeWindow: hour })];
        const terms = deployed.plan({ team: named, milestones });
        const { project, digest } = await deployAsking(deployed, { ...terms, salt: id(`own ${named}`) });
        await deployed.vault.connect(deployed.anchor).coSign(project, 0, digest, never, deployed.anchor, "0x");
        await mayCoSign(deployed, { ...terms, salt: id(`root ${named}`) }, root);
        await expect(
          mayCoSign(deployed, { ...terms, salt: id(`stranger ${named}`) }, stranger),
        ).to.be.revertedWithCustomError(deployed.vault, "BudgetVaultNotUpTheChain");
      }
    });

    it("what asks for none is together within the team's cone: at the limit it may be, one unit above it not", async () => {
      const { deployed, teams } = await deployWithTeams();
      const { vault } = deployed;
      await teams.setMaxImpact(10n * 10n ** 4n); // ten units of account; a unit of the token is worth one
      const of = (amount: bigint, coSignature = false) =>
        deployed.plan({
          team: place,
          salt: id(`${amount} ${coSignature}`),
          milestones: [
            deployed.milestone({ amount: unit }),
            deployed.milestone({ amount, coSignature, challengeWindow: hour }),
          ],
        });
      const refused = async (terms: PlanTerms) =>
        expect(vault.openProject(terms))
          .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
          .withArgs(planProblem.coSignature);
      await deployed.open(of(9n * unit));
      await refused(of(9n * unit + 1n)); // rounded up: against the spender
      await deployed.open(of(9n * unit + 1n, true));
      await refused({ ...of(1n), team: encodeBytes32String("nowhere") });
      const all = [deployed.milestone({ coSignature: true, challengeWindow: hour })];
      await deployed.open({ ...of(1n), team: encodeBytes32String("nowhere"), milestones: all });
      // Without a valid rate nobody knows.
      await deployed.authority.setRate(10n ** 4n, await deployed.networkHelpers.time.latest());
      await refused(of(1n));
      await deployed.open({ ...of(1n), team: ZeroHash });
    });

    it("a payment that trips the breaker lowers the team's tier", async () => {
      const deployed = await deployVault({ teams: { mock: "RecordingTeams", args: [] } });
      const { vault } = deployed;
      const recording = await deployed.ethers.getContractAt("RecordingTeams", await vault.teams());
      await vault.setLimits({
        outflowShare: 10n ** 15n,
        reclaimShare: 0,
        reclaimWindow: 0,
        tripSeconds: day,
        enclaveShare: 0,
      });
      const terms = deployed.plan({ team: place });
      const project = await deployed.openActive(terms);
      await vault.release(...(await deployed.proof(terms, deployed.claim(project))));
      const digest = await vault.proofDigest(deployed.claim(project));
      const breakerTripped = 0n;
      expect([
        await recording.place(),
        await recording.trigger(),
        await recording.cause(),
        await recording.calls(),
      ]).to.deep.equal([place, breakerTripped, digest, 1n]);
      // Held by the trip that there is: no second one.
      await vault.release(...(await deployed.proof(terms, deployed.claim(project, 1))));
      expect(await recording.calls()).to.equal(1n);
    });
  });
});
