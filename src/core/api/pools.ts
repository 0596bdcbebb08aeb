import { z } from "zod";
import {
  addressSchema,
  assetSchema,
  blockRefSchema,
  bytes32Schema,
  integerSchema,
  secondsSchema,
} from "./primitives.ts";

/** What a pool holds of one asset, and what its projects have taken from it, in base units. */
export const poolBalanceSchema = z.strictObject({
  asset: assetSchema,
  /** Free to commit. */
  amount: integerSchema,
  /** Committed to active projects that were paid from this pool, and not paid out or reclaimed yet. */
  committed: integerSchema,
});

export const poolSchema = z.strictObject({
  id: bytes32Schema,
  /** As registered; printable text where the 32 bytes are text. */
  name: z.string(),
  vault: addressSchema,
  /** The only account that may open projects from the pool; null where every office may. */
  steward: addressSchema.nullable(),
  anchor: addressSchema,
  openedAt: secondsSchema,
  /** Since when nothing is paid into it, planned with it or committed from it; null while it is open. */
  closedAt: secondsSchema.nullable(),
  balances: z.array(poolBalanceSchema),
});
export type PoolAnswer = z.infer<typeof poolSchema>;

/** `GET /v1/pools` */
export const poolsAnswerSchema = z.strictObject({ at: blockRefSchema, pools: z.array(poolSchema) });
export type PoolsAnswer = z.infer<typeof poolsAnswerSchema>;
