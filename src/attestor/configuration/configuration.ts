import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { devAccountIndex, type DevAccountName } from "../../chain/dev-accounts.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { referenceName } from "../evidence/specification.ts";

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

const signer = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("eoa"), key }),
  z.strictObject({ kind: z.literal("erc1271"), contract: address, key }),
  z.strictObject({ kind: z.literal("p256"), verifier: address, key }),
]);

const configurationSchema = z.strictObject({
  chainId: z.number().int().positive(),
  rpcUrl: z.url(),
  vault: address,
  /** Block from which the vault's plans are looked for. */
  fromBlock: z.number().int().nonnegative().default(0),
  listen: z.strictObject({ host: z.string().min(1), port: z.number().int().min(0).max(65_535) }),
  /** Directory of specifications, each in `<hash>.json`. */
  documents: z.string().min(1),
  /** File of the signing database. */
  database: z.string().min(1),
  signer,
  /** Local directories of repositories that specifications name. */
  repositories: z.record(referenceName, z.string().min(1)).default({}),
  /** Longest validity of a signed proof, in seconds. */
  longestProofSeconds: z.number().int().positive().default(604_800),
});

/** Settings of an attestor service; paths are absolute. */
export type AttestorConfiguration = z.infer<typeof configurationSchema>;
export type SignerConfiguration = AttestorConfiguration["signer"];
export type KeyConfiguration = SignerConfiguration["key"];

function located(configuration: AttestorConfiguration, directory: string): AttestorConfiguration {
  const at = (path: string): string => resolve(directory, path);
  const { signer: each } = configuration;
  return {
    ...configuration,
    documents: at(configuration.documents),
    database: at(configuration.database),
    repositories: Object.fromEntries(
      Object.entries(configuration.repositories).map(([name, path]) => [name, at(path)]),
    ),
    signer: "file" in each.key ? { ...each, key: { file: at(each.key.file) } } : each,
  };
}

/**
 * Reads a configuration file (YAML or JSON); relative paths count from its directory.
 * @throws {MandateError} `ConfigurationInvalid` with the exact path of what is wrong.
 */
export function loadAttestorConfiguration(path: string): AttestorConfiguration {
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
