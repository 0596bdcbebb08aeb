/** The twin of the safety limits in `src/org/safety` and the real vault, changed by the same random steps: the same outcomes and the same books. */
import { expect } from "chai";
import { id } from "ethers";

import {
  breakerStateAt,
  closed,
  isTripped,
  limitsAt,
  measureOutflow,
  measureReclaim,
  noLimits,
  tripped,
  untouchedSafety,
  type AssetSafety,
  type Limits,
} from "../../../src/org/safety/asset-safety.ts";
import { SeededRandom } from "../../../src/core/seeded-random.ts";
import { day, deployVault, renewalWindowSeconds, unit, type VaultStage } from "../../support/treasury-stage.ts";

const stepsOfRun = 120;
const projectsOfRun = 8;
const states = ["closed", "tripped", "half-open"] as const;

/** Both sides of one asset: the vault, and the twin with what is credited and committed. */
class Both {
  readonly met = new Map<string, number>();
  private readonly stage: VaultStage;
  private readonly random: SeededRandom;
  private safety: AssetSafety = untouchedSafety;
  private limits: Limits = noLimits;
  private credited = 1000n * unit;
  private committed = 0n;
  private now = 0n;
  private readonly lapsed: { project: string; amount: bigint }[] = [];
  private readonly tripping = new Set<string>();

  constructor(stage: VaultStage, seed: number) {
    this.stage = stage;
    this.random = new SeededRandom(seed);
  }

  private note(outcome: string): void {
    this.met.set(outcome, (this.met.get(outcome) ?? 0) + 1);
  }

  private amount(upTo: bigint): bigint {
    return 1n + this.random.belowBig(this.random.chance(0.5) ? upTo : upTo / 10n);
  }

  /** Projects whose lease is over, with what each has committed. */
  async begin(): Promise<void> {
    const { stage } = this;
    await stage.vault.deposit(stage.pool, stage.asset, 3000n * unit, id("more"));
    this.credited += 3000n * unit;
    for (let i = 0; i < projectsOfRun; i++) {
      const amount = this.amount(120n * unit);
      const terms = stage.plan({ milestones: [stage.milestone({ amount })], salt: id(`project ${i}`) });
      this.lapsed.push({ project: await stage.openActive(terms), amount });
      this.committed += amount;
    }
    await stage.oracle.accept(3, await stage.networkHelpers.time.latest());
    await this.setLimits();
  }

  private async setLimits(): Promise<void> {
    const share = () => (this.random.chance(0.1) ? 0n : 1n + this.random.belowBig(5n * 10n ** 17n));
    const [outflowShare, reclaimShare] = [share(), share()];
    const terms = { reclaimWindow: 1 + this.random.below(day), tripSeconds: 1 + this.random.below(2 * day) };
    await this.stage.vault.setLimits({ outflowShare, reclaimShare, ...terms, enclaveShare: 0 });
    this.limits = {
      outflowShare,
      reclaimShare,
      reclaimWindow: BigInt(terms.reclaimWindow),
      tripSeconds: BigInt(terms.tripSeconds),
      enclaveShare: 0n,
    };
  }

  private async withdraw(): Promise<void> {
    const { vault, pool, asset, payee } = this.stage;
    const amount = this.amount((await vault.poolBalance(pool, asset)) / 3n);
    if (isTripped(this.safety, this.now)) {
      await expect(vault.withdraw(pool, asset, payee, amount)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultAssetTripped",
      );
      this.note("withdrawal refused");
      return;
    }
    const next = measureOutflow(this.safety, this.limits, { amount, total: this.credited, now: this.now });
    const event = next === undefined ? "AssetTripped" : "PoolWithdrawn";
    await expect(vault.withdraw(pool, asset, payee, amount)).to.emit(vault, event);
    this.note(next === undefined ? "withdrawal held" : "withdrawn");
    this.safety = next ?? tripped(this.safety, this.limits, this.credited, this.now);
    if (next !== undefined) this.credited -= amount;
  }

  private async reclaim(): Promise<void> {
    const { vault } = this.stage;
    const [first] = this.lapsed;
    const held = isTripped(this.safety, this.now) || this.now < this.safety.resetAt + BigInt(renewalWindowSeconds);
    if (first === undefined || held) {
      if (first === undefined) return;
      await expect(vault.reclaim(first.project)).to.be.revertedWithCustomError(vault, "BudgetVaultReclaimHeld");
      this.note("reclaim held");
      return;
    }
    if (this.tripping.has(first.project)) {
      // It trips once: from then on it goes back where it fits, and waits where it does not.
      await this.reclaimAgain(first);
      return;
    }
    const movement = { amount: first.amount, total: this.committed, now: this.now };
    const next = measureReclaim(this.safety, this.limits, movement);
    const event = next === undefined ? "AssetTripped" : "ProjectReclaimed";
    await expect(vault.reclaim(first.project)).to.emit(vault, event);
    this.note(next === undefined ? "reclaim tripped" : "reclaimed");
    if (next === undefined) this.tripping.add(first.project);
    this.safety = next ?? tripped(this.safety, this.limits, this.credited, this.now);
    if (next === undefined) return;
    this.lapsed.shift();
    this.committed -= first.amount;
  }

  private async reclaimAgain({ project, amount }: { project: string; amount: bigint }): Promise<void> {
    const { vault } = this.stage;
    const next = measureReclaim(this.safety, this.limits, { amount, total: this.committed, now: this.now });
    if (next === undefined) {
      await expect(vault.reclaim(project)).to.be.revertedWithCustomError(vault, "BudgetVaultReclaimHeld");
      this.lapsed.push(...this.lapsed.splice(0, 1)); // the others have their turn
      return;
    }
    await expect(vault.reclaim(project)).to.emit(vault, "ProjectReclaimed");
    this.safety = next;
    this.lapsed.shift();
    this.committed -= amount;
  }

  private async people(): Promise<void> {
    const { vault, asset, office } = this.stage;
    if (this.safety.watched && this.random.chance(0.7)) {
      await vault.resetAsset(asset, id("operation"), office);
      this.safety = closed(this.safety, this.now);
    } else {
      await vault.tripAsset(asset, id("reason"), office);
      this.safety = tripped(this.safety, this.limits, this.credited, this.now);
    }
  }

  private async deposit(number: number): Promise<void> {
    const { vault, pool, asset } = this.stage;
    const amount = this.amount(50n * unit);
    await vault.deposit(pool, asset, amount, id(`deposit ${number}`));
    this.credited += amount;
  }

  /** One step at a time of its own, and what both say of the books after it, in that second and at the end of what lasts. */
  async step(number: number): Promise<void> {
    const { time } = this.stage.networkHelpers;
    const waits = [1, 60, renewalWindowSeconds, day / 4, day, 2 * day];
    this.now = BigInt(await time.latest()) + BigInt(1 + this.random.below(this.random.pick(waits)));
    await time.setNextBlockTimestamp(this.now);
    const kind = this.random.below(10);
    if (kind < 5) await this.withdraw();
    else if (kind < 7) await this.reclaim();
    else if (kind < 8) await this.people();
    else if (kind < 9) await this.deposit(number);
    else await this.setLimits();
    this.now = BigInt(await time.latest());
    await this.compare();
  }

  private async compare(): Promise<void> {
    const { safety, now, credited, committed } = this;
    const stored = await this.stage.vault.assetSafety(this.stage.asset);
    const state = breakerStateAt(safety, now);
    const { outflowLimit, reclaimRemaining } = limitsAt(safety, this.limits, { credited, committed, now });
    expect({
      state: states[Number(stored.state)],
      until: stored.until,
      trips: stored.trips,
      resetAt: stored.resetAt,
      committed: stored.committed,
      outflowLimit: stored.outflowLimit,
      outflowEmptyAtMs: stored.outflowEmptyAtMs,
      reclaimRemaining: stored.reclaimRemaining,
    }).to.deep.equal({
      state,
      until: state === "tripped" ? safety.since : 0n,
      trips: safety.trips,
      resetAt: safety.resetAt,
      committed,
      outflowLimit,
      outflowEmptyAtMs: safety.emptyAtMs,
      reclaimRemaining,
    });
  }
}

describe("Safety limits and their twin", () => {
  it("given random steps, both let the same through, trip at the same, and keep the same books", async () => {
    const met = new Map<string, number>();
    for (const seed of [1, 2, 3]) {
      const both = new Both(await deployVault(), seed);
      await both.begin();
      for (let number = 0; number < stepsOfRun; number++) await both.step(number);
      for (const [outcome, count] of both.met) met.set(outcome, (met.get(outcome) ?? 0) + count);
    }
    for (const outcome of ["withdrawn", "withdrawal held", "reclaimed", "reclaim tripped", "reclaim held"]) {
      expect(met.get(outcome) ?? 0, outcome).to.be.greaterThan(2);
    }
  });
});
