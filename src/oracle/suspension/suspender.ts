import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { EVIDENCE_EPOCHS } from "../../org/quorum.ts";
import { toJson } from "../evidence/epoch-record.ts";
import { writeDurably } from "../evidence/write-durably.ts";
import { epochWindow, type EpochCalendar } from "../epochs/epoch-clock.ts";
import type { OperatorMetrics } from "../node/operator-metrics.ts";
import type { ReportOutbox } from "../node/operator-node.ts";
import { doubleSigningSchema, suspendData, type DoubleSigning } from "./double-signing.ts";

const keptSchema = z.strictObject({ dueSeconds: z.int().nonnegative(), evidence: doubleSigningSchema });
type Kept = z.infer<typeof keptSchema>;

export interface SuspenderOptions {
  /** Where evidence is kept, a file each. It is never deleted: it is a few hundred bytes, and proves why an operator lost its seat. */
  readonly directory: string;
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
  readonly #waiting = new Map<string, Kept>();

  /** @throws {MandateError} `DoubleSigningUnreadable`. */
  constructor(options: SuspenderOptions) {
    this.#options = options;
    for (const { name, kept } of readAll(options.directory)) this.#waiting.set(name, kept);
  }

  /** All evidence that is held, by epoch. */
  get evidence(): readonly DoubleSigning[] {
    return readAll(this.#options.directory).map(({ kept }) => kept.evidence);
  }

  /**
   * Keeps evidence; what is held of this operator in this epoch already stays as it is.
   * @param dueSeconds Chain time of this operator's turn to bring it before the contract.
   */
  note(evidence: DoubleSigning, dueSeconds: number): void {
    const { directory, logger } = this.#options;
    const name = nameOf(evidence);
    if (readAll(directory).some((each) => each.name === name)) return;
    const kept = { dueSeconds, evidence };
    writeDurably(join(directory, name), toJson(kept));
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

function readAll(directory: string): readonly { readonly name: string; readonly kept: Kept }[] {
  return namesIn(directory)
    .map((name) => ({ name, kept: read(join(directory, name)) }))
    .sort((a, b) => a.kept.evidence.report.epoch - b.kept.evidence.report.epoch);
}

function read(path: string): Kept {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new MandateError("DoubleSigningUnreadable", `the evidence in ${path} is damaged`, {
      kind: "environment",
      data: { path },
      remedy: "Move the file away; the operator goes on without it.",
      cause,
    });
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
