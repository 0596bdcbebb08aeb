import { z } from "zod";
import { ONE } from "../../core/fixed-point.ts";
import { parseDecimal } from "../sources/parse-decimal.ts";
import { sourceSpecification } from "../sources/source-specification.ts";
import type { Finding } from "./finding.ts";
import type { MetricOutcome } from "./metric-outcome.ts";

const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
/** `dimension/metric`, or a probe's name. */
const reference = z.string().regex(/^[a-z][a-z0-9-]{0,62}(\/[a-z][a-z0-9-]{0,62})?$/);
/** 1e18 = 1; more than 1 where the two are of different units. */
const ratio = z.string().regex(/^(0|[1-9]\d{0,35})$/);

/** A number that is read beside the metrics, only to check them. Its failure is `missing`. */
export const probeSchema = z.strictObject({
  name,
  source: sourceSpecification,
  decimals: z.int().min(0).max(18),
});

/** A bound on the ratio of two numbers of the same epoch. What lies beyond it lowers the grade, never the score. */
export const integrityCheckSchema = z.strictObject({
  name,
  detects: z.enum(["burst", "lockstep", "low-activity", "divergence", "self-dealing"]),
  part: reference,
  whole: reference,
  limit: z.union([z.strictObject({ atMost: ratio }), z.strictObject({ atLeast: ratio })]),
  /** In units of `whole`: below it there is too little to judge by. */
  from: z
    .string()
    .regex(/^\d{1,40}(\.\d{1,18})?$/)
    .optional(),
});

/** A check, as a definition has it or as it was held back. */
export interface IntegrityCheck extends Omit<z.infer<typeof integrityCheckSchema>, "detects"> {
  readonly detects: z.infer<typeof integrityCheckSchema>["detects"] | "held-out";
}

/** A number that a check refers to. */
export interface CheckedNumber {
  readonly outcome: MetricOutcome;
  readonly decimals: number;
}

/**
 * What a check finds, by cross-multiplication, exact: nothing is divided or rounded. Counts below zero are found as well, for
 * there is no such count.
 * @returns undefined where it finds nothing.
 */
export function runCheck(
  { name: subject, detects: kind, part, whole, limit, from }: IntegrityCheck,
  numbers: ReadonlyMap<string, CheckedNumber>,
): Finding | undefined {
  const some = numbers.get(part);
  const all = numbers.get(whole);
  if (some?.outcome.outcome !== "value" || all?.outcome.outcome !== "value") {
    return { kind, subject, reason: "unknown" };
  }
  const found: Finding = { kind, subject, reason: "found" };
  const { value: partial } = some.outcome;
  const { value: total } = all.outcome;
  if (partial < 0n || total < 0n) return found;
  const least = from === undefined ? undefined : parseDecimal(from, all.decimals);
  if (least !== undefined && total < least) return undefined;
  // part / 10^dp against limit / 1e18 · whole / 10^dw
  const left = partial * 10n ** BigInt(all.decimals) * ONE;
  const scale = total * 10n ** BigInt(some.decimals);
  const isBeyond = "atMost" in limit ? left > BigInt(limit.atMost) * scale : left < BigInt(limit.atLeast) * scale;
  return isBeyond ? found : undefined;
}
