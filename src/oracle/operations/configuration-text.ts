import type { Hex } from "../../core/hex.ts";

/** What an operator's first configuration is made of. */
export interface FirstConfiguration {
  readonly chainId: number;
  readonly rpcUrls: readonly string[];
  readonly oracle: string;
  readonly fromBlock: number;
  readonly host: string;
  readonly port: number;
  readonly peers: readonly string[];
  /** Where keys were made; undefined where the operator brings its own. */
  readonly addresses: { readonly signing: Hex; readonly gas: Hex } | undefined;
}

/** Names in the directory of an operator, as its first configuration has them. */
export const operatorFiles = {
  configuration: "operator.yaml",
  data: "data",
  documents: "documents",
  signing: "keys/signing.json",
  gas: "keys/gas.json",
  password: "keys/password",
} as const;

/** A list in YAML: JSON is YAML, and quotes what needs it. */
function list(values: readonly string[]): string {
  return values.length === 0 ? " []" : values.map((each) => `\n  - ${JSON.stringify(each)}`).join("");
}

function key(duty: "signing" | "gas", addresses: FirstConfiguration["addresses"]): string {
  const { password } = operatorFiles;
  const address = addresses === undefined ? "" : `, address: "${addresses[duty]}"`;
  return `{ keystore: ${operatorFiles[duty]}, password: { file: ${password} }${address} }`;
}

/** A commented configuration; paths in it count from its own directory. */
export function configurationText(first: FirstConfiguration): string {
  const { chainId, rpcUrls, oracle, fromBlock, host, port, peers, addresses } = first;
  return `# Configuration of an oracle operator. Every key: docs/operations/oracle-manual.md
# This file may hold a key in its RPC address: keep its mode at 0600.

# The chain. Of its endpoints a majority must say the same: docs/operations/oracle-rpc.md
chainId: ${chainId}
rpc:
  quorum: ${Math.floor(rpcUrls.length / 2) + 1}
  urls:${list(rpcUrls).replaceAll("\n", "\n  ")}

# The oracle contract. It names the ruleset of each epoch: which vaults are scored, how, and when a block is settled.
oracle: ${JSON.stringify(oracle)}
# Block of the deployment, from which projects and reports are looked for.
fromBlock: ${fromBlock}

# Where other operators, projects and your monitoring reach this one. Put a proxy with TLS in front of it.
listen: { host: ${JSON.stringify(host)}, port: ${port} }
# Addresses of the other operators.
peers:${list(peers)}

# Two keys: one signs reports, the other pays for their submission. Other places for a key:
#   { env: SIGNING_KEY }                                        an environment variable
#   { file: keys/signing }                                      a file with the bare key
#   { remote: "http://127.0.0.1:9000", address: "0x..." }       a remote signer (Web3Signer)
keys:
  signing: ${key("signing", addresses)}
  gas: ${key("gas", addresses)}
# A third one, \`cosigning\`, signs reports together with the others: docs/operations/oracle-manual.md#signing-together

# Signing database, outbox and evidence: of this operator alone. Never start two operators with one signing key.
data: ${operatorFiles.data}
# Score definitions and rulesets, each in <hash>.json; what is missing is fetched from peers.
documents: ${operatorFiles.documents}

# What definitions may read: docs/operations/oracle-sources.md
sources:
  hosts: []
# Addresses that are not public and may be connected to although they are not.
egress:
  allowPrivate: []

# Until this is true the operator measures, agrees and signs, but submits nothing.
submit: false
`;
}
