/** The twin of the vault's renewals in `src/org/renewal.ts` and the real vault, led by the same random reports: the same decisions and states. */
import { expect } from "chai";
import { id } from "ethers";

import { SeededRandom } from "../../../src/core/seeded-random.ts";
import { decideLease } from "../../../src/org/lease.ts";
import { decideRenewal, type ProvedLeaf, type RenewableLease, type RenewalTerms } from "../../../src/org/renewal.ts";
import { maxRise } from "../../support/new-vault.ts";
import { deployVault, renewalWindowSeconds, type VaultStage } from "../../support/treasury-stage.ts";
import { leafOf, leafOutcome, reportHeader } from "../../support/treasury.ts";

const stepsOfRun = 80;
const threshold = 4n * 10n ** 17n;
const one = 10n ** 18n;
/** `IBudgetLedger.RenewalOutcome` */
const reasons = [
  "renewed",
  "not-active",
  "not-newer",
  "lapsed",
  "below-threshold",
  "refused",
  "too-many-missing",
] as const;

interface Twin {
  readonly project: string;
  readonly terms: RenewalTerms;
  lease: RenewableLease;
}

/** Both sides of a few projects. */
class Both {
  readonly met = new Map<string, number>();
  private readonly stage: VaultStage;
  private readonly random: SeededRandom;
  private readonly twins: Twin[] = [];
  private latest = 0;
  private acceptedAt = 0n;

  constructor(stage: VaultStage, seed: number) {
    this.stage = stage;
    this.random = new SeededRandom(seed);
  }

  async open(): Promise<void> {
    const terms = { leaseReports: 1 + this.random.below(6), maxMissing: this.random.below(3) };
    const initialReports = 1 + this.random.below(12);
    const salt = id(`project ${this.twins.length}`);
    const project = await this.stage.openActive(this.stage.plan({ ...terms, initialReports, salt }));
    const lease = {
      paidThrough: this.latest + initialReports,
      lastProvedReport: 0,
      score: 0n,
      missing: 0,
      isRising: false,
    };
    this.twins.push({ project, terms: { ...terms, maxRise }, lease });
  }

  /** A leaf around what decides: τ, and the stored score with the largest rise. */
  private leaf({ score }: RenewableLease, report: number): ProvedLeaf {
    if (this.random.chance(0.1)) return { report, threshold, outcome: "refused", score: 0n };
    if (this.random.chance(0.2)) return { report, threshold, outcome: "missing", score: 0n };
    const edge = this.random.chance(0.2) ? threshold : score + maxRise;
    const around = edge + BigInt(this.random.below(3)) - 1n;
    const anywhere = threshold + this.random.belowBig(one - threshold);
    return { report, threshold, outcome: "value", score: this.random.chance(0.6) ? around : anywhere };
  }

  /** Mostly the latest report, sometimes one before it. */
  private report(): number {
    return Math.max(1, this.latest - (this.random.chance(0.2) ? 1 + this.random.below(2) : 0));
  }

  private decided(twin: Twin, leaf: ProvedLeaf, at: number): string {
    const { running } = decideLease({
      paidThrough: BigInt(twin.lease.paidThrough),
      renewalWindow: BigInt(renewalWindowSeconds),
      latestReport: BigInt(this.latest),
      latestAcceptedAt: this.acceptedAt,
      now: BigInt(at),
    });
    const decision = decideRenewal(twin.lease, twin.terms, leaf, running);
    const wasRising = twin.lease.isRising;
    if (decision.renewed) twin.lease = decision.lease;
    const outcome = decision.renewed ? decision.ground : decision.reason;
    const kind = decision.renewed && wasRising ? `${outcome} after a rise` : outcome;
    this.met.set(kind, (this.met.get(kind) ?? 0) + 1);
    return decision.renewed ? "renewed" : decision.reason;
  }

  private static scoreOf(project: string, { outcome, score }: ProvedLeaf) {
    return leafOf(project, { outcome: leafOutcome[outcome], score });
  }

  async step(): Promise<void> {
    const { stage, random, twins } = this;
    const at = (await stage.networkHelpers.time.latest()) + 1 + random.below(renewalWindowSeconds / 2);
    if (this.latest === 0 || (random.chance(0.7) && BigInt(at) >= this.acceptedAt + BigInt(renewalWindowSeconds))) {
      [this.latest, this.acceptedAt] = [this.latest + 1, BigInt(at)];
      await stage.networkHelpers.time.setNextBlockTimestamp(at);
      await stage.oracle.accept(this.latest, at);
      return;
    }
    await stage.networkHelpers.time.setNextBlockTimestamp(at);
    const report = this.report();
    if (random.chance(0.4)) {
      // Drawn in the order in which they were opened, as ids depend on the time of the run; a batch ascends by them.
      const drawn = twins
        .filter(() => random.chance(0.5))
        .map((twin) => ({ twin, leaf: this.leaf(twin.lease, report) }));
      const batch = drawn.toSorted((a, b) => (a.twin.project < b.twin.project ? -1 : 1));
      if (batch.length === 0) return;
      const ids = batch.map(({ twin }) => twin.project);
      const scores = batch.map(({ twin, leaf }) => Both.scoreOf(twin.project, leaf));
      await stage.vault.renewBatch(reportHeader(report, threshold), ids, scores, [], []);
      for (const { twin, leaf } of batch) this.decided(twin, leaf, at);
    } else {
      const twin = twins[random.below(twins.length)];
      if (twin === undefined) throw new Error("no project");
      const leaf = this.leaf(twin.lease, report);
      const sent = stage.vault.renewLease(
        twin.project,
        reportHeader(report, threshold),
        Both.scoreOf(twin.project, leaf),
        [],
      );
      const expected = this.decided(twin, leaf, at);
      if (expected === "renewed") await sent;
      else await expect(sent).to.revert(stage.ethers);
    }
    await this.compare();
  }

  private async compare(): Promise<void> {
    for (const { project, lease } of this.twins) {
      const { paidThrough, lastProvedReport, score, missing, isRising } = await this.stage.vault.getProject(project);
      const found = {
        paidThrough: Number(paidThrough),
        lastProvedReport: Number(lastProvedReport),
        score,
        missing: Number(missing),
        isRising,
      };
      expect(found).to.deep.equal(lease);
    }
  }
}

describe("The twin of the vault's renewals", () => {
  it("iTR-026: over random reports, alone and in batches, decides as the vault does and leaves every lease where the vault leaves it", async () => {
    const met = new Map<string, number>();
    for (let run = 0; run < 6; run++) {
      const stage = await deployVault();
      const both = new Both(stage, 2026 + run);
      for (let i = 0; i < 6; i++) await both.open();
      for (let i = 0; i < stepsOfRun; i++) {
        if (i % 10 === 9) await both.open();
        await both.step();
      }
      await stage.completeJournal();
      for (const [outcome, count] of both.met) met.set(outcome, (met.get(outcome) ?? 0) + count);
    }
    const every = ["value", "missing", "rise", ...["value", "missing", "rise"].map((each) => `${each} after a rise`)];
    expect([...met.keys()].sort()).to.deep.equal([...every, ...reasons.slice(2)].sort());
  });
});
