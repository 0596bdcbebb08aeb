import { dirname, resolve } from "node:path";
import { z } from "zod";
import { addressSchema, listenSchema, readConfiguration } from "../../chain/hosting/read-configuration.ts";
import { LARGEST_EVIDENCE_BYTES } from "../../core/api/evidence.ts";

const MEBIBYTE = 1_048_576;

const configurationSchema = z.strictObject({
  chainId: z.number().int().positive(),
  rpcUrl: z.url(),
  vault: addressSchema,
  /** The contract of challenges; where it is absent, no evidence of challenges is taken. */
  challenges: addressSchema.optional(),
  /** Block from which the vault's plans, and challenges, are looked for. */
  fromBlock: z.number().int().nonnegative().default(0),
  listen: listenSchema,
  /** Host and port that sign-in messages must name; where the store listens, where it is absent. */
  domain: z.string().min(1).optional(),
  /** Directory of the evidence; it belongs to this service alone. */
  directory: z.string().min(1),
  /** Largest content that is taken. */
  largestBytes: z
    .number()
    .int()
    .min(1)
    .max(LARGEST_EVIDENCE_BYTES)
    .default(10 * MEBIBYTE),
  /** Largest evidence of a challenge. */
  challengeBytes: z.number().int().min(1).max(MEBIBYTE).default(262_144),
  /** Largest sum of all contents. */
  totalBytes: z
    .number()
    .int()
    .min(1)
    .default(10_240 * MEBIBYTE),
  /** Largest sum for one milestone. */
  milestoneBytes: z
    .number()
    .int()
    .min(1)
    .default(200 * MEBIBYTE),
  /** Most records for one milestone. */
  milestoneRecords: z.number().int().min(1).max(100_000).default(1_000),
  sessionSeconds: z.number().int().min(10).max(86_400).default(3_600),
});

/** Settings of an evidence store; paths are absolute. */
export type EvidenceConfiguration = z.infer<typeof configurationSchema>;

/** Reads a configuration file; relative paths count from its directory. @throws {MandateError} `ConfigurationInvalid`. */
export function loadEvidenceConfiguration(path: string): EvidenceConfiguration {
  const configuration = readConfiguration(path, configurationSchema);
  return { ...configuration, directory: resolve(dirname(path), configuration.directory) };
}

/** Every key that a configuration can have. */
export const configurationKeys = Object.keys(configurationSchema.shape);
