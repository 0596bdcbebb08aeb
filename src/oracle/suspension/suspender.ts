import type { Logger } from "pino";
import type { Hex } from "../../core/hex.ts";
import { EVIDENCE_EPOCHS } from "../../org/quorum.ts";
import { epochWindow, type EpochCalendar } from "../epochs/epoch-clock.ts";
import type { OperatorMetrics } from "../node/operator-metrics.ts";
import type { ReportOutbox } from "../node/operator-node.ts";
import { suspendData, type DoubleSigning } from "./double-signing.ts";
import type { EvidenceOfDoubleSigning, KeptEvidence } from "./evidence-directory.ts";

export interface SuspenderOptions {
  readonly store: EvidenceOfDoubleSigning;
  readonly oracle: Hex;
  readonly calendar: EpochCalendar;
  readonly outbox: Pick<ReportOutbox, "enqueue" | "status">;
  /** Whether the call is handed to the outbox; otherwise it is only said that it would be. */
  readonly submits: boolean;
  readonly metrics: Pick<OperatorMetrics, "suspensions">;
  readonly logger: Logger;
}

/**
 * Brings before the contract who signed two reports of an epoch. Evidence is on the disk before anything else is done with it, and the outbox
 * refuses without cost what the contract has acted upon already; a turn for each operator keeps them from all paying at once.
 */
export class Suspender {
  readonly #options: SuspenderOptions;
  readonly #waiting: Map<string, KeptEvidence>;

  /** @throws {MandateError} `DoubleSigningUnreadable`. */
  constructor(options: SuspenderOptions) {
    this.#options = options;
    this.#waiting = new Map(options.store.all());
  }

  /** All evidence that is held, by epoch. */
  get evidence(): readonly DoubleSigning[] {
    const held = [...this.#options.store.all().values()].map(({ evidence }) => evidence);
    return held.sort((a, b) => a.report.epoch - b.report.epoch);
  }

  /**
   * Keeps evidence; what is held of this operator in this epoch already stays as it is.
   * @param dueSeconds Chain time of this operator's turn to bring it before the contract.
   */
  note(evidence: DoubleSigning, dueSeconds: number): void {
    const { store, logger } = this.#options;
    const name = nameOf(evidence);
    if (store.all().has(name)) return;
    const kept = { dueSeconds, evidence };
    store.save(name, kept);
    this.#waiting.set(name, kept);
    const { operator, report } = evidence;
    logger.error({ operator, epoch: report.epoch }, "an operator signed two reports of an epoch; the evidence is kept");
  }

  /** Hands over whatever is due, each once. */
  settle(chainSeconds: number): void {
    const { oracle, calendar, outbox, submits, metrics, logger } = this.#options;
    for (const [name, { dueSeconds, evidence }] of this.#waiting) {
      if (chainSeconds < dueSeconds) continue;
      this.#waiting.delete(name);
      const { operator, report } = evidence;
      const validUntilSeconds = epochWindow(calendar, report.epoch + EVIDENCE_EPOCHS).endSeconds;
      const id = `suspend:${oracle}:${report.epoch}:${operator}`;
      if (outbox.status(id) !== undefined || chainSeconds >= validUntilSeconds) continue; // before a restart
      metrics.suspensions.inc({ result: submits ? "submitted" : "withheld" });
      if (!submits) {
        logger.warn({ operator, epoch: report.epoch }, "would have the operator suspended; `submit` is false");
        continue;
      }
      logger.warn({ operator, epoch: report.epoch }, "has the operator suspended, unless another one has already");
      outbox.enqueue({ id, to: oracle, data: suspendData(evidence), value: 0n, validUntilSeconds });
    }
  }
}

function nameOf({ report, operator }: DoubleSigning): string {
  return `${report.epoch}-${operator}.json`;
}
