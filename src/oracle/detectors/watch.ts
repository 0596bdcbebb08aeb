import { z } from "zod";
import type { Hex } from "../../core/hex.ts";
import { parseDecimal } from "../sources/parse-decimal.ts";
import { isBurst, isDivergent } from "./series.ts";

const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
/** `dimension/metric` */
const metricKey = z.string().regex(/^[a-z][a-z0-9-]{0,62}\/[a-z][a-z0-9-]{0,62}$/);

const rule = {
  name,
  metric: metricKey,
  /** Epochs before the judged one that are its measure. */
  over: z.int().min(3).max(52),
  /** How many times as much as usual is too much; 1e18 = 1. */
  factor: z.string().regex(/^[1-9]\d{0,35}$/),
  /** In units of the metric: less is not judged. */
  from: z.string().regex(/^\d{1,40}(\.\d{1,18})?$/),
};

/** What a definition wants watched over epochs. Advice to people: no operator needs the history to agree with the others. */
export const watchSchema = z.discriminatedUnion("detects", [
  z.strictObject({ detects: z.literal("burst"), ...rule }),
  /** Against what should move with it. */
  z.strictObject({ detects: z.literal("divergence"), ...rule, against: metricKey }),
]);

export type Watch = z.infer<typeof watchSchema>;

/** Agreed values of one definition in one epoch, by metric; a metric without a value is left out. */
export interface EpochValues {
  readonly epoch: number;
  readonly values: ReadonlyMap<string, bigint>;
}

/** A word of advice about one epoch. */
export interface Advice {
  readonly epoch: number;
  readonly definition: Hex;
  readonly kind: Watch["detects"];
  readonly subject: string;
}

/**
 * What a watch finds in a history, epoch by epoch. Only epochs in which all that it needs has a value count, so that what is missing is
 * neither a fall nor a jump.
 * @param history Ascending by epoch.
 * @param decimals Places of the watched metric.
 */
export function watchedEpochs(watch: Watch, history: readonly EpochValues[], decimals: number): readonly number[] {
  const key = watch.metric;
  const other = watch.detects === "divergence" ? watch.against : key;
  const known = history.flatMap(({ epoch, values }) => {
    const value = values.get(key);
    const against = values.get(other);
    return value === undefined || against === undefined ? [] : [{ epoch, value, against }];
  });
  const parameters = {
    over: watch.over,
    factor: BigInt(watch.factor),
    from: parseDecimal(watch.from, decimals) ?? 0n,
  };
  return known.flatMap(({ epoch }, index) => {
    const until = known.slice(0, index + 1);
    const series = until.map((each) => each.value);
    const found =
      watch.detects === "burst"
        ? isBurst(series, parameters)
        : isDivergent(
            series,
            until.map((each) => each.against),
            parameters,
          );
    return found ? [epoch] : [];
  });
}
