import { dirname, resolve } from "node:path";
import { z } from "zod";
import { keySchema, keyWithin } from "../../chain/hosting/configured-key.ts";
import { addressSchema, listenSchema, readConfiguration } from "../../chain/hosting/read-configuration.ts";
import { referenceName } from "../evidence/specification.ts";

const signer = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("eoa"), key: keySchema }),
  z.strictObject({ kind: z.literal("erc1271"), contract: addressSchema, key: keySchema }),
  /** A Safe, by the keys of as many of its owners as its threshold asks for. */
  z.strictObject({ kind: z.literal("safe"), safe: addressSchema, ownerKeys: z.array(keySchema).min(1) }),
  z.strictObject({ kind: z.literal("p256"), verifier: addressSchema, key: keySchema }),
]);

const configurationSchema = z.strictObject({
  chainId: z.number().int().positive(),
  rpcUrl: z.url(),
  vault: addressSchema,
  /** Block from which the vault's plans are looked for. */
  fromBlock: z.number().int().nonnegative().default(0),
  listen: listenSchema,
  /** Directory of specifications, each in `<hash>.json`. */
  documents: z.string().min(1),
  /** Evidence stores, asked in this order for what the directory does not have; the attestor signs in with its signer. */
  evidenceStores: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(8)
    .default([]),
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

function located(configuration: AttestorConfiguration, directory: string): AttestorConfiguration {
  const at = (path: string): string => resolve(directory, path);
  return {
    ...configuration,
    documents: at(configuration.documents),
    database: at(configuration.database),
    repositories: Object.fromEntries(
      Object.entries(configuration.repositories).map(([name, path]) => [name, at(path)]),
    ),
    signer: signerWithin(directory, configuration.signer),
  };
}

function signerWithin(directory: string, signer: SignerConfiguration): SignerConfiguration {
  if (signer.kind !== "safe") return { ...signer, key: keyWithin(directory, signer.key) };
  return { ...signer, ownerKeys: signer.ownerKeys.map((key) => keyWithin(directory, key)) };
}

/**
 * Reads a configuration file (YAML or JSON); relative paths count from its directory.
 * @throws {MandateError} `ConfigurationInvalid` with the exact path of what is wrong.
 */
export function loadAttestorConfiguration(path: string): AttestorConfiguration {
  return located(readConfiguration(path, configurationSchema), dirname(resolve(path)));
}
