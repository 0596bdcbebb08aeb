import type { Hex } from "../../core/hex.ts";
import { proposesAt, type ViewSchedule } from "../agreement/view-schedule.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import type { OperatorMetrics } from "./operator-metrics.ts";

/**
 * Who commits late in an epoch, and who commits and does not show what to, by the names of the operators. One that is down for a moment looks
 * like one that chooses: what tells them apart is how often it happens.
 */
export class CommitmentWatch {
  readonly #set: OperatorSet;
  readonly #schedule: ViewSchedule;
  readonly #metrics: Pick<OperatorMetrics, "lateCommitments" | "withheldReveals">;
  readonly #late = new Set<Hex>();

  constructor(
    set: OperatorSet,
    schedule: ViewSchedule,
    metrics: Pick<OperatorMetrics, "lateCommitments" | "withheldReveals">,
  ) {
    this.#set = set;
    this.#schedule = schedule;
    this.#metrics = metrics;
    // A counter that begins with its first event shows no increase for it.
    for (const operator of set.operators) {
      metrics.lateCommitments.inc({ operator: this.#nameOf(operator) }, 0);
      metrics.withheldReveals.inc({ operator: this.#nameOf(operator) }, 0);
    }
  }

  /** Operators whose commitment came when none was heard in time any more, as this operator saw it. */
  get late(): readonly Hex[] {
    return [...this.#late].map((each) => this.#nameOf(each)).sort();
  }

  /** Takes a commitment that is late, or was before a restart, when it was counted already. */
  noteLate(operator: Hex, { isRecalled }: { readonly isRecalled: boolean } = { isRecalled: false }): void {
    if (this.#late.has(operator)) return;
    this.#late.add(operator);
    if (isRecalled) return;
    this.#metrics.lateCommitments.inc({ operator: this.#nameOf(operator) });
  }

  /** Of `unrevealed`, who committed and has shown nothing, those that could by now have looked at the others' before they chose. */
  withheld(unrevealed: readonly Hex[], chainSeconds: number): readonly Hex[] {
    if (chainSeconds < proposesAt(this.#schedule)) return [];
    return unrevealed
      .filter((each) => !this.#late.has(each)) // what it shows no strict view takes
      .map((each) => this.#nameOf(each))
      .sort();
  }

  /** Counts who withheld, when the round is over. */
  close(unrevealed: readonly Hex[], chainSeconds: number): void {
    for (const operator of this.withheld(unrevealed, chainSeconds)) this.#metrics.withheldReveals.inc({ operator });
  }

  #nameOf(operator: Hex): Hex {
    return this.#set.names[this.#set.seats.indexOf(operator)] ?? operator;
  }
}
