import { dirname, resolve } from "node:path";
import { z } from "zod";
import { listenSchema, readConfiguration } from "../../chain/hosting/read-configuration.ts";

const configurationSchema = z.strictObject({
  chainId: z.number().int().positive(),
  rpcUrl: z.url(),
  /** PostgreSQL, as a role that may create roles; used to set up, never to serve. `DATABASE_URL` goes first. */
  databaseUrl: z.string().min(1).optional(),
  /** File of the deployment record. */
  deployment: z.string().min(1),
  listen: listenSchema,
  /** Host and port that sign-in messages must name; where the gateway listens, where it is absent. */
  domain: z.string().min(1).optional(),
  /** Beyond this many seconds without a new block everything is denied. */
  maximumLagSeconds: z.number().int().min(2).max(3_600).default(30),
  sessionSeconds: z.number().int().min(10).max(86_400).default(3_600),
  /** Start of the names of the database roles, which the whole cluster shares. */
  rolePrefix: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/)
    .default("mandate_acl"),
  /** Rows of the example table that are written at start. */
  records: z.array(z.strictObject({ id: z.string().min(1).max(200), title: z.string(), body: z.string() })).default([]),
  /** Connections that serve readers. */
  connections: z.number().int().min(1).max(100).default(8),
  /** Pause between two looks at the head of the chain. */
  pollMs: z.number().int().min(10).max(10_000).default(100),
});

/** Settings of the data gateway; paths are absolute. */
export type AclConfiguration = z.infer<typeof configurationSchema>;

/** Reads a configuration file; relative paths count from its directory. @throws {MandateError} `ConfigurationInvalid`. */
export function loadAclConfiguration(path: string): AclConfiguration {
  const configuration = readConfiguration(path, configurationSchema);
  return { ...configuration, deployment: resolve(dirname(path), configuration.deployment) };
}

/** Every key that a configuration can have. */
export const configurationKeys = Object.keys(configurationSchema.shape);
