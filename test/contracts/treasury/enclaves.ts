import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { cancellationOf, nextVersion, signedAmendment, signedCancellation } from "../../support/agreements.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import { leafOf, planProblem, projectStatus, reportHeader, type PlanTerms } from "../../support/treasury.ts";

const [period, begin] = [90 * day, 7 * day];
const share = 2n * 10n ** 17n;

describe("Enclaves", () => {
  let stage: VaultStage;
  let calendar: NonNullable<VaultStage["calendar"]>;
  let genesis: number;

  beforeEach(async () => {
    stage = await deployVault({ calendar: { periodSeconds: period, beginSeconds: begin } });
    if (stage.calendar === undefined) throw new Error("a calendar was asked for");
    calendar = stage.calendar;
    genesis = stage.calendarGenesis;
    await stage.vault.setLimits({
      ...{ outflowShare: 0, reclaimShare: 0, reclaimWindow: 0, tripSeconds: day, enclaveShare: share },
    });
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
  });

  const enclave = (amounts: readonly bigint[], changes: Partial<PlanTerms> = {}): PlanTerms =>
    stage.plan({
      ...{ oracle: calendar.target as string, leaseReports: 1, initialReports: 1, renewalWindow: 14 * day },
      milestones: amounts.map((amount) => stage.milestone({ amount, deadline: stage.start + 900 * day })),
      ...changes,
    });
  const held = async () => stage.vault.enclaveCommitted(stage.pool, stage.asset);
  const at = (index: number, seconds = 0) =>
    stage.networkHelpers.time.setNextBlockTimestamp(genesis + index * period + seconds);

  it("iTR-023: a pool commits its share to enclaves, to the base unit, its enclaves included", async () => {
    const { vault, asset, pool } = stage;
    const first = await stage.openAccepted(enclave([150n * unit]));
    await vault.commitProject(first);
    expect(await held()).to.equal(150n * unit);
    const tooMuch = await stage.openAccepted(enclave([50n * unit + 1n], { salt: id("too much") }));
    await expect(vault.commitProject(tooMuch))
      .to.be.revertedWithCustomError(vault, "BudgetVaultEnclaveShare")
      .withArgs(pool, asset, 200n * unit + 1n, 200n * unit);
    const exact = await stage.openAccepted(enclave([50n * unit], { salt: id("exact") }));
    await vault.commitProject(exact);
    expect(await held()).to.equal(200n * unit);
    // What the heartbeat measures is not held by it.
    await stage.openActive(stage.plan({ salt: id("measured") }));
  });

  it("iTR-023: what is paid, reclaimed, cancelled or amended away makes room again; what a wallet gives takes none", async () => {
    const { vault } = stage;
    const terms = enclave([60n * unit, 60n * unit, 60n * unit]);
    const project = await stage.openActive(terms);
    await vault.release(...(await stage.proof(terms, stage.claim(project, 0))));
    expect(await held()).to.equal(120n * unit);
    await vault.releasePart(...(await stage.partProof(terms, stage.claim(project, 1), 10n * unit)));
    expect(await held()).to.equal(110n * unit);
    const cheaper = nextVersion(terms, project, {
      milestones: [
        ...terms.milestones.slice(0, 2),
        { ...(terms.milestones[2] ?? stage.milestone()), amount: 20n * unit },
      ],
    });
    await vault.amendProject(...(await signedAmendment(stage, cheaper)));
    expect(await held()).to.equal(70n * unit);
    const dearer = nextVersion(cheaper, project, {
      milestones: [...cheaper.milestones, stage.milestone({ amount: 500n * unit })],
    });
    await expect(vault.amendProject(...(await signedAmendment(stage, dearer)))).to.be.revertedWithCustomError(
      vault,
      "BudgetVaultEnclaveShare",
    );
    const given = enclave([300n * unit], { salt: id("given") });
    const gift = await stage.openAccepted(given);
    await vault.fundProject(gift, id("a gift"));
    expect(await held()).to.equal(70n * unit);
    const more = nextVersion(given, gift, { milestones: [...given.milestones, stage.milestone()] });
    await expect(vault.amendProject(...(await signedAmendment(stage, more))))
      .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
      .withArgs(planProblem.enclave);
    const agreed = cancellationOf(stage, cheaper, project, 70n * unit);
    await vault.cancelProject(...(await signedCancellation(stage, agreed)));
    expect(await held()).to.equal(0n);
  });

  it("iTR-023: money that moves from pool to pool buys no larger share of all of it", async () => {
    const { vault, asset, pool } = stage;
    await stage.openActive(enclave([200n * unit]));
    const second = await stage.openPool("second");
    await vault.movePool(pool, second, asset, 800n * unit);
    const there = await stage.openAccepted(enclave([1n], { pool: second, salt: id("there") }));
    await expect(vault.commitProject(there))
      .to.be.revertedWithCustomError(vault, "BudgetVaultEnclaveShare")
      .withArgs(ZeroHash, asset, 200n * unit + 1n, 200n * unit);
    await vault.deposit(second, asset, 5n, id("a little more"));
    await vault.commitProject(there);
    expect(await vault.enclaveCommitted(ZeroHash, asset)).to.equal(200n * unit + 1n);
    expect(await vault.enclaveCommitted(second, asset)).to.equal(1n);
  });

  it("iTR-023: however money leaves an enclave, and only then, it is held no more", async () => {
    const { vault, anchor, outsider, networkHelpers } = stage;
    const amounts = [60n, 50n, 40n, 30n].map((amount) => amount * unit);
    const terms = enclave(amounts);
    const [waits, late] = [terms.milestones[0], terms.milestones[3]];
    if (waits === undefined || late === undefined) throw new Error("the plan has four milestones");
    Object.assign(waits, { challengeWindow: 2 * day });
    Object.assign(late, { deadline: stage.start + 3 * day });
    const project = await stage.openActive(terms);
    const expectHeld = async (amount: bigint) => {
      expect(await held()).to.equal(amount * unit);
      expect(await vault.enclaveCommitted(ZeroHash, stage.asset)).to.equal(amount * unit);
    };
    await vault.release(...(await stage.proof(terms, stage.claim(project, 0))));
    await expectHeld(180n);
    await vault.connect(anchor).overturn(project, 0, id("why"));
    await expectHeld(180n);
    await vault.release(...(await stage.proof(terms, stage.claim(project, 0, { evidence: id("again") }))));
    await networkHelpers.time.increase(2 * day);
    await vault.pay(project, 0);
    await expectHeld(120n);
    await vault.releasePart(...(await stage.partProof(terms, stage.claim(project, 1), 20n * unit)));
    await expectHeld(100n);
    await vault.release(...(await stage.proof(terms, stage.claim(project, 1, { evidence: id("all of it") }))));
    await expectHeld(70n);
    await networkHelpers.time.increase(day);
    await vault.reclaimMilestone(project, 3);
    await expectHeld(40n);
    for (const index of [1, 2]) {
      await at(index);
      await calendar.begin();
    }
    await vault.connect(outsider).reclaimBatch([project]);
    await expectHeld(0n);
  });

  it("iTR-023: what was proved before its enclave was reclaimed is held until it is paid, or overturned", async () => {
    const { vault, anchor } = stage;
    const terms = enclave([60n * unit, 50n * unit, 40n * unit]);
    for (const milestone of terms.milestones) Object.assign(milestone, { challengeWindow: 30 * day });
    const project = await stage.openActive(terms);
    await at(2);
    await calendar.begin();
    for (const index of [0, 1]) await vault.release(...(await stage.proof(terms, stage.claim(project, index))));
    await at(2, 14 * day);
    await vault.reclaim(project);
    expect(await held()).to.equal(110n * unit);
    await vault.connect(anchor).overturn(project, 1, id("why"));
    expect(await held()).to.equal(60n * unit);
    await at(2, 31 * day);
    await vault.pay(project, 0);
    expect(await held()).to.equal(0n);
  });

  it("is reviewed in each period: its anchor extends it, no proof does, and without a review anyone reclaims it", async () => {
    const { vault, anchor, outsider } = stage;
    const project = await stage.openActive(enclave([10n * unit]));
    await expect(vault.renewLease(project, reportHeader(1), leafOf(project), [])).to.be.revertedWithCustomError(
      calendar,
      "ReviewCalendarNoReports",
    );
    await at(1);
    await calendar.begin();
    expect(await vault.isLeaseRunning(project)).to.equal(true);
    await vault.connect(anchor).extendLease(project, id("it goes well"));
    await at(2, begin - 1);
    await calendar.begin();
    await at(2, begin - 1 + 14 * day - 1);
    await expect(vault.connect(outsider).reclaim(project)).to.be.revertedWithCustomError(
      vault,
      "BudgetVaultLeaseRunning",
    );
    await at(2, begin - 1 + 14 * day);
    await vault.connect(outsider).reclaim(project);
    expect((await vault.getProject(project)).status).to.equal(projectStatus.reclaimed);
    expect(await held()).to.equal(0n);
  });

  it("one period at a time, at opening and by amendment", async () => {
    const { vault } = stage;
    for (const changes of [{ leaseReports: 2 }, { initialReports: 2 }]) {
      await expect(vault.openProject(enclave([unit], changes)))
        .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
        .withArgs(planProblem.lease);
    }
    const terms = enclave([unit]);
    const project = await stage.openActive(terms);
    const longer = nextVersion(terms, project, { leaseReports: 2 });
    await expect(vault.amendProject(...(await signedAmendment(stage, longer))))
      .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
      .withArgs(planProblem.lease);
  });

  it("without a share, which is no limit, all of a pool may go to enclaves", async () => {
    const { vault } = stage;
    await vault.setLimits({
      ...{ outflowShare: 0, reclaimShare: 0, reclaimWindow: 0, tripSeconds: day, enclaveShare: 0 },
    });
    await stage.openActive(enclave([1000n * unit]));
    expect(await held()).to.equal(1000n * unit);
  });
});
