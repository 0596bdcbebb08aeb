import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { amendmentDigest, amendmentOf, nextVersion, signedAmendment } from "../../support/agreements.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import { plainStruct } from "../../support/matchers.ts";
import { day, deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import {
  coin,
  leafOf,
  milestoneStatus,
  projectStatus,
  reportHeader,
  wallets,
  type PlanTerms,
} from "../../support/treasury.ts";

const amount = 10n * unit;

describe("Agreements: amendProject", () => {
  let stage: VaultStage;
  let terms: PlanTerms;
  let project: string;
  let reclaimTo: string;

  beforeEach(async () => {
    stage = await deployVault();
    reclaimTo = await stage.openPool("reclaim");
    terms = stage.plan({ reclaimTo });
    project = await stage.openActive(terms);
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
    await expectConserved(stage, coin);
  });

  const poolOf = async (pool: string) => stage.vault.poolBalance(pool, stage.asset);
  const committed = async (of = project) => (await stage.vault.getProject(of)).committed;
  const release = async (index: number, by: PlanTerms) =>
    stage.vault.release(...(await stage.proof(by, stage.claim(project, index))));

  /** Puts the plan with `changes` in the place of the one that runs, by a relayer without any authority. */
  async function amend(changes: Partial<PlanTerms>, by = terms): Promise<PlanTerms> {
    const next = nextVersion(by, project, changes);
    await stage.vault.connect(stage.outsider).amendProject(...(await signedAmendment(stage, next)));
    return next;
  }

  describe("money", () => {
    it("iTR-014: what more the milestones cost comes from the plan's pool", async () => {
      const { vault, anchor, asset, pool } = stage;
      const next = nextVersion(terms, project, {
        milestones: [...terms.milestones.slice(0, 2), stage.milestone({ amount: 15n * unit }), stage.milestone()],
      });
      const [before, credited] = [await poolOf(pool), await vault.credited(asset)];
      await expect(vault.amendProject(...(await signedAmendment(stage, next))))
        .to.emit(vault, "ProjectAmended")
        .withArgs(
          project,
          2,
          amendedPlan(next),
          15n * unit,
          0,
          amendmentDigest(stage, amendmentOf(stage, next)),
          anchor,
        );
      expect(await poolOf(pool)).to.equal(before - 15n * unit);
      expect(await poolOf(reclaimTo)).to.equal(0n);
      expect(await committed()).to.equal(45n * unit);
      expect(await vault.credited(asset)).to.equal(credited);
      const { status, planVersion, milestones, unsettled } = await vault.getProject(project);
      expect([status, planVersion, milestones, unsettled]).to.deep.equal([projectStatus.active, 2n, 4n, 4n]);
    });

    it("iTR-014: what less they cost goes to the plan's reclaim account, whoever relays", async () => {
      const { vault, anchor, outsider, pool } = stage;
      const cheaper = stage.milestone({ amount: unit });
      const next = nextVersion(terms, project, { milestones: [cheaper, ...terms.milestones.slice(1)] });
      const before = await poolOf(pool);
      await expect(vault.connect(outsider).amendProject(...(await signedAmendment(stage, next))))
        .to.emit(vault, "ProjectAmended")
        .withArgs(
          project,
          2,
          amendedPlan(next),
          0,
          9n * unit,
          amendmentDigest(stage, amendmentOf(stage, next)),
          anchor,
        );
      expect([await poolOf(pool), await poolOf(reclaimTo), await committed()]).to.deep.equal([
        before,
        9n * unit,
        21n * unit,
      ]);
    });

    it("given the same total, no money moves and no authority is asked", async () => {
      const { pool } = stage;
      const before = await poolOf(pool);
      const [first, second, third] = terms.milestones;
      if (first === undefined || second === undefined || third === undefined) throw new Error("three milestones");
      await amend({ milestones: [{ ...first, amount: 4n * unit }, { ...second, amount: 16n * unit }, third] });
      expect([await poolOf(pool), await poolOf(reclaimTo), await committed()]).to.deep.equal([before, 0n, 30n * unit]);
    });

    it("given a project in the chain's own coin, both ways", async () => {
      const { vault } = stage;
      const own = stage.plan({ asset: coin, reclaimTo, salt: id("coin") });
      const inCoin = await stage.openActive(own);
      const more = nextVersion(own, inCoin, { milestones: [...own.milestones, stage.milestone()] });
      await vault.amendProject(...(await signedAmendment(stage, more)));
      const less = nextVersion(more, inCoin, {
        milestones: more.milestones.map((each) => ({ ...each, amount: unit })),
      });
      await vault.amendProject(...(await signedAmendment(stage, less)));
      expect(await vault.poolBalance(stage.pool, coin)).to.equal(960n * unit);
      expect(await vault.poolBalance(reclaimTo, coin)).to.equal(36n * unit);
      expect(await committed(inCoin)).to.equal(4n * unit);
    });
  });

  describe("from then on the new terms hold", () => {
    it("a new deadline and a new set prove what the old ones could not", async () => {
      const { vault, setOwner, attestorSet, networkHelpers } = stage;
      const later = terms.milestones[0]?.deadline ?? 0;
      const others = wallets(1, 70);
      const rescue = await stage.createAttestorSet([others[0]?.address ?? ""], 1, id("rescue"));
      await vault.connect(setOwner).revokeAttestor(attestorSet, 1, 0);
      await vault.connect(setOwner).revokeAttestor(attestorSet, 1, 1);
      const milestones = terms.milestones.map((each) => ({ ...each, attestorSet: rescue, deadline: later + 50 * day }));
      const next = await amend({ milestones, acceptBy: later + 50 * day });
      await networkHelpers.time.increaseTo(later);
      const claim = stage.claim(project, 0);
      await vault.release(...(await stage.proof(next, claim, [0], others)));
      expect((await vault.getMilestone(project, 0)).status).to.equal(milestoneStatus.paid);
    });

    it("an appended milestone is proved and paid like any other, and the last one closes the project", async () => {
      const { vault, token, payee } = stage;
      for (const index of [0, 1]) await release(index, terms);
      const next = await amendByOffice({ milestones: [...terms.milestones, stage.milestone({ amount: 3n * unit })] });
      await release(2, next);
      expect((await vault.getProject(project)).status).to.equal(projectStatus.active);
      await release(3, next);
      expect((await vault.getProject(project)).status).to.equal(projectStatus.closed);
      expect(await token.balanceOf(payee)).to.equal(33n * unit);
    });

    it("a milestone is reclaimed by its new deadline, and all by the lease", async () => {
      const { vault, networkHelpers } = stage;
      const soon = (await networkHelpers.time.latest()) + day;
      const [, ...rest] = terms.milestones;
      await amend({ milestones: [stage.milestone({ deadline: soon }), ...rest] });
      await networkHelpers.time.increaseTo(soon);
      await vault.reclaimMilestone(project, 0);
      await stage.oracle.accept(9, stage.start);
      await vault.reclaim(project);
      expect(await poolOf(reclaimTo)).to.equal(3n * amount);
    });

    it("the lease is renewed by the new definition and for the new number of reports", async () => {
      const { vault, oracle, networkHelpers } = stage;
      await amend({ leaseReports: 5, scoreDefinition: id("another definition"), maxMissing: 0 });
      await oracle.accept(1, await networkHelpers.time.latest());
      await vault.renewLease(project, reportHeader(1), leafOf(project), []);
      expect((await vault.getProject(project)).paidThrough).to.equal(6n);
    });

    it("given a new anchor, it alone watches over the plan", async () => {
      const { vault, authority, outsider, anchor } = stage;
      await authority.setAnchorLiveUntil(outsider, stage.start + 500 * day);
      const milestones = terms.milestones.map((each) => ({ ...each, challengeWindow: day }));
      const next = nextVersion(terms, project, { anchor: outsider.address, milestones });
      await expect(vault.amendProject(...(await signedAmendment(stage, next, [stage.payee, anchor, outsider]))))
        .to.emit(vault, "ProjectAmended")
        .withArgs(project, 2, amendedPlan(next), 0, 0, amendmentDigest(stage, amendmentOf(stage, next)), outsider);
      await release(0, next);
      await expect(vault.connect(anchor).overturn(project, 0, id("why")))
        .to.be.revertedWithCustomError(vault, "BudgetVaultNotAnchorOrOpener")
        .withArgs(project, anchor, outsider, stage.office);
      await vault.connect(outsider).overturn(project, 0, id("why"));
    });

    it("each party may call in the place of its signature", async () => {
      const { vault, payee, anchor, authority, outsider } = stage;
      await authority.setAnchorLiveUntil(outsider, stage.start + 500 * day);
      const next = nextVersion(terms, project, { anchor: outsider.address });
      const [, byPayee, byAnchor, byNewAnchor] = await signedAmendment(stage, next, [payee, anchor, outsider]);
      for (const [caller, signatures] of [
        [payee, ["0x", byAnchor, byNewAnchor]],
        [anchor, [byPayee, "0x", byNewAnchor]],
        [outsider, [byPayee, byAnchor, "0x"]],
      ] as const) {
        const snapshot = await stage.networkHelpers.takeSnapshot();
        await vault.connect(caller).amendProject(next, ...signatures);
        expect((await vault.getProject(project)).anchor).to.equal(outsider.address);
        await snapshot.restore();
      }
    });

    it("versions follow each other; the id stays", async () => {
      const { vault } = stage;
      const second = await amend({ maxMissing: 3 });
      await amend({ maxMissing: 4 }, second);
      const { planVersion, maxMissing } = await vault.getProject(project);
      expect([planVersion, maxMissing]).to.deep.equal([3n, 4n]);
      expect(await vault.planId(terms)).to.equal(project);
    });
  });

  describe("iTR-003: what is settled or proved stays as it was", () => {
    it("given a proof that is held, it stays payable, by the digest that was accepted", async () => {
      const { vault, token, payee, networkHelpers } = stage;
      const milestones = [stage.milestone({ challengeWindow: day }), stage.milestone()];
      const own = stage.plan({ reclaimTo, milestones, salt: id("held") });
      project = await stage.openActive(own);
      const digest = await vault.proofDigest(stage.claim(project));
      await release(0, own);
      const before = plainStruct(await vault.getMilestone(project, 0));
      const next = await amend(
        { milestones: [milestones[0] ?? stage.milestone(), stage.milestone({ amount: unit })] },
        own,
      );
      expect(plainStruct(await vault.getMilestone(project, 0))).to.deep.equal(before);
      await networkHelpers.time.increase(day);
      await expect(vault.pay(project, 0))
        .to.emit(vault, "MilestonePaid")
        .withArgs(project, 0, payee, stage.asset, amount, ZeroHash, 0n, digest, stage.anchor);
      await release(1, next);
      expect(await token.balanceOf(payee)).to.equal(11n * unit);
      expect((await vault.getProject(project)).status).to.equal(projectStatus.closed);
    });

    it("given that its proof is overturned afterwards, it is pending on its own terms, and proved by the new version", async () => {
      const { vault, anchor } = stage;
      const milestones = [stage.milestone({ challengeWindow: day }), stage.milestone()];
      const own = stage.plan({ reclaimTo, milestones, salt: id("held") });
      project = await stage.openActive(own);
      await release(0, own);
      const next = await amend({ maxMissing: 5 }, own);
      await vault.connect(anchor).overturn(project, 0, id("fraud"));
      expect(await committed()).to.equal(2n * amount);
      await release(0, next);
      expect((await vault.getMilestone(project, 0)).status).to.equal(milestoneStatus.proved);
    });

    it("given a proved milestone whose deadline, window and attestors are gone, the others are amended all the same", async () => {
      const { vault, setOwner, attestorSet, networkHelpers } = stage;
      const soon = (await networkHelpers.time.latest()) + day;
      const milestones = [stage.milestone({ challengeWindow: 30 * day, deadline: soon }), stage.milestone()];
      const own = stage.plan({ reclaimTo, milestones, salt: id("gone") });
      project = await stage.openActive(own);
      await release(0, own);
      const rescue = await stage.createAttestorSet([wallets(1, 70)[0]?.address ?? ""], 1, id("rescue"));
      for (const seat of [0, 1]) await vault.connect(setOwner).revokeAttestor(attestorSet, 1, seat);
      await networkHelpers.time.increaseTo(soon);
      const [proved] = milestones;
      if (proved === undefined) throw new Error("a milestone expected");
      await amend({ milestones: [proved, stage.milestone({ attestorSet: rescue })] }, own);
      expect((await vault.getMilestone(project, 0)).status).to.equal(milestoneStatus.proved);
    });

    it("PITFALLS: a proof signed for the version before no longer counts", async () => {
      const { vault, attestors } = stage;
      const old = await stage.proof(terms, stage.claim(project));
      await amend({ maxMissing: 5 });
      await expect(vault.release(...old))
        .to.be.revertedWithCustomError(vault, "AttestorSetsInvalidSignature")
        .withArgs(0, await vault.proofDigest(stage.claim(project)));
      expect(attestors.length).to.equal(3);
    });
  });

  it("32 milestones are the most, those of before included", async () => {
    const more = (count: number) => Array.from({ length: count }, () => stage.milestone({ amount: unit }));
    await amendByOffice({ milestones: [...terms.milestones, ...more(29)] });
    const { milestones, unsettled } = await stage.vault.getProject(project);
    expect([milestones, unsettled]).to.deep.equal([32n, 32n]);
  });

  /** {@link amend} by the office, which may commit what its pool holds. */
  async function amendByOffice(changes: Partial<PlanTerms>): Promise<PlanTerms> {
    const next = nextVersion(terms, project, changes);
    await stage.vault.amendProject(...(await signedAmendment(stage, next)));
    return next;
  }
});

/** Whether an event carries `plan`. */
function amendedPlan(plan: PlanTerms): (found: unknown) => boolean {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === "bigint" || typeof each === "number" ? `${each}` : each,
    );
  return (found) => text(plainStruct(found)) === text(plan);
}
