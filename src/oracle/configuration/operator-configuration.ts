import { dirname, resolve } from "node:path";
import { z } from "zod";
import { accountSchema, accountWithin } from "../../chain/hosting/configured-account.ts";
import { addressSchema, listenSchema, readConfiguration } from "../../chain/hosting/read-configuration.ts";
import { cosigningKeySchema } from "../cosigning/cosigning-key.ts";
import { evidenceSchema } from "./evidence-configuration.ts";
import { rpcSchema } from "../../chain/rpc/rpc-configuration.ts";
import { egressSchema, sourcesSchema, sourcesWithin } from "./sources-configuration.ts";

export const operatorConfigurationSchema = z.strictObject({
  chainId: z.int().positive(),
  rpc: rpcSchema,
  oracle: addressSchema,
  /** Block of the deployment, from which projects and reports are looked for. */
  fromBlock: z.int().nonnegative().default(0),
  listen: listenSchema,
  /** URLs of the other operators. */
  peers: z.array(z.url()).max(31),
  keys: z.strictObject({
    /** Signs observations, votes and reports; stands in the operator set. */
    signing: accountSchema,
    /** Pays for the submission. In production a key of its own, so that one that leaks cannot sign reports. */
    gas: accountSchema,
    /** Signs reports together with the other operators; another key than both. Without it the operator signs alone. */
    cosigning: cosigningKeySchema.optional(),
  }),
  /** Directory of this operator alone: signing database, outbox, evidence. */
  data: z.string().min(1),
  /** Directory of score definitions and rulesets, each in `<hash>.json`. */
  documents: z.string().min(1),
  egress: egressSchema.prefault({}),
  sources: sourcesSchema.prefault({}),
  evidence: evidenceSchema.prefault({}),
  /** Whether reports are handed to the chain. Until told to, an operator measures, agrees and signs, and leaves submitting to others. */
  submit: z.boolean().default(false),
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
      /** Fund that refunds whoever submits; without it reports go to the oracle itself. */
      fund: addressSchema.optional(),
    })
    .prefault({}),
});

/** Settings of an operator; paths are absolute, addresses in lower case. */
export type OperatorConfiguration = z.infer<typeof operatorConfigurationSchema>;

function located(configuration: OperatorConfiguration, directory: string): OperatorConfiguration {
  const at = (path: string): string => resolve(directory, path);
  const { sources, keys } = configuration;
  return {
    ...configuration,
    data: at(configuration.data),
    documents: at(configuration.documents),
    keys: {
      signing: accountWithin(directory, keys.signing),
      gas: accountWithin(directory, keys.gas),
      ...(keys.cosigning === undefined ? {} : { cosigning: accountWithin(directory, keys.cosigning) }),
    },
    sources: sourcesWithin(directory, sources),
  };
}

/**
 * Reads a configuration file (YAML or JSON); relative paths count from its directory.
 * @throws {MandateError} `ConfigurationInvalid` with the exact path of what is wrong.
 */
export function loadOperatorConfiguration(path: string): OperatorConfiguration {
  return located(readConfiguration(path, operatorConfigurationSchema), dirname(resolve(path)));
}
