import { dirname, resolve } from "node:path";
import { z } from "zod";
import { listenSchema, readConfiguration } from "../../chain/hosting/read-configuration.ts";

const configurationSchema = z.strictObject({
  chainId: z.number().int().positive(),
  rpcUrl: z.url(),
  /** PostgreSQL; the indexer owns the schema `indexer` in it. `DATABASE_URL` in the environment goes first. */
  databaseUrl: z.string().min(1).optional(),
  /** File of the deployment record. */
  deployment: z.string().min(1),
  listen: listenSchema,
  /** Directory of the built web app; none is served where it is absent. */
  webDirectory: z.string().min(1).optional(),
  /** The endpoint that browsers use; `rpcUrl` where it is absent. */
  publicRpcUrl: z.url().optional(),
  operators: z.array(z.url()).default([]),
  attestors: z.array(z.url()).default([]),
  gateway: z.url().nullable().default(null),
  /** Where the evidence of challenges can be read. */
  evidenceStore: z.url().nullable().default(null),
  /** Pause between two looks at the head of the chain. */
  pollMs: z.number().int().min(10).max(60_000).default(200),
});

/** Settings of the indexer; paths are absolute. */
export type IndexerConfiguration = z.infer<typeof configurationSchema>;

/** Reads a configuration file; relative paths count from its directory. @throws {MandateError} `ConfigurationInvalid`. */
export function loadIndexerConfiguration(path: string): IndexerConfiguration {
  const configuration = readConfiguration(path, configurationSchema);
  const at = (file: string): string => resolve(dirname(path), file);
  return {
    ...configuration,
    deployment: at(configuration.deployment),
    ...(configuration.webDirectory === undefined ? {} : { webDirectory: at(configuration.webDirectory) }),
  };
}

/** Every key that a configuration can have. */
export const configurationKeys = Object.keys(configurationSchema.shape);
