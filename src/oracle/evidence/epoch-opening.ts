import { z } from "zod";
import { lowerAddressSchema, wordSchema } from "../hex-schema.ts";
import { ProjectList } from "../epochs/project-list.ts";
import { rulesetSchema } from "../rulesets/ruleset.ts";
import type { EpochFacts } from "../scoring/evaluate-epoch.ts";
import { count, unsigned } from "../report-schema.ts";

export const projectSchema = z.strictObject({ project: wordSchema, definition: wordSchema });

const factsWithoutProjectsSchema = z.strictObject({
  epoch: count,
  configuration: count,
  configurationDigest: wordSchema,
  faults: count,
  threshold: unsigned,
});

/** Everything besides observations and definitions that the outcome function takes. */
export const epochFactsSchema: z.ZodType<EpochFacts> = z.strictObject({
  ...factsWithoutProjectsSchema.shape,
  projects: z.array(projectSchema).transform((projects) => ProjectList.of(projects)),
});

export const operatorSetSchema = z.strictObject({
  configuration: count,
  faults: count,
  quorum: count,
  operators: z.array(lowerAddressSchema),
  /** All of the set, suspended ones as well, in seat order. */
  seats: z.array(lowerAddressSchema),
  /** Whose delegates they are, in seat order. */
  names: z.array(lowerAddressSchema),
});

export const windowSchema = z.strictObject({ epoch: count, startSeconds: count, endSeconds: count });

export const blockSchema = z.strictObject({ number: count, hash: wordSchema });

/** Versions of the rules by which an operator agreed, scored and measured. */
export const rulesSchema = z.strictObject({
  /** Absent only in what was kept before there were two of them. */
  agreement: z.string().default("1"),
  scoring: z.string(),
  adapters: z.record(z.string(), z.string()),
});

/** What an operator read on the chain when an epoch had closed, and by which rules it went on from there. */
export const epochOpeningSchema = z.strictObject({
  window: windowSchema,
  /** From the epoch's end on; of the contract. */
  reportDeadlineSeconds: count,
  block: blockSchema,
  set: operatorSetSchema,
  /** That the chain named for the epoch. */
  ruleset: rulesetSchema,
  facts: epochFactsSchema,
  rules: rulesSchema,
});

export type EpochOpening = z.infer<typeof epochOpeningSchema>;

/** The same where its projects are in a file of their own. */
export const openingWithoutProjectsSchema = z.strictObject({
  ...epochOpeningSchema.shape,
  facts: factsWithoutProjectsSchema,
});

/** What an opening says besides its projects. */
export type EpochTerms = z.infer<typeof openingWithoutProjectsSchema>;
