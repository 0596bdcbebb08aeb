import { z } from "zod";
import { countSchema } from "./primitives.ts";

/** Kinds of boundaries, in the order in which `IAuthorityLimits.Boundary` counts them. */
export const boundaries = [
  "none",
  "unlisted",
  "scope",
  "reversibility",
  "unreadable",
  "rate-missing",
  "grant-cap",
  "team-impact",
] as const;
export const boundarySchema = z.enum(boundaries);

/** What an action's impact is, in the order in which `IAuthorityLimits.ImpactKind` counts them. */
export const impactKinds = ["unlisted", "none", "fixed", "amount", "asset-amount"] as const;
export const impactKindSchema = z.enum(impactKinds);

/** What lowers a tier by itself, by position in `ITeams.Trigger`. */
export const triggers = ["breaker-tripped", "attestation-overturned", "challenge-upheld"] as const;
export const triggerSchema = z.enum(triggers);

/** Impact in units of account with 4 decimals; it fits a double exactly (48 bits). */
export const impactSchema = countSchema;

/** Limits of autonomy: impact in any 24 hours, names of scopes, reversibility in percent. */
export const coneSchema = z.strictObject({
  maxImpact: impactSchema,
  scopes: z.array(z.string()),
  minReversibility: z.number().int().min(0).max(100),
});
export type ConeAnswer = z.infer<typeof coneSchema>;
