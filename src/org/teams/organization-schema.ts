import { z } from "zod";
import { isAsciiWord } from "../ascii-word.ts";
import { isUnitsOfAccount, toUnitsOfAccount } from "../unit-of-account.ts";
import { triggerNames, type Organization } from "./organization.ts";

const nameSchema = z.string().refine(isAsciiWord, "not 1 to 32 printable ASCII characters");
const textSchema = z.string().min(1).max(200);
const idSchema = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "not lower-case letters, digits and hyphens");
const percentSchema = z.number().int().min(0).max(100);
const wordSchema = z.number().int().min(0).max(255);

/** Units of account as text, such as "50000" or "0.25". */
const amountSchema = z
  .string()
  .refine(isUnitsOfAccount, "not an amount with at most 4 decimals that fits 48 bits")
  .transform(toUnitsOfAccount);

const agentSchema = z.strictObject({ place: nameSchema, name: textSchema });
const zoneSchema = z.strictObject({ place: nameSchema, name: textSchema, agents: z.array(agentSchema).max(256) });

const teamSchema = z.strictObject({
  id: idSchema,
  place: nameSchema,
  domain: textSchema,
  human: z.boolean(),
  functions: z.array(textSchema).max(64),
  channels: z.array(idSchema).max(64),
  cone: z.strictObject({
    maxImpact: amountSchema,
    scopes: z.array(nameSchema).max(32),
    minReversibility: percentSchema,
  }),
  escalatesTo: idSchema.nullable(),
  reportsTo: idSchema.nullable(),
  // One at least: nothing else would ever lower the tier.
  triggers: z.array(z.enum(triggerNames)).min(1).max(triggerNames.length),
  zones: z.array(zoneSchema).max(64),
});

const functionSchema = { target: z.string().min(1), signature: z.string().regex(/^[A-Za-z_$][\w$]*\(.*\)$/) };

const impactSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("fixed"),
    amount: amountSchema.refine((amount) => amount > 0n, "a fixed impact of 0 is no impact"),
  }),
  z.strictObject({ kind: z.literal("amount"), amountWord: wordSchema }),
  z.strictObject({ kind: z.literal("assetAmount"), amountWord: wordSchema, assetWord: wordSchema }),
]);

const actionSchema = z.strictObject({
  ...functionSchema,
  impact: impactSchema,
  scope: nameSchema,
  reversibility: percentSchema,
  inverse: z.strictObject(functionSchema).nullable(),
});

const capabilitySchema = z.strictObject({
  name: nameSchema,
  actions: z.array(z.strictObject(functionSchema)).min(1).max(16),
});

/** An organization as a file holds it: amounts as decimal text, everything stated, nothing else allowed. */
export const organizationSchema: z.ZodType<Organization> = z.strictObject({
  name: textSchema,
  place: nameSchema,
  root: idSchema,
  functions: z.array(textSchema).max(256),
  teams: z.array(teamSchema).min(1),
  actions: z.array(actionSchema).max(256),
  capabilities: z.array(capabilitySchema).max(64),
});
