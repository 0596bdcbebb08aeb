import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { id, TypedDataEncoder } from "ethers";

import { cancellationOf, nextVersion, signedAmendment, signedCancellation } from "../../support/agreements.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import {
  breakerState,
  coin,
  milestoneStatus,
  paymentOutcome,
  planProblem,
  proofMessage,
  proofTypes,
  type Claim,
  type PlanTerms,
} from "../../support/treasury.ts";

const amount = 10n * unit;

describe("Payments: parts of a milestone", () => {
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
    await expectConserved(stage, coin);
  });

  const claimed = (evidence: string, of = project, index = 0): Claim =>
    stage.claim(of, index, { evidence: id(evidence) });
  const releasePart = async (part: bigint, evidence = "part", of: [PlanTerms, string] = [terms, project]) =>
    stage.vault.releasePart(...(await stage.partProof(of[0], claimed(evidence, of[1]), part)));
  const release = async (evidence = "all", of: [PlanTerms, string] = [terms, project]) =>
    stage.vault.release(...(await stage.proof(of[0], claimed(evidence, of[1]))));
  const received = async () => stage.token.balanceOf(stage.payee);
  const pooled = async () => stage.vault.poolBalance(stage.pool, stage.asset);
  const milestoneAt = async (index = 0, of = project) => {
    const { status, paid } = await stage.vault.getMilestone(of, index);
    return [status, paid];
  };

  async function openHeld(count = 1): Promise<[PlanTerms, string]> {
    const milestones = Array.from({ length: count }, () => stage.milestone({ challengeWindow: day }));
    const held = stage.plan({ milestones, salt: id("held") });
    return [held, await stage.openActive(held)];
  }

  /** The lease of `of` ran out, and its money was taken back. */
  async function reclaimed(of: string): Promise<void> {
    await stage.oracle.accept(9, stage.start);
    await stage.vault.reclaim(of);
  }

  it("iTR-021: each part pays what was not paid yet, and the whole pays the rest", async () => {
    const { vault, asset, payee, anchor, outsider, domain } = stage;
    const claim = claimed("April");
    const proof = await stage.partProof(terms, claim, 3n * unit, [0, 2]);
    const digest = TypedDataEncoder.hash(domain, proofTypes, proofMessage(terms, claim, 3n * unit));
    expect(await vault.connect(outsider).releasePart.staticCall(...proof)).to.equal(paymentOutcome.paid);
    const sent = await vault.connect(outsider).releasePart(...proof);
    await expect(sent)
      .to.emit(vault, "MilestonePaid")
      .withArgs(project, 0, payee, asset, 3n * unit, claim.evidence, 0b101n, digest, anchor);
    expect(await received()).to.equal(3n * unit);
    expect(await milestoneAt()).to.deep.equal([milestoneStatus.pending, 3n * unit]);
    expect((await vault.getProject(project)).committed).to.equal(27n * unit);

    await releasePart(7n * unit, "May");
    expect(await received()).to.equal(7n * unit);
    const [all, rest] = [await vault.proofDigest(claimed("all")), 3n * unit];
    await expect(release())
      .to.emit(vault, "MilestonePaid")
      .withArgs(project, 0, payee, asset, rest, claimed("all").evidence, anyValue, all, anchor);
    expect(await received()).to.equal(amount);
    expect(await milestoneAt()).to.deep.equal([milestoneStatus.paid, amount]);
  });

  it("iTR-021: no proof pays twice, and an older one with less pays nothing", async () => {
    const { vault } = stage;
    const older = await stage.partProof(terms, claimed("older"), 2n * unit);
    const proof = await stage.partProof(terms, claimed("newer"), 4n * unit);
    await vault.releasePart(...proof);
    for (const [stale, part] of [
      [proof, 4n * unit],
      [older, 2n * unit],
    ] as const) {
      await expect(vault.releasePart(...stale))
        .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPart")
        .withArgs(project, 0, part, 4n * unit, amount);
    }
    await release();
    await expect(vault.releasePart(...(await stage.partProof(terms, claimed("late"), 9n * unit))))
      .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
      .withArgs(project, 0, milestoneStatus.paid, milestoneStatus.pending);
    expect(await received()).to.equal(amount);
  });

  it("a part is more than was paid and less than the whole, to the base unit", async () => {
    const { vault } = stage;
    await expect(releasePart(0n)).to.be.revertedWithCustomError(vault, "BudgetVaultZeroAmount");
    for (const part of [amount, amount + 1n, 2n ** 128n - 1n]) {
      await expect(releasePart(part))
        .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPart")
        .withArgs(project, 0, part, 0n, amount);
    }
    await releasePart(1n, "least");
    await releasePart(2n, "one more");
    await releasePart(amount - 1n, "most");
    await release();
    expect(await received()).to.equal(amount);
  });

  it("iTR-002: what attestors signed is the part: another one, the whole, or too few signatures are refused", async () => {
    const { vault } = stage;
    const [claim, , seats, signatures] = await stage.partProof(terms, claimed("part"), 3n * unit);
    await expect(vault.releasePart(claim, 4n * unit, seats, signatures)).to.be.revertedWithCustomError(
      vault,
      "AttestorSetsInvalidSignature",
    );
    await expect(vault.release(claim, seats, signatures)).to.be.revertedWithCustomError(
      vault,
      "AttestorSetsInvalidSignature",
    );
    await expect(vault.releasePart(...(await stage.partProof(terms, claimed("part"), 3n * unit, [1]))))
      .to.be.revertedWithCustomError(vault, "AttestorSetsQuorumNotReached")
      .withArgs(1, 2);
    const [whole, bits, signed] = await stage.proof(terms, claimed("whole"));
    await expect(vault.releasePart(whole, 3n * unit, bits, signed)).to.be.revertedWithCustomError(
      vault,
      "AttestorSetsInvalidSignature",
    );
  });

  it("given a deadline that passed, or a lease that ran out, no part is proved, as no whole is", async () => {
    const { vault, oracle, networkHelpers } = stage;
    const proof = await stage.partProof(terms, claimed("part"), unit);
    await oracle.accept(9, stage.start);
    await expect(vault.releasePart(...proof)).to.be.revertedWithCustomError(vault, "BudgetVaultLeaseLapsed");
    await oracle.accept(0, stage.start);
    const { deadline } = stage.milestone();
    await networkHelpers.time.setNextBlockTimestamp(deadline);
    await expect(vault.releasePart(...proof))
      .to.be.revertedWithCustomError(vault, "BudgetVaultDeadlinePassed")
      .withArgs(deadline, deadline);
    await expect(
      vault.releasePart({ ...claimed("none"), project: id("none") }, 1n, 3n, []),
    ).to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus");
  });

  it("what comes back is what was not paid: by deadline, by lease, and by agreement", async () => {
    const { vault, networkHelpers, outsider } = stage;
    const others = await Promise.all(
      ["lapses", "cancelled"].map(async (salt) => {
        const plan = stage.plan({ salt: id(salt) });
        return [plan, await stage.openActive(plan)] as [PlanTerms, string];
      }),
    );
    const [lapses, cancelled] = others;
    if (lapses === undefined || cancelled === undefined) throw new Error("two projects");
    for (const each of [lapses, cancelled]) await releasePart(4n * unit, "part", each);
    await releasePart(4n * unit);

    let before = await pooled();
    const agreed = cancellationOf(stage, cancelled[0], cancelled[1], 26n * unit);
    await vault.connect(outsider).cancelProject(...(await signedCancellation(stage, agreed)));
    expect(await pooled()).to.equal(before + 26n * unit);
    expect(await milestoneAt(0, cancelled[1])).to.deep.equal([milestoneStatus.reclaimed, 4n * unit]);

    await networkHelpers.time.setNextBlockTimestamp(stage.milestone().deadline);
    before = await pooled();
    await expect(vault.reclaimMilestone(project, 0)).to.emit(vault, "MilestoneReclaimed");
    expect(await pooled()).to.equal(before + 6n * unit);
    expect(await milestoneAt()).to.deep.equal([milestoneStatus.reclaimed, 4n * unit]);

    before = await pooled();
    await reclaimed(lapses[1]);
    expect(await pooled()).to.equal(before + 26n * unit);
  });

  describe("given a payment that would have to wait", () => {
    it("of a milestone with a challenge window no part is proved, and the whole is as ever", async () => {
      const { vault } = stage;
      const held = await openHeld();
      await expect(releasePart(4n * unit, "April", held))
        .to.be.revertedWithCustomError(vault, "BudgetVaultPartWouldWait")
        .withArgs(held[1], 0);
      await release("all", held);
      expect(await milestoneAt(0, held[1])).to.deep.equal([milestoneStatus.proved, 0n]);
    });

    it("a part that stays within the limit is paid, and one beyond it changes nothing and trips nothing", async () => {
      const { vault, asset, anchor } = stage;
      await vault.setLimits({
        outflowShare: 4n * 10n ** 15n,
        reclaimShare: 0,
        reclaimWindow: 0,
        tripSeconds: day,
        enclaveShare: 0,
      });
      expect(await vault.credited(asset)).to.equal(1000n * unit); // a limit of 4 units
      await releasePart(4n * unit, "April");
      await stage.networkHelpers.time.increase(2 * day);
      // 9 so far are 5 now, and the limit 3.984
      const may = await stage.partProof(terms, claimed("May"), 9n * unit);
      const digest = TypedDataEncoder.hash(stage.domain, proofTypes, proofMessage(terms, may[0], 9n * unit));
      await expect(vault.releasePart(...may))
        .to.be.revertedWithCustomError(vault, "BudgetVaultCoSignatureRequired")
        .withArgs(project, 0, digest);
      expect((await vault.assetSafety(asset)).state).to.equal(breakerState.closed);
      await vault.connect(anchor).coSign(project, 0, digest, stage.start + 90 * day, anchor, "0x");
      await vault.releasePart(...may);
      expect(await received()).to.equal(9n * unit);
    });

    it("iTR-017: while the asset is tripped a part needs its own co-signature, and is never in the way of the whole", async () => {
      const { vault, asset, anchor } = stage;
      const part = await stage.partProof(terms, claimed("April"), 4n * unit);
      const digest = TypedDataEncoder.hash(stage.domain, proofTypes, proofMessage(terms, part[0], 4n * unit));
      await vault.setLimits({ outflowShare: 0, reclaimShare: 0, reclaimWindow: 0, tripSeconds: day, enclaveShare: 0 });
      await vault.tripAsset(asset, id("why"), anchor);
      await expect(vault.releasePart(...part)).to.be.revertedWithCustomError(vault, "BudgetVaultCoSignatureRequired");
      expect(await milestoneAt()).to.deep.equal([milestoneStatus.pending, 0n]);
      await vault.connect(anchor).coSign(project, 0, digest, stage.start + 90 * day, anchor, "0x");
      await vault.releasePart(...part);
      expect(await milestoneAt()).to.deep.equal([milestoneStatus.pending, 4n * unit]);
      await release();
      expect(await milestoneAt()).to.deep.equal([milestoneStatus.proved, 4n * unit]);
      await stage.networkHelpers.time.increase(2 * day);
      await vault.pay(project, 0);
      expect(await received()).to.equal(amount);
    });
  });

  it("after an amendment gave it a challenge window, overturn, payment and reclaim know what was paid in parts", async () => {
    const { vault, anchor } = stage;
    await releasePart(4n * unit);
    const windowed = stage.milestone({ challengeWindow: day });
    const next = nextVersion(terms, project, { milestones: [windowed, ...terms.milestones.slice(1)] });
    await vault.amendProject(...(await signedAmendment(stage, next)));
    await release("doubtful", [next, project]);
    await reclaimed(project);
    const before = await pooled();
    await vault.connect(anchor).overturn(project, 0, id("not delivered"));
    expect([await received(), await pooled()]).to.deep.equal([4n * unit, before + 6n * unit]);
    expect(await milestoneAt()).to.deep.equal([milestoneStatus.reclaimed, 4n * unit]);
  });

  describe("given an amendment", () => {
    async function amend(changes: Partial<PlanTerms>): Promise<PlanTerms> {
      const next = nextVersion(terms, project, changes);
      await stage.vault.amendProject(...(await signedAmendment(stage, next)));
      return next;
    }
    const withFirst = (first: bigint) => ({
      milestones: [stage.milestone({ amount: first }), ...terms.milestones.slice(1)],
    });

    it("a milestone keeps more than was paid of it, to the base unit", async () => {
      const { vault } = stage;
      await releasePart(4n * unit);
      await expect(amend(withFirst(4n * unit)))
        .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
        .withArgs(planProblem.partPaid);
      const before = await pooled();
      const next = await amend(withFirst(4n * unit + 1n));
      expect(await pooled()).to.equal(before + 6n * unit - 1n);
      expect((await vault.getProject(project)).committed).to.equal(20n * unit + 1n);
      await release("the rest", [next, project]);
      expect(await received()).to.equal(4n * unit + 1n);
    });

    it("a part that was signed for the version before no longer counts, and what was paid stays paid", async () => {
      const { vault } = stage;
      await releasePart(4n * unit);
      const old = await stage.partProof(terms, claimed("old"), 6n * unit);
      const next = await amend(withFirst(12n * unit));
      await expect(vault.releasePart(...old)).to.be.revertedWithCustomError(vault, "AttestorSetsInvalidSignature");
      await releasePart(6n * unit, "new", [next, project]);
      expect(await received()).to.equal(6n * unit);
      await release("all", [next, project]);
      expect(await received()).to.equal(12n * unit);
    });
  });

  it("given a payee that takes no coin, each part waits as its claim, and the whole is its claims", async () => {
    const { vault, ethers } = stage;
    const refusing = await ethers.deployContract("RefusingPayee");
    const payee = await refusing.getAddress();
    const plan = stage.plan({ asset: coin, payee, salt: id("coin") });
    const opened = await stage.open(plan);
    const accept = vault.interface.encodeFunctionData("acceptProject", [opened, 0n, "0x"]);
    await refusing.act(vault, accept);
    await vault.connect(stage.anchor).acceptProject(opened, 1n, "0x");
    await vault.commitProject(opened);
    await releasePart(4n * unit, "part", [plan, opened]);
    expect(await vault.claimable(payee, coin)).to.equal(4n * unit);
    await release("all", [plan, opened]);
    expect(await vault.claimable(payee, coin)).to.equal(amount);
    await expectConserved(stage, coin, [payee]);
    await refusing.act(vault, vault.interface.encodeFunctionData("claim", [coin, stage.outsider.address]));
    expect(await vault.claimable(payee, coin)).to.equal(0n);
  });
});
