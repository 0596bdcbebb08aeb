import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { EpochCalendar } from "./epoch-clock.ts";

/** When the block that closed an epoch counts as settled. Operators must have it alike: it is part of the configuration digest. */
export const settlementSchema = z.strictObject({
  /** The chain's own tag, or a number of blocks on top where it has none that means anything. */
  block: z
    .union([z.enum(["finalized", "safe"]), z.strictObject({ confirmations: z.int().min(1).max(10_000) })])
    .default("finalized"),
  /** How long that usually takes: the first view begins so long after the epoch's end. */
  seconds: z.int().nonnegative().max(86_400).default(0),
});

export type Settlement = z.infer<typeof settlementSchema>;

/** Shortest time for agreement and submission: five stages of two seconds, and two as long to commit and to reveal. */
const MINIMUM_AGREEMENT_SECONDS = 14;

/** @throws {MandateError} `SettlementTooLong` where the report deadline leaves no time to agree. */
export function assertSettlementFits({ seconds }: Settlement, { reportDeadlineSeconds }: EpochCalendar): void {
  if (reportDeadlineSeconds - seconds >= MINIMUM_AGREEMENT_SECONDS) return;
  throw new MandateError(
    "SettlementTooLong",
    `reports are accepted for ${reportDeadlineSeconds} s after an epoch's end; ${seconds} s of settlement leave no time to agree`,
    {
      kind: "input",
      data: { reportDeadlineSeconds, seconds, minimum: MINIMUM_AGREEMENT_SECONDS },
      remedy: "Agree with the other operators on a shorter settlement, or deploy an oracle with a longer deadline.",
    },
  );
}
