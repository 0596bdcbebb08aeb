/** What an amendment may not change, who may not make it, and when it is too late. */
import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import {
  amendmentDigest,
  amendmentOf,
  amendmentTypes,
  nextVersion,
  signedAmendment,
} from "../../support/agreements.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, renewalWindowSeconds, unit, type VaultStage } from "../../support/treasury-stage.ts";
import {
  coin,
  inSeatOrder,
  planProblem,
  projectStatus,
  wallets,
  type MilestoneTerms,
  type PlanTerms,
} from "../../support/treasury.ts";

describe("Agreements: amendments that are refused", () => {
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

  const release = async (index: number, by = terms, of = project) =>
    stage.vault.release(...(await stage.proof(by, stage.claim(of, index))));
  const amend = async (plan: PlanTerms, caller = stage.office) =>
    stage.vault.connect(caller).amendProject(...(await signedAmendment(stage, plan)));
  const dearer = () => nextVersion(terms, project, { milestones: [...terms.milestones, stage.milestone()] });

  async function expectProblem(problem: bigint, changes: Partial<PlanTerms>, by = terms, of = project): Promise<void> {
    await expect(amend(nextVersion(by, of, changes)))
      .to.be.revertedWithCustomError(stage.vault, "BudgetVaultInvalidPlan")
      .withArgs(problem);
  }

  /** The plan's milestones with the one at `index` changed. */
  const withMilestone = (changes: Partial<MilestoneTerms>, index = 0, by = terms) => ({
    milestones: by.milestones.map((each, place) => (place === index ? { ...each, ...changes } : each)),
  });

  describe("iTR-014: what is fixed", () => {
    it("the version is the next one", async () => {
      for (const version of [0, 1, 3, 2 ** 32 - 1]) await expectProblem(planProblem.version, { version });
    });

    it("pool, reclaim account, asset, payee, opener, team and oracle stay", async () => {
      const other = await stage.openPool("other");
      const { outsider } = stage;
      const oracle = await stage.ethers.deployContract("OracleDouble");
      for (const changes of [
        { pool: other },
        { reclaimTo: other },
        { asset: coin },
        { payee: outsider.address },
        { opener: outsider.address },
        { team: id("team") },
        { oracle: await oracle.getAddress() },
      ]) {
        await expectProblem(planProblem.fixed, changes);
      }
    });

    it("no milestone is dropped, and none that is paid, proved or taken back changes", async () => {
      const milestones = [
        stage.milestone(),
        stage.milestone({ challengeWindow: day }),
        stage.milestone({ deadline: stage.start + day }),
        stage.milestone(),
      ];
      const own = stage.plan({ milestones, salt: id("settled") });
      const mixed = await stage.openActive(own);
      await release(0, own, mixed);
      await stage.networkHelpers.time.increaseTo(stage.start + day);
      await release(1, own, mixed);
      await stage.vault.reclaimMilestone(mixed, 2);
      await expectProblem(planProblem.settled, { milestones: milestones.slice(0, 3) }, own, mixed);
      const attestorSet = await stage.createAttestorSet([wallets(1, 70)[0]?.address ?? ""], 1, id("other"));
      for (const index of [0, 1, 2]) {
        for (const changes of [
          { amount: 11n * unit },
          { amount: 9n * unit },
          { deadline: stage.start + 90 * day },
          { challengeWindow: 7 },
          { specification: id("another") },
          { attestorSet },
          { attestorSetVersion: 2 },
          { coSignature: true },
        ]) {
          await expectProblem(planProblem.settled, withMilestone(changes, index, own), own, mixed);
        }
      }
      await amend(nextVersion(own, mixed, withMilestone({ specification: id("another") }, 3, own)));
    });
  });

  describe("the rules of an opening hold for what is pending", () => {
    it("parties, acceptance, definition, lease, milestones, amounts, deadlines, co-signatures", async () => {
      const { payee, start } = stage;
      await expectProblem(planProblem.acceptBy, { acceptBy: start });
      await expectProblem(planProblem.scoreDefinition, { scoreDefinition: ZeroHash });
      for (const changes of [{ leaseReports: 0 }, { initialReports: 53 }, { maxMissing: 9 }]) {
        await expectProblem(planProblem.lease, changes);
      }
      await expectProblem(planProblem.lease, { renewalWindow: renewalWindowSeconds + 1 });
      const many = Array.from({ length: 30 }, () => stage.milestone({ amount: 1n }));
      await expectProblem(planProblem.milestones, { milestones: [...terms.milestones, ...many] });
      await expectProblem(planProblem.amounts, withMilestone({ amount: 0n }));
      await expectProblem(planProblem.amounts, withMilestone({ amount: 2n ** 128n - 20n * unit }));
      await expectProblem(planProblem.deadlines, withMilestone({ deadline: start }));
      await expectProblem(planProblem.deadlines, withMilestone({ challengeWindow: 30 * day + 1 }));
      await expectProblem(planProblem.coSignature, withMilestone({ coSignature: true }));
      await stage.authority.setAnchorLiveUntil(payee, stage.start + 500 * day);
      await expectProblem(planProblem.parties, { anchor: payee.address });
    });

    it("given a pending milestone whose deadline has passed, an amendment has to give it another one", async () => {
      const milestones = [stage.milestone({ deadline: stage.start + day }), stage.milestone()];
      const own = stage.plan({ milestones, salt: id("dated") });
      const dated = await stage.openActive(own);
      await stage.networkHelpers.time.increaseTo(stage.start + day);
      await expectProblem(planProblem.deadlines, { maxMissing: 4 }, own, dated);
      await amend(nextVersion(own, dated, withMilestone({ deadline: stage.start + 3 * day }, 0, own)));
    });

    it("iTR-008: sets that prove by themselves, and neither payee nor opener among their members", async () => {
      const { vault, payee, office, outsider, setOwner } = stage;
      await expectProblem(planProblem.attestorSet, withMilestone({ attestorSet: id("none") }));
      for (const [index, member] of [payee, office].entries()) {
        const members = inSeatOrder([member.address, outsider.address], (each) => each);
        const attestorSet = await stage.createAttestorSet(members, 1, id(`with member ${index}`));
        await expectProblem(planProblem.attestors, withMilestone({ attestorSet }, 2));
      }
      const [first, second] = inSeatOrder(wallets(2, 70), (each) => each.address);
      const short = await stage.createAttestorSet([first?.address ?? "", second?.address ?? ""], 2, id("short"));
      await vault.connect(setOwner).revokeAttestor(short, 1, 0);
      await expectProblem(planProblem.attestorSet, withMilestone({ attestorSet: short }));
    });

    it("a version of a set counts when it counts", async () => {
      const { vault, setOwner, attestorSet, networkHelpers } = stage;
      const members = [wallets(1, 70)[0]?.address ?? ""];
      await vault.connect(setOwner).addAttestorSetVersionWithSuccessor(attestorSet, members, 1, ZeroHash, 0);
      const next = nextVersion(terms, project, withMilestone({ attestorSetVersion: 2 }));
      await expect(amend(next)).to.be.revertedWithCustomError(vault, "AttestorSetsNotActive");
      await networkHelpers.time.increase(2 * day);
      await amend(next);
    });
  });

  describe("nobody is bound to what was not agreed", () => {
    it("given a missing or foreign signature, it names the party", async () => {
      const { vault, authority, payee, anchor, outsider } = stage;
      await authority.setAnchorLiveUntil(outsider, stage.start + 500 * day);
      const next = nextVersion(terms, project, { anchor: outsider.address });
      const digest = amendmentDigest(stage, amendmentOf(stage, next));
      const [, byPayee, byAnchor, byNewAnchor] = await signedAmendment(stage, next, [payee, anchor, outsider]);
      for (const [signatures, signer] of [
        [["0x", byAnchor, byNewAnchor], payee],
        [[byAnchor, byAnchor, byNewAnchor], payee],
        [[byPayee, "0x", byNewAnchor], anchor],
        [[byPayee, byNewAnchor, byNewAnchor], anchor],
        [[byPayee, byAnchor, "0x"], outsider],
        [[byPayee, byAnchor, byAnchor], outsider],
      ] as const) {
        await expect(vault.amendProject(next, ...signatures))
          .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidSignature")
          .withArgs(signer, digest);
      }
      await vault.amendProject(next, byPayee, byAnchor, byNewAnchor);
    });

    it("given signatures over another plan, project, version, total, vault or chain, it refuses", async () => {
      const { vault, payee, anchor, domain, asset } = stage;
      const next = nextVersion(terms, project, { maxMissing: 5 });
      const message = amendmentOf(stage, next);
      const byAnchor = await anchor.signTypedData(domain, amendmentTypes, message);
      const others: [typeof domain, object][] = [
        [domain, amendmentOf(stage, { ...next, salt: id("another salt") })],
        [domain, { ...message, project: id("another") }],
        [domain, { ...message, planVersion: 3 }],
        [domain, { ...message, payee: stage.outsider.address }],
        [domain, { ...message, anchor: stage.outsider.address }],
        [domain, { ...message, asset: coin }],
        [domain, { ...message, total: message.total + 1n }],
        [{ ...domain, verifyingContract: asset }, message],
        [{ ...domain, chainId: domain.chainId + 1n }, message],
      ];
      for (const [place, other] of others) {
        const byPayee = await payee.signTypedData(place, amendmentTypes, other);
        await expect(vault.amendProject(next, byPayee, byAnchor, "0x"))
          .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidSignature")
          .withArgs(payee, amendmentDigest(stage, message));
      }
    });

    it("PITFALLS: an agreement counts once, and dies with every other amendment", async () => {
      const { vault } = stage;
      const first = await signedAmendment(stage, nextVersion(terms, project, { maxMissing: 5 }));
      const second = await signedAmendment(stage, nextVersion(terms, project, { maxMissing: 6 }));
      await vault.amendProject(...first);
      for (const late of [first, second]) {
        await expect(vault.amendProject(...late))
          .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
          .withArgs(planProblem.version);
      }
    });

    it("an agreement counts before the plan's acceptBy, to its last second", async () => {
      const { vault, networkHelpers } = stage;
      const acceptBy = stage.start + day;
      const signed = await signedAmendment(stage, nextVersion(terms, project, { acceptBy }));
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(acceptBy);
      await expect(vault.amendProject(...signed))
        .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
        .withArgs(planProblem.acceptBy);
      await snapshot.restore();
      await networkHelpers.time.setNextBlockTimestamp(acceptBy - 1);
      await vault.amendProject(...signed);
    });

    it("iTR-009: both anchors are live", async () => {
      const { vault, authority, payee, anchor, outsider } = stage;
      const next = nextVersion(terms, project, { anchor: outsider.address });
      const signed = await signedAmendment(stage, next, [payee, anchor, outsider]);
      await expect(vault.amendProject(...signed))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAnchorNotLive")
        .withArgs(outsider, 0);
      await authority.setAnchorLiveUntil(outsider, stage.start + 500 * day);
      await authority.setAnchorLiveUntil(anchor, 7);
      await expect(vault.amendProject(...signed))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAnchorNotLive")
        .withArgs(anchor, 7);
    });
  });

  describe("more money needs who may commit it", () => {
    it("given a pool of the office, anyone else is refused, both parties included", async () => {
      const { vault, payee, anchor, outsider } = stage;
      for (const caller of [payee, anchor, outsider]) {
        await expect(amend(dearer(), caller))
          .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
      await amend(dearer());
    });

    it("given a pool with a steward, the steward alone", async () => {
      const { vault, steward, office, asset, payee, anchor } = stage;
      const pool = await stage.openPool("steward's", steward);
      await vault.movePool(stage.pool, pool, asset, 100n * unit);
      terms = stage.plan({ pool, opener: steward.address });
      await vault.connect(steward).openProject(terms);
      project = await vault.planId(terms);
      stage.opened.projects.add(project);
      await vault.connect(payee).acceptProject(project, 0, "0x");
      await vault.connect(anchor).acceptProject(project, 1, "0x");
      await vault.connect(steward).commitProject(project);
      await expect(amend(dearer()))
        .to.be.revertedWithCustomError(vault, "BudgetVaultNotSteward")
        .withArgs(pool, office, steward);
      await amend(dearer(), steward);
      expect(await vault.poolBalance(pool, asset)).to.equal(60n * unit);
    });

    it("given a pool that holds one unit less than it costs, it refuses; with that unit it does not", async () => {
      const { vault, pool, asset } = stage;
      const held = await vault.poolBalance(pool, asset);
      const costs = (amount: bigint) =>
        nextVersion(terms, project, { milestones: [...terms.milestones, stage.milestone({ amount })] });
      await expect(amend(costs(held + 1n)))
        .to.be.revertedWithCustomError(vault, "BudgetVaultPoolShort")
        .withArgs(pool, asset, held, held + 1n);
      await amend(costs(held));
      expect(await vault.poolBalance(pool, asset)).to.equal(0n);
    });

    it("given an asset that is no longer allowed, it cannot cost more; it can cost less", async () => {
      const { vault, asset } = stage;
      await vault.allowAsset(asset, false);
      await expect(amend(dearer())).to.be.revertedWithCustomError(vault, "BudgetVaultAssetNotAllowed").withArgs(asset);
      await amend(nextVersion(terms, project, withMilestone({ amount: unit })));
    });
  });

  describe("only an active project whose lease runs", () => {
    it("not one that there is not, was never funded, was reclaimed, cancelled or closed", async () => {
      const { vault } = stage;
      const unexpected = async (of: string, status: bigint, by = terms) =>
        expect(amend(nextVersion(by, of)))
          .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
          .withArgs(of, status, projectStatus.active);
      await unexpected(id("none"), projectStatus.none);
      await unexpected(ZeroHash, projectStatus.none);
      const accepted = stage.plan({ salt: id("accepted") });
      await unexpected(await stage.openAccepted(accepted), projectStatus.proposed, accepted);
      const closing = stage.plan({ milestones: [stage.milestone()], salt: id("closing") });
      const closed = await stage.openActive(closing);
      await release(0, closing, closed);
      await unexpected(closed, projectStatus.closed, closing);
      await stage.oracle.accept(9, stage.start);
      await vault.reclaim(project);
      await unexpected(project, projectStatus.reclaimed);
    });

    it("not one whose lease ran out, by the second; a longer window does not bring it back", async () => {
      const { vault, oracle, networkHelpers } = stage;
      terms = stage.plan({ renewalWindow: 100, salt: id("window") });
      project = await stage.openActive(terms);
      const acceptedAt = await networkHelpers.time.latest();
      await oracle.accept(2, acceptedAt);
      const longer = await signedAmendment(stage, nextVersion(terms, project, { renewalWindow: renewalWindowSeconds }));
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(acceptedAt + 100);
      await expect(vault.amendProject(...longer))
        .to.be.revertedWithCustomError(vault, "BudgetVaultLeaseLapsed")
        .withArgs(project, 2, 2, acceptedAt + 100);
      await snapshot.restore();
      await networkHelpers.time.setNextBlockTimestamp(acceptedAt + 99);
      await vault.amendProject(...longer);
    });

    it("nor one whose lease a shorter window would end at once", async () => {
      const { vault, oracle, networkHelpers } = stage;
      const acceptedAt = await networkHelpers.time.latest();
      await oracle.accept(2, acceptedAt);
      const shorter = await signedAmendment(stage, nextVersion(terms, project, { renewalWindow: 100 }));
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(acceptedAt + 100);
      await expect(vault.amendProject(...shorter))
        .to.be.revertedWithCustomError(vault, "BudgetVaultLeaseLapsed")
        .withArgs(project, 2, 2, acceptedAt + 100);
      await snapshot.restore();
      await networkHelpers.time.setNextBlockTimestamp(acceptedAt + 99);
      await vault.amendProject(...shorter);
    });
  });

  it("a plan of a later version opens no project of its own", async () => {
    const { vault } = stage;
    await expect(vault.openProject(nextVersion(terms, project)))
      .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
      .withArgs(planProblem.version);
  });
});
