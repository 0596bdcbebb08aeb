import { z } from "zod";
import type { EpochCalendar } from "./epoch-clock.ts";

/** When the block that closed an epoch counts as settled. It is part of the ruleset, which operators have alike. */
export const settlementSchema = z.strictObject({
  /** The chain's own tag, or a number of blocks on top where it has none that means anything. */
  block: z.union([z.enum(["finalized", "safe"]), z.strictObject({ confirmations: z.int().min(1).max(10_000) })]),
  /** How long that usually takes: the first view begins so long after the epoch's end. */
  seconds: z.int().nonnegative().max(86_400),
});

export type Settlement = z.infer<typeof settlementSchema>;

/** Shortest time for agreement and submission: five stages of two seconds, and two as long to commit and to reveal. */
const MINIMUM_AGREEMENT_SECONDS = 14;

/** What is wrong with a settlement where the report deadline leaves no time to agree; undefined where it leaves some. */
export function settlementProblem(
  { seconds }: Settlement,
  { reportDeadlineSeconds }: Pick<EpochCalendar, "reportDeadlineSeconds">,
): string | undefined {
  if (reportDeadlineSeconds - seconds >= MINIMUM_AGREEMENT_SECONDS) return undefined;
  return `reports are accepted for ${reportDeadlineSeconds} s after an epoch's end; ${seconds} s of settlement leave no time to agree, which takes ${MINIMUM_AGREEMENT_SECONDS} s`;
}
