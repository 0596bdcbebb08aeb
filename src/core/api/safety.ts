import { z } from "zod";
import {
  addressSchema,
  assetSchema,
  blockRefSchema,
  bytes32Schema,
  countSchema,
  integerSchema,
  secondsSchema,
} from "./primitives.ts";

/** The last time that it tripped, whether or not it still is. */
export const tripSchema = z.strictObject({
  trippedAt: secondsSchema,
  /** Digest of the payment, project of the reclaim, id of the withdrawal, or a guardian's reason. */
  cause: bytes32Schema,
  /** The human who answers for it, or the guardian. */
  anchor: addressSchema,
});

export const assetSafetySchema = z.strictObject({
  asset: assetSchema,
  vault: addressSchema,
  /**
   * `tripped`: payments wait for an anchor's co-signature, and nothing is reclaimed by itself. `half-open`: the trip is over, and half of
   * the limits holds until a quorum of anchors resets it. Derived on read.
   */
  state: z.enum(["closed", "tripped", "half-open"]),
  /** First second after the trip; null unless it is tripped. */
  until: secondsSchema.nullable(),
  /** Trips so far, modulo 2^18. */
  trips: countSchema,
  lastTrip: tripSchema.nullable(),
  resetAt: secondsSchema.nullable(),
  /**
   * The share of its claim that each payee may take while money is missing, once, as anchors ruled in this trip; null where they did not, or a
   * reset ended it. Whether it holds, depends on what the vault has then.
   */
  ruling: z.strictObject({ trip: countSchema, share: integerSchema, since: secondsSchema }).nullable(),
  /** Share of what is credited that may leave within 24 hours, while it is not tripped; 1e18 = 1; null where there is no limit. */
  outflowShare: integerSchema.nullable(),
  /** Share of what is committed that may be reclaimed within a window. */
  reclaimShare: integerSchema.nullable(),
  reclaimWindowSeconds: countSchema,
});
export type AssetSafetyAnswer = z.infer<typeof assetSafetySchema>;

/** An oracle that tripped at least once. That one is stale, because no report comes, is told by its reports. */
export const oracleSafetySchema = z.strictObject({
  oracle: addressSchema,
  state: z.enum(["closed", "tripped"]),
  until: secondsSchema.nullable(),
  lastTrip: tripSchema.extend({
    /** What tripped it: τ moved too far by this report, or too many of the leaves before are gone. Null where a guardian tripped it. */
    report: z
      .strictObject({
        index: countSchema,
        threshold: integerSchema,
        nextThreshold: integerSchema,
        leafCount: countSchema,
        leavesBefore: countSchema,
      })
      .nullable(),
  }),
  resetAt: secondsSchema.nullable(),
});
export type OracleSafetyAnswer = z.infer<typeof oracleSafetySchema>;

export const vaultLimitsSchema = z.strictObject({
  vault: addressSchema,
  /** Shares with 18 decimals; 0 is no limit. */
  outflowShare: integerSchema,
  reclaimShare: integerSchema,
  reclaimWindowSeconds: countSchema,
  tripSeconds: countSchema,
  /** Of what a pool has, its enclaves included, that may be committed to enclaves. */
  enclaveShare: integerSchema,
  since: secondsSchema,
});

/** `GET /v1/safety`: every asset that is or was allowed. */
export const safetyAnswerSchema = z.strictObject({
  at: blockRefSchema,
  limits: z.array(vaultLimitsSchema),
  assets: z.array(assetSafetySchema),
  oracles: z.array(oracleSafetySchema),
});
export type SafetyAnswer = z.infer<typeof safetyAnswerSchema>;
