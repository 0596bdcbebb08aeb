import { z } from "zod";
import { impactKindSchema, impactSchema } from "./limits.ts";
import {
  addressSchema,
  assetSchema,
  blockRefSchema,
  bytes32Schema,
  bytes4Schema,
  countSchema,
  integerSchema,
  secondsSchema,
} from "./primitives.ts";

const valueSchema = z.strictObject({
  value: integerSchema,
  version: countSchema,
  since: secondsSchema,
  reason: bytes32Schema,
});

/** The change that was announced last. `expired` is derived, at `at`. */
export const parameterChangeSchema = z.strictObject({
  /** 0 is the office. */
  team: countSchema,
  status: z.enum(["pending", "enactable", "expired", "enacted", "cancelled"]),
  value: integerSchema,
  proposedAt: secondsSchema,
  enactableFrom: secondsSchema,
  expiresAt: secondsSchema,
  /** Teams that consented; as how many they count (the root office as all that are required), and how many must. */
  consents: z.array(countSchema),
  consented: countSchema,
  required: countSchema,
  reason: bytes32Schema,
});
export type ParameterChangeAnswer = z.infer<typeof parameterChangeSchema>;

export const parameterSchema = z.strictObject({
  parameter: bytes32Schema,
  stricter: z.enum(["lower", "higher"]),
  kernel: z.boolean(),
  cone: z.boolean(),
  minimum: integerSchema,
  maximum: integerSchema,
  office: valueSchema,
  /** Values of teams that have one of their own; what applies is the stricter of it and the office's. */
  teams: z.array(valueSchema.extend({ team: countSchema, effective: integerSchema })),
  changes: z.array(parameterChangeSchema),
});
export type ParameterAnswer = z.infer<typeof parameterSchema>;

export const catalogActionSchema = z.strictObject({
  target: addressSchema,
  targetName: z.string(),
  selector: bytes4Schema,
  signature: z.string(),
  status: z.enum(["listed", "retired"]),
  version: countSchema,
  impact: impactKindSchema,
  fixedImpact: impactSchema,
  amountWord: countSchema,
  assetWord: countSchema,
  scope: z.string(),
  reversibility: countSchema,
  /** The action that undoes it; null where there is none. */
  inverse: z.strictObject({ target: addressSchema, selector: bytes4Schema }).nullable(),
  since: secondsSchema,
  reason: bytes32Schema,
});
export type CatalogActionAnswer = z.infer<typeof catalogActionSchema>;

/** `GET /v1/policy`: the constitution and the catalog. */
export const policyAnswerSchema = z.strictObject({
  at: blockRefSchema,
  parameters: z.array(parameterSchema),
  /** Units of account (4 decimals) for 1e18 base units. A rate that is missing or expired escalates, whatever the amount. */
  rates: z.array(
    z.strictObject({
      asset: assetSchema,
      status: z.enum(["valid", "expired", "missing"]),
      rate: integerSchema.nullable(),
      validUntil: secondsSchema,
      minimumRate: integerSchema,
      maximumRate: integerSchema,
    }),
  ),
  scopes: z.array(z.strictObject({ scope: countSchema, name: z.string() })),
  actions: z.array(catalogActionSchema),
  capabilities: z.array(
    z.strictObject({
      capability: z.string(),
      version: countSchema,
      actions: z.array(z.strictObject({ target: addressSchema, selector: bytes4Schema })),
      since: secondsSchema,
      reason: bytes32Schema,
    }),
  ),
});
export type PolicyAnswer = z.infer<typeof policyAnswerSchema>;
