import { expect } from "chai";
import { id, TypedDataEncoder, ZeroHash } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, renewalWindowSeconds, unit, type VaultStage } from "../../support/treasury-stage.ts";
import {
  milestoneStatus,
  paymentOutcome,
  projectStatus,
  proofMessage,
  proofTypes,
  type PlanTerms,
} from "../../support/treasury.ts";

const amount = 10n * unit;

describe("Milestones", () => {
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

  const release = async (index = 0, of: [PlanTerms, string] = [terms, project]) =>
    stage.vault.release(...(await stage.proof(of[0], stage.claim(of[1], index))));

  async function openHeld(count = 2, challengeWindow = day): Promise<[PlanTerms, string]> {
    const milestones = Array.from({ length: count }, () => stage.milestone({ challengeWindow }));
    const held = stage.plan({ milestones, salt: id(`held ${count}`) });
    return [held, await stage.openActive(held)];
  }

  const statusOf = async (index: number, of = project) => (await stage.vault.getMilestone(of, index)).status;

  describe("release", () => {
    it("iTR-002: given a quorum, it pays the payee exactly once, whoever relays", async () => {
      const { vault, asset, token, payee, anchor, outsider, domain } = stage;
      const claim = stage.claim(project, 1);
      const proof = await stage.proof(terms, claim, [0, 2]);
      const digest = TypedDataEncoder.hash(domain, proofTypes, proofMessage(terms, claim));
      expect(await vault.proofDigest(claim)).to.equal(digest);
      expect(await vault.connect(outsider).release.staticCall(...proof)).to.equal(paymentOutcome.paid);
      const sent = vault.connect(outsider).release(...proof);
      await expect(sent)
        .to.emit(vault, "MilestonePaid")
        .withArgs(project, 1, payee, asset, amount, claim.evidence, 0b101n, digest, anchor);
      await expect(sent).not.to.emit(vault, "MilestoneProved");
      await expect(sent).not.to.emit(vault, "ClaimCredited");
      expect(await token.balanceOf(payee)).to.equal(amount);
      expect(await statusOf(1)).to.equal(milestoneStatus.paid);
      await expect(vault.connect(outsider).release(...proof))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(project, 1, milestoneStatus.paid, milestoneStatus.pending);
      expect(await token.balanceOf(payee)).to.equal(amount);
    });

    it("given the last milestone, the project closes", async () => {
      for (const index of [2, 0, 1]) await release(index);
      const { status, committed, unsettled } = await stage.vault.getProject(project);
      expect([status, committed, unsettled]).to.deep.equal([projectStatus.closed, 0n, 0n]);
    });

    it("given no project, a proposal, or an index beyond the plan, it refuses", async () => {
      const { vault } = stage;
      const proposed = stage.plan({ salt: id("proposal") });
      const proposal = await stage.open(proposed);
      for (const [each, status] of [
        [id("none"), projectStatus.none],
        [proposal, projectStatus.proposed],
      ] as const) {
        await expect(release(0, [proposed, each]))
          .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
          .withArgs(each, status, projectStatus.active);
      }
      await expect(vault.release({ ...stage.claim(project), milestone: 3 }, 3, ["0x", "0x"]))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(project, 3, milestoneStatus.none, milestoneStatus.pending);
      await expect(vault.proofDigest({ ...stage.claim(project), milestone: 3 }))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(project, 3, milestoneStatus.none, milestoneStatus.pending);
    });

    it("PITFALLS: at the milestone's and at the proof's deadline it is too late; a second before it is not", async () => {
      const { vault, networkHelpers } = stage;
      const late = { ...stage.claim(project, 0), deadline: stage.start + 50 * day };
      const proof = await stage.proof(terms, late);
      await networkHelpers.time.setNextBlockTimestamp(late.deadline);
      await expect(vault.release(...proof))
        .to.be.revertedWithCustomError(vault, "BudgetVaultDeadlinePassed")
        .withArgs(late.deadline, late.deadline);
      const next = { ...stage.claim(project, 0), deadline: late.deadline + 10 };
      await networkHelpers.time.setNextBlockTimestamp(late.deadline + 9);
      await vault.release(...(await stage.proof(terms, next)));

      const { deadline } = stage.milestone();
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1);
      await release(1);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(release(2))
        .to.be.revertedWithCustomError(vault, "BudgetVaultDeadlinePassed")
        .withArgs(deadline, deadline);
    });

    it("given a lease that ran out it refuses, and not a second before", async () => {
      const { vault, oracle, networkHelpers } = stage;
      const at = await networkHelpers.time.latest();
      await oracle.accept(2, at);
      await networkHelpers.time.setNextBlockTimestamp(at + renewalWindowSeconds - 1);
      await release(0);
      await expect(release(1))
        .to.be.revertedWithCustomError(vault, "BudgetVaultLeaseLapsed")
        .withArgs(project, 2, 2, at + renewalWindowSeconds);
      await vault.reclaim(project);
      await expect(release(1))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(project, 1, milestoneStatus.reclaimed, milestoneStatus.pending);
    });

    it("iTR-004: neither the office, the anchor nor a hostile authority stops it", async () => {
      const { vault, asset, authority, anchor, token, payee } = stage;
      await vault.allowAsset(asset, false);
      await authority.setAnchorLiveUntil(anchor, 0);
      await authority.setTargetClosed(vault, true);
      const hostile = await stage.ethers.deployContract("RefusingPayee");
      await authority.updateAuthority(vault, hostile);
      await release(0);
      expect(await token.balanceOf(payee)).to.equal(amount);
    });
  });

  describe("given a challenge window", () => {
    it("a proof is held: nothing is paid, the money is promised, a second proof is refused", async () => {
      const { vault, token, payee, anchor } = stage;
      const held = await openHeld();
      const proof = await stage.proof(held[0], stage.claim(held[1]));
      expect(await vault.release.staticCall(...proof)).to.equal(paymentOutcome.held);
      const sent = await vault.release(...proof);
      const payableFrom = Number((await sent.getBlock())?.timestamp) + day;
      await expect(sent)
        .to.emit(vault, "MilestoneProved")
        .withArgs(
          ...[held[1], 0, id("evidence 0"), 3n, payableFrom],
          ...[await vault.proofDigest(stage.claim(held[1])), anchor],
        );
      await expect(sent).not.to.emit(vault, "MilestonePaid");
      const { status, payableFrom: stored } = await vault.getMilestone(held[1], 0);
      expect([status, stored]).to.deep.equal([milestoneStatus.proved, BigInt(payableFrom)]);
      expect(await token.balanceOf(payee)).to.equal(0n);
      await expect(release(0, held))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(held[1], 0, milestoneStatus.proved, milestoneStatus.pending);
      await expect(vault.reclaimMilestone(held[1], 0))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(held[1], 0, milestoneStatus.proved, milestoneStatus.pending);
    });

    it("anyone pays when the window has closed, once, and not a second before", async () => {
      const { vault, asset, token, payee, anchor, outsider, networkHelpers } = stage;
      const held = await openHeld();
      await release(0, held);
      const { payableFrom } = await vault.getMilestone(held[1], 0);
      await networkHelpers.time.setNextBlockTimestamp(payableFrom - 1n);
      await expect(vault.connect(outsider).pay(held[1], 0))
        .to.be.revertedWithCustomError(vault, "BudgetVaultChallengeWindowOpen")
        .withArgs(held[1], 0, payableFrom, payableFrom - 1n);
      await networkHelpers.time.setNextBlockTimestamp(payableFrom);
      const digest = await vault.proofDigest(stage.claim(held[1]));
      await expect(vault.connect(outsider).pay(held[1], 0))
        .to.emit(vault, "MilestonePaid")
        .withArgs(held[1], 0, payee, asset, amount, ZeroHash, 0n, digest, anchor);
      expect(await token.balanceOf(payee)).to.equal(amount);
      await expect(vault.pay(held[1], 0))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(held[1], 0, milestoneStatus.paid, milestoneStatus.proved);
    });

    it("iTR-003: what is proved is paid although lease, deadline and attestors are gone", async () => {
      const { vault, oracle, setOwner, attestorSet, token, payee, networkHelpers } = stage;
      const held = await openHeld(1);
      await release(0, held);
      await oracle.accept(99, stage.start);
      for (const seat of [0, 1, 2]) await vault.connect(setOwner).revokeAttestor(attestorSet, 1, seat);
      await networkHelpers.time.increase(500 * day);
      await vault.pay(held[1], 0);
      expect(await token.balanceOf(payee)).to.equal(amount);
      expect((await vault.getProject(held[1])).status).to.equal(projectStatus.closed);
    });

    it("the anchor overturns within the window, to its last second; then the very same proof is refused", async () => {
      const { vault, anchor, networkHelpers } = stage;
      const held = await openHeld();
      const proof = await stage.proof(held[0], stage.claim(held[1]));
      await vault.release(...proof);
      const { payableFrom } = await vault.getMilestone(held[1], 0);
      await networkHelpers.time.setNextBlockTimestamp(payableFrom - 1n);
      await expect(vault.connect(anchor).overturn(held[1], 0, id("fraud")))
        .to.emit(vault, "MilestoneOverturned")
        .withArgs(held[1], 0, anchor, id("fraud"), anchor);
      expect(await statusOf(0, held[1])).to.equal(milestoneStatus.pending);
      await expect(vault.release(...proof))
        .to.be.revertedWithCustomError(vault, "BudgetVaultProofOverturned")
        .withArgs(held[1], 0, await vault.proofDigest(stage.claim(held[1])));
      const corrected = stage.claim(held[1], 0, { evidence: id("corrected") });
      await vault.release(...(await stage.proof(held[0], corrected)));
      expect(await statusOf(0, held[1])).to.equal(milestoneStatus.proved);
    });

    it("when the window has closed, nobody overturns", async () => {
      const { vault, anchor, networkHelpers } = stage;
      const held = await openHeld();
      await release(0, held);
      const { payableFrom } = await vault.getMilestone(held[1], 0);
      await networkHelpers.time.setNextBlockTimestamp(payableFrom);
      await expect(vault.connect(anchor).overturn(held[1], 0, id("late")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultChallengeWindowClosed")
        .withArgs(held[1], 0, payableFrom, payableFrom);
    });

    it("given another caller, a lapsed anchor, or nothing that is proved, nobody overturns", async () => {
      const { vault, authority, anchor, office, outsider } = stage;
      const held = await openHeld();
      await expect(vault.connect(anchor).overturn(held[1], 0, id("why")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(held[1], 0, milestoneStatus.pending, milestoneStatus.proved);
      await release(0, held);
      await expect(vault.connect(outsider).overturn(held[1], 0, id("why")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultNotAnchorOrOpener")
        .withArgs(held[1], outsider, anchor, office);
      await authority.setAnchorLiveUntil(anchor, 1);
      await expect(vault.connect(anchor).overturn(held[1], 0, id("why")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAnchorNotLive")
        .withArgs(anchor, 1);
      await expect(vault.connect(anchor).overturn(id("none"), 0, id("why"))).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultUnexpectedProjectStatus",
      );
    });

    it("given a project that was reclaimed meanwhile, an overturn gives the money back: it is never stuck", async () => {
      const { vault, asset, pool, anchor, oracle } = stage;
      const held = await openHeld();
      await release(0, held);
      await oracle.accept(9, stage.start);
      await vault.reclaim(held[1]);
      const before = await vault.poolBalance(pool, asset);
      const digest = await vault.proofDigest(stage.claim(held[1]));
      await expect(vault.connect(anchor).overturn(held[1], 0, id("fraud")))
        .to.emit(vault, "MilestoneReclaimed")
        .withArgs(held[1], 0, amount, digest, anchor);
      expect(await vault.poolBalance(pool, asset)).to.equal(before + amount);
      expect(await statusOf(0, held[1])).to.equal(milestoneStatus.reclaimed);
      expect((await vault.getProject(held[1])).status).to.equal(projectStatus.reclaimed);
    });
  });
});
