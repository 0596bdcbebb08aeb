import { resolve } from "node:path";
import { z } from "zod";
import { secretSchema, type SecretPlace } from "../../chain/hosting/secret.ts";
import { isAddressPermission } from "../egress/address-policy.ts";

/** Where an operator may connect to over HTTP, for sources and for peers. */
export const egressSchema = z.strictObject({
  /** Addresses, ranges (`10.1.0.0/16`) and hosts that may be connected to although they are not public. */
  allowPrivate: z
    .array(
      z.string().refine(isAddressPermission, "an address, a range such as 10.1.0.0/16, or a host name in lower case"),
    )
    .max(256)
    .default([]),
});

const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: "an origin such as https://api.example:8443, without a path",
});

const credential = z.strictObject({
  header: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default("authorization"),
  /** What stands before the secret, such as `Bearer `. */
  prefix: z
    .string()
    .regex(/^[\x20-\x7e]*$/)
    .max(100)
    .default(""),
  secret: secretSchema,
});

const database = z.strictObject({
  url: z
    .url({ protocol: /^postgres(ql)?$/ })
    .refine((text) => URL.canParse(text) && new URL(text).password === "" && !/[?&]password=/i.test(text), {
      error: "a connection string without a password, which stands in `password`",
    }),
  password: secretSchema.optional(),
});

export const sourcesSchema = z.strictObject({
  /** HTTP hosts that definitions may name: `host` or `host:port`. */
  hosts: z.array(z.string().min(1)).default([]),
  /** Directory of this operator's copy of each repository, by the name that definitions use. */
  repositories: z.record(z.string(), z.string().min(1)).default({}),
  /** Directories of files that definitions may name. */
  directories: z.record(z.string(), z.string().min(1)).default({}),
  /** PostgreSQL databases that definitions may ask, by the name that they use. */
  databases: z.record(z.string(), database).default({}),
  /** Secrets of HTTP sources, by origin. */
  credentials: z.record(origin, credential).default({}),
  timeoutMs: z.int().min(100).max(60_000).default(5_000),
  maximumBytes: z
    .int()
    .min(1_024)
    .max(64 * 1024 * 1024)
    .default(4 * 1024 * 1024),
});

/** What an operator reads, and with what. */
export type SourcesConfiguration = z.infer<typeof sourcesSchema>;

/** The same with every path counted from `directory`. */
export function sourcesWithin(directory: string, sources: SourcesConfiguration): SourcesConfiguration {
  return {
    ...sources,
    repositories: mapValues(sources.repositories, (path) => resolve(directory, path)),
    directories: mapValues(sources.directories, (path) => resolve(directory, path)),
    databases: mapValues(sources.databases, ({ url, password }) => ({
      url,
      ...(password === undefined ? {} : { password: secretWithin(directory, password) }),
    })),
    credentials: mapValues(sources.credentials, (each) => ({ ...each, secret: secretWithin(directory, each.secret) })),
  };
}

function secretWithin(directory: string, place: SecretPlace): SecretPlace {
  return "file" in place ? { file: resolve(directory, place.file) } : place;
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
