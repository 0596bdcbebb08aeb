import { z } from "zod";
import { bytes32Schema, countSchema, integerSchema, secondsSchema } from "./primitives.ts";

/** Outcomes of a leaf, in the order of the contract's enum, where 0 is none. */
export const leafOutcomes = ["value", "missing", "refused"] as const;

/** Number of an outcome in the contract's enum. */
export function outcomeNumber(outcome: (typeof leafOutcomes)[number]): number {
  return leafOutcomes.indexOf(outcome) + 1;
}

/** `GET /v1/epochs/:epoch/proofs/:project` of an operator: everything that `BudgetVault.renewLease` takes. */
export const proofAnswerSchema = z.strictObject({
  header: z.strictObject({
    index: countSchema,
    epoch: countSchema,
    root: bytes32Schema,
    /** τ of the report; 1e18 = 1. */
    threshold: integerSchema,
    leafCount: countSchema,
    acceptedAt: secondsSchema,
    manifest: bytes32Schema,
  }),
  leaf: z.strictObject({
    project: bytes32Schema,
    definition: bytes32Schema,
    outcome: z.enum(leafOutcomes),
    grade: countSchema,
    /** 1e18 = 1. */
    score: integerSchema,
  }),
  proof: z.array(bytes32Schema),
});
export type ProofAnswer = z.infer<typeof proofAnswerSchema>;
