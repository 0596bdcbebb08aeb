import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import { anyWord, plainStruct } from "../../support/matchers.ts";
import { day, deployVault, renewalWindowSeconds, unit, type VaultStage } from "../../support/treasury-stage.ts";
import {
  coin,
  inSeatOrder,
  milestoneStatus,
  planProblem,
  projectStatus,
  type PlanTerms,
} from "../../support/treasury.ts";

describe("Plans: openProject", () => {
  let stage: VaultStage;

  beforeEach(async () => {
    stage = await deployVault();
  });

  afterEach(async () => stage.completeJournal());

  async function expectProblem(problem: bigint, changes: Partial<PlanTerms>): Promise<void> {
    await expect(stage.vault.openProject(stage.plan(changes)))
      .to.be.revertedWithCustomError(stage.vault, "BudgetVaultInvalidPlan")
      .withArgs(problem);
  }

  it("a proposal keeps the terms, commits nothing and moves nothing", async () => {
    const { vault, pool, asset, payee, anchor, office, oracle, start } = stage;
    const terms = stage.plan();
    const expected = await vault.planId(terms);
    const sent = vault.openProject(terms);
    await expect(sent).to.emit(vault, "ProjectOpened");
    const [opened] = await vault.queryFilter(vault.filters.ProjectOpened, -1);
    if (opened === undefined) throw new Error("no event");
    expect(opened.args.project).to.equal(expected);
    expect(plainStruct(opened.args.plan)).to.deep.equal(numbersAsBigint(terms));
    const project = await vault.getProject(expected);
    expect(plainStruct(project)).to.deep.equal({
      status: projectStatus.proposed,
      planVersion: 1n,
      asset,
      payee: payee.address,
      anchor: anchor.address,
      opener: office.address,
      oracle: oracle.target,
      scoreDefinition: terms.scoreDefinition,
      pool,
      reclaimTo: pool,
      committed: 0n,
      paidThrough: 0n,
      lastProvedReport: 0n,
      score: 0n,
      missing: 0n,
      isRising: false,
      maxMissing: 2n,
      leaseReports: 2n,
      initialReports: 2n,
      renewalWindow: BigInt(renewalWindowSeconds),
      acceptBy: BigInt(start + 30 * day),
      payeeAccepted: false,
      anchorAccepted: false,
      milestones: 3n,
      unsettled: 0n,
    });
    const milestone = await vault.getMilestone(expected, 2);
    expect(plainStruct(milestone)).to.deep.equal({
      status: milestoneStatus.pending,
      amount: 10n * unit,
      deadline: BigInt(start + 100 * day),
      challengeWindow: 0n,
      attestorSet: stage.attestorSet,
      attestorSetVersion: 1n,
      coSignature: false,
      payableFrom: 0n,
      paid: 0n,
    });
    expect((await vault.getMilestone(expected, 3)).status).to.equal(milestoneStatus.none);
    expect(await vault.poolBalance(pool, asset)).to.equal(1000n * unit);
    expect(await vault.isLeaseRunning(expected)).to.equal(false);
  });

  it("given the same plan twice, it refuses; another salt is another project", async () => {
    const { vault } = stage;
    const project = await stage.open(stage.plan());
    await expect(vault.openProject(stage.plan()))
      .to.be.revertedWithCustomError(vault, "BudgetVaultProjectExists")
      .withArgs(project);
    expect(await stage.open(stage.plan({ salt: id("other") }))).not.to.equal(project);
  });

  it("given a pool without a steward, the authority decides who opens", async () => {
    const { vault, outsider } = stage;
    await expect(vault.connect(outsider).openProject(stage.plan({ opener: outsider.address })))
      .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
      .withArgs(outsider);
  });

  it("given a pool with a steward, nobody else opens, the office included", async () => {
    const { vault, office, steward } = stage;
    const pool = await stage.openPool("branch", steward);
    await expect(vault.openProject(stage.plan({ pool })))
      .to.be.revertedWithCustomError(vault, "BudgetVaultNotSteward")
      .withArgs(pool, office, steward);
    await vault.connect(steward).openProject(stage.plan({ pool, opener: steward.address }));
  });

  it("given an unknown pool, reclaim account, asset or a lapsed anchor, it refuses", async () => {
    const { vault, authority, anchor, networkHelpers } = stage;
    for (const changes of [{ pool: id("none") }, { reclaimTo: id("none") }]) {
      await expect(vault.openProject(stage.plan(changes)))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnknownPool")
        .withArgs(id("none"));
    }
    await expect(vault.openProject(stage.plan({ asset: stage.outsider.address })))
      .to.be.revertedWithCustomError(vault, "BudgetVaultAssetNotAllowed")
      .withArgs(stage.outsider);
    const now = await networkHelpers.time.latest();
    await authority.setAnchorLiveUntil(anchor, now);
    await expect(vault.openProject(stage.plan()))
      .to.be.revertedWithCustomError(vault, "BudgetVaultAnchorNotLive")
      .withArgs(anchor, now);
  });

  describe("given one wrong term, it names the problem", () => {
    it("version and amended project", async () => {
      for (const version of [0, 2]) await expectProblem(planProblem.version, { version });
      await expectProblem(planProblem.version, { project: id("amended") });
    });

    it("an opener other than the caller", async () => {
      await expectProblem(planProblem.opener, { opener: stage.outsider.address });
    });

    it("a payee that is nobody, the vault, the token or the anchor", async () => {
      const { vault, asset, anchor } = stage;
      for (const payee of [ZeroAddress, await vault.getAddress(), asset, anchor.address]) {
        await expectProblem(planProblem.parties, { payee });
      }
    });

    it("no score definition", async () => {
      await expectProblem(planProblem.scoreDefinition, { scoreDefinition: ZeroHash });
    });

    it("0 or 33 milestones; 1 and 32 are accepted", async () => {
      await expectProblem(planProblem.milestones, { milestones: [] });
      await expectProblem(planProblem.milestones, { milestones: Array.from({ length: 33 }, () => stage.milestone()) });
      for (const length of [1, 32]) {
        await stage.open(stage.plan({ milestones: Array.from({ length }, () => stage.milestone()) }));
      }
    });

    it("an amount of 0; a total above 112 bits, of which the largest is accepted", async () => {
      const largest = 2n ** 112n - 1n;
      const of = (...amounts: bigint[]) => ({ milestones: amounts.map((amount) => stage.milestone({ amount })) });
      await expectProblem(planProblem.amounts, of(1n, 0n));
      await expectProblem(planProblem.amounts, of(largest, 1n));
      await stage.open(stage.plan(of(largest - 1n, 1n)));
    });

    it("reports of a lease and initial ones outside 1 to 52, more than 8 missing, no renewal window", async () => {
      for (const leaseReports of [0, 53]) await expectProblem(planProblem.lease, { leaseReports });
      for (const initialReports of [0, 53]) await expectProblem(planProblem.lease, { initialReports });
      await expectProblem(planProblem.lease, { maxMissing: 9 });
      await expectProblem(planProblem.lease, { renewalWindow: 0 });
      await stage.open(stage.plan({ leaseReports: 52, initialReports: 52, maxMissing: 8 }));
      await stage.open(stage.plan({ leaseReports: 1, initialReports: 1, maxMissing: 0 }));
    });

    it("aTR-004: report deadline and renewal window longer than an epoch, by one second", async () => {
      await expectProblem(planProblem.lease, { renewalWindow: renewalWindowSeconds + 1 });
      await stage.oracle.setEpoch(600, 301);
      await expectProblem(planProblem.lease, {});
    });

    it("an oracle without code", async () => {
      await expectProblem(planProblem.lease, { oracle: stage.outsider.address });
    });

    it("a challenge window of more than 30 days", async () => {
      const over = stage.milestone({ challengeWindow: 30 * day + 1 });
      await expectProblem(planProblem.deadlines, { milestones: [over] });
      await stage.open(stage.plan({ milestones: [stage.milestone({ challengeWindow: 30 * day })] }));
    });

    it("an attestor set that is unknown, in this version, or can no longer reach k", async () => {
      const { vault, setOwner, attestorSet } = stage;
      await expectProblem(planProblem.attestorSet, { milestones: [stage.milestone({ attestorSet: id("none") })] });
      await expectProblem(planProblem.attestorSet, { milestones: [stage.milestone({ attestorSetVersion: 2 })] });
      await vault.connect(setOwner).revokeAttestor(attestorSet, 1, 0);
      await stage.open(stage.plan());
      await vault.connect(setOwner).revokeAttestor(attestorSet, 1, 1);
      await expectProblem(planProblem.attestorSet, { salt: id("short") });
    });

    it("iTR-008: an attestor who is the payee or the opener", async () => {
      for (const [index, member] of [stage.payee, stage.office].entries()) {
        const members = inSeatOrder([member.address, stage.outsider.address], (each) => each);
        const attestorSet = await stage.createAttestorSet(members, 1, id(`with member ${index}`));
        await expectProblem(planProblem.attestors, { milestones: [stage.milestone({ attestorSet })] });
      }
    });
  });

  describe("deadlines", () => {
    it("acceptBy and a milestone's deadline must lie after now, by one second", async () => {
      const { vault, networkHelpers } = stage;
      const at = (await networkHelpers.time.latest()) + 100;
      const cases: [Partial<PlanTerms>, bigint][] = [
        [{ acceptBy: at }, planProblem.acceptBy],
        [{ milestones: [stage.milestone({ deadline: at })] }, planProblem.deadlines],
      ];
      for (const [changes, problem] of cases) {
        await networkHelpers.time.setNextBlockTimestamp(at + 2 * Number(problem));
        const late = { ...changes, ...shifted(changes, 2 * Number(problem)) };
        await expect(vault.openProject(stage.plan(late)))
          .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
          .withArgs(problem);
      }
      const then = (await networkHelpers.time.latest()) + 100;
      await networkHelpers.time.setNextBlockTimestamp(then);
      await vault.openProject(
        stage.plan({ acceptBy: then + 1, milestones: [stage.milestone({ deadline: then + 1 })] }),
      );
    });
  });

  it("the chain's own coin may be the asset", async () => {
    expect(await stage.open(stage.plan({ asset: coin }))).to.satisfy(anyWord);
  });
});

/** The same changes, as many seconds later. */
function shifted(changes: Partial<PlanTerms>, seconds: number): Partial<PlanTerms> {
  if (changes.acceptBy !== undefined) return { acceptBy: changes.acceptBy + seconds };
  return { milestones: (changes.milestones ?? []).map((each) => ({ ...each, deadline: each.deadline + seconds })) };
}

/** A plan as ethers reads it back: every number a bigint. */
function numbersAsBigint(terms: PlanTerms): unknown {
  return JSON.parse(
    JSON.stringify(terms, (_, value: unknown) =>
      typeof value === "bigint" || typeof value === "number" ? `n${value}` : value,
    ),
    (_, value: unknown) => (typeof value === "string" && /^n\d+$/.test(value) ? BigInt(value.slice(1)) : value),
  ) as unknown;
}
