import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { localRecords } from "../../deploy/modules/local.ts";
import { devAccount, devAccountIndex, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { replaceFile } from "../../src/stack/disk.ts";
import { operatorNames } from "./found-organization.ts";
import { urlOf, type Layout } from "./layout.ts";
import type { Organization } from "./organization.ts";

/** What the services of a local stack have to know. */
export interface StackFacts {
  readonly layout: Layout;
  readonly deployment: Deployment;
  readonly organization: Organization;
  /** Directories of the git repositories that score definitions and specifications name. */
  readonly repositories: Readonly<Record<string, string>>;
}

function write(layout: Layout, name: string, configuration: unknown): string {
  const path = layout.configuration(name);
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, JSON.stringify(configuration, undefined, 2));
  return path;
}

/** Writes an operator's configuration. @returns its path. */
export function writeOperatorConfiguration({ layout, deployment, repositories }: StackFacts, number: number): string {
  const others = operatorNames.map((_name, index) => index + 1).filter((each) => each !== number);
  return write(layout, `operator-${number}`, {
    chainId: deployment.chainId,
    rpc: { urls: [urlOf(layout.ports.chain)], quorum: 1 },
    oracle: deployment.contracts.HeartbeatOracle,
    fromBlock: deployment.fromBlock,
    listen: { host: "127.0.0.1", port: layout.ports.operator(number) },
    peers: others.map((each) => urlOf(layout.ports.operator(each))),
    keys: { signing: { development: operatorNames[number - 1] }, gas: { development: operatorNames[number - 1] } },
    data: layout.operator(number),
    documents: layout.documents,
    egress: { allowPrivate: ["127.0.0.1"] },
    sources: { hosts: ["127.0.0.1"], repositories },
    submit: true,
    pollMs: 400,
  });
}

/** The attestors: an account, a contract wallet, a P-256 key. */
export const attestorNames = ["an account", "a contract wallet", "a P-256 key"] as const;

/** Writes an attestor's configuration. @returns its path. */
export function writeAttestorConfiguration(
  { layout, deployment, organization, repositories }: StackFacts,
  number: number,
  evidenceStores: readonly string[],
): string {
  const signers = [
    { kind: "eoa", key: { development: "attestorOne" } },
    { kind: "erc1271", contract: organization.wallet, key: { development: "attestorTwo" } },
    { kind: "p256", verifier: deployment.contracts.ERC7913P256Verifier, key: { development: "attestorThree" } },
  ];
  mkdirSync(layout.attestor(number), { recursive: true });
  return write(layout, `attestor-${number}`, {
    chainId: deployment.chainId,
    rpcUrl: urlOf(layout.ports.chain),
    vault: deployment.contracts.BudgetVault,
    fromBlock: deployment.fromBlock,
    listen: { host: "127.0.0.1", port: layout.ports.attestor(number) },
    documents: layout.documents,
    evidenceStores,
    database: `${layout.attestor(number)}/signing.sqlite`,
    signer: signers[number - 1],
    repositories,
  });
}

/** Writes the evidence store's configuration. @returns its path. */
export function writeEvidenceConfiguration({ layout, deployment }: StackFacts): string {
  return write(layout, "evidence", {
    chainId: deployment.chainId,
    rpcUrl: urlOf(layout.ports.chain),
    vault: deployment.contracts.BudgetVault,
    fromBlock: deployment.fromBlock,
    challenges: deployment.contracts.Challenges,
    listen: { host: "127.0.0.1", port: layout.ports.evidence },
    directory: layout.evidence,
  });
}

/** URLs of the services that others ask. */
export function operatorUrls(layout: Layout): string[] {
  return operatorNames.map((_name, index) => urlOf(layout.ports.operator(index + 1)));
}

export function attestorUrls(layout: Layout): string[] {
  return attestorNames.map((_name, index) => urlOf(layout.ports.attestor(index + 1)));
}

/** Writes the indexer's configuration. @returns its path. */
export function writeIndexerConfiguration(
  { layout, deployment }: StackFacts,
  webDirectory: string | undefined,
): string {
  return write(layout, "indexer", {
    chainId: deployment.chainId,
    rpcUrl: urlOf(layout.ports.chain),
    deployment: layout.deployment,
    listen: { host: "127.0.0.1", port: layout.ports.web },
    ...(webDirectory === undefined ? {} : { webDirectory }),
    operators: operatorUrls(layout),
    attestors: attestorUrls(layout),
    gateway: urlOf(layout.ports.acl),
    evidenceStore: urlOf(layout.ports.evidence),
  });
}

/** Writes the data gateway's configuration. @returns its path. */
export function writeGatewayConfiguration({ layout, deployment }: StackFacts): string {
  return write(layout, "acl", {
    chainId: deployment.chainId,
    rpcUrl: urlOf(layout.ports.chain),
    deployment: layout.deployment,
    listen: { host: "127.0.0.1", port: layout.ports.acl },
    records: localRecords,
  });
}

/** File of the token that opens the local feed; made at the first start. */
function feedTokenFile(layout: Layout): string {
  const path = join(layout.notify, "feed-token");
  mkdirSync(layout.notify, { recursive: true });
  if (!existsSync(path)) replaceFile(path, randomBytes(24).toString("base64url"));
  return path;
}

/** Where the local notices are read. */
export function feedUrl(layout: Layout): string {
  return `${urlOf(layout.ports.notify)}/v1/feeds/desk?token=${readFileSync(feedTokenFile(layout), "utf8")}`;
}

/**
 * Writes the notification service's configuration: a feed on loopback gets everything. Mail to a server on this machine is
 * left to whoever runs one.
 * @returns its path.
 */
export function writeNotifyConfiguration({ layout, deployment }: StackFacts): string {
  const names = Object.keys(devAccountIndex) as DevAccountName[];
  return write(layout, "notify", {
    chainId: deployment.chainId,
    rpcUrl: urlOf(layout.ports.chain),
    deployment: layout.deployment,
    database: join(layout.notify, "notify.sqlite"),
    listen: { host: "127.0.0.1", port: layout.ports.notify },
    pollMs: 500,
    names: Object.fromEntries(names.map((name) => [devAccount(name).address, name])),
    channels: { desk: { kind: "feed", token: { file: feedTokenFile(layout) } } },
    subscriptions: [{ to: { everything: true }, channels: ["desk"] }],
  });
}
