import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { devAccountIndex, type DevAccountName } from "../../chain/dev-accounts.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text.toLowerCase() as Hex);

const developmentNames = Object.keys(devAccountIndex) as [DevAccountName, ...DevAccountName[]];

const key = z.union([
  /** File that holds 32 bytes in hexadecimal. */
  z.strictObject({ file: z.string().min(1) }),
  /** A key of the public test mnemonic, known to everybody: never for value. */
  z.strictObject({ development: z.enum(developmentNames) }),
]);

const configurationSchema = z.strictObject({
  chainId: z.int().positive(),
  rpcUrl: z.url(),
  oracle: address,
  /** Vaults whose active projects are scored. */
  vaults: z.array(address).min(1).max(16),
  /** Block of the deployment, from which projects and reports are looked for. */
  fromBlock: z.int().nonnegative().default(0),
  listen: z.strictObject({ host: z.string().min(1), port: z.int().min(0).max(65_535) }),
  /** URLs of the other operators. */
  peers: z.array(z.url()).max(31),
  keys: z.strictObject({
    /** Signs observations, votes and reports; stands in the operator set. */
    signing: key,
    /** Pays for the submission. In production a key of its own, so that one that leaks cannot sign reports. */
    gas: key,
  }),
  /** Directory of this operator alone: signing database, outbox, evidence. */
  data: z.string().min(1),
  /** Directory of score definitions, each in `<hash>.json`. */
  documents: z.string().min(1),
  sources: z
    .strictObject({
      /** HTTP hosts that definitions may name: `host` or `host:port`. */
      hosts: z.array(z.string().min(1)).default([]),
      /** Directory of this operator's copy of each repository, by the name that definitions use. */
      repositories: z.record(z.string(), z.string().min(1)).default({}),
      timeoutMs: z.int().min(100).max(60_000).default(5_000),
      maximumBytes: z
        .int()
        .min(1_024)
        .max(64 * 1024 * 1024)
        .default(4 * 1024 * 1024),
    })
    .prefault({}),
  /** Pause between looks at the chain and at the peers. */
  pollMs: z.int().min(50).max(60_000).default(1_000),
  submission: z
    .strictObject({
      /** How long a transaction may stay unmined before it offers more. */
      bumpAfterMs: z.int().min(500).default(15_000),
      /** Most that is offered, in wei per gas. */
      feeLimitWei: z
        .string()
        .regex(/^[1-9]\d{0,30}$/)
        .default("500000000000"),
    })
    .prefault({}),
});

/** Settings of an operator; paths are absolute, addresses in lower case. */
export type OperatorConfiguration = z.infer<typeof configurationSchema>;
export type KeyConfiguration = OperatorConfiguration["keys"]["signing"];

function located(configuration: OperatorConfiguration, directory: string): OperatorConfiguration {
  const at = (path: string): string => resolve(directory, path);
  const keyAt = (each: KeyConfiguration): KeyConfiguration => ("file" in each ? { file: at(each.file) } : each);
  const { sources, keys } = configuration;
  const repositories = Object.fromEntries(Object.entries(sources.repositories).map(([name, path]) => [name, at(path)]));
  return {
    ...configuration,
    data: at(configuration.data),
    documents: at(configuration.documents),
    keys: { signing: keyAt(keys.signing), gas: keyAt(keys.gas) },
    sources: { ...sources, repositories },
  };
}

/**
 * Reads a configuration file (YAML or JSON); relative paths count from its directory.
 * @throws {MandateError} `ConfigurationInvalid` with the exact path of what is wrong.
 */
export function loadOperatorConfiguration(path: string): OperatorConfiguration {
  let value: unknown;
  try {
    value = parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("ConfigurationInvalid", `cannot read ${path}: ${messageOf(cause)}`, {
      kind: "input",
      cause,
    });
  }
  const parsed = configurationSchema.safeParse(value);
  if (!parsed.success) {
    throw new MandateError("ConfigurationInvalid", `${path}: ${z.prettifyError(parsed.error)}`, {
      kind: "input",
      cause: parsed.error,
    });
  }
  return located(parsed.data, dirname(resolve(path)));
}
