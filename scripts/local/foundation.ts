import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parametersText, type Parameters } from "../../deploy/parameters.ts";
import { createChainClient } from "../../src/chain/client.ts";
import { loadDeployment } from "../../src/chain/deployment.ts";
import type { Session } from "../../src/sdk/session.ts";
import { startChain, type LocalChain } from "../../src/stack/chain.ts";
import { replaceFile } from "../../src/stack/disk.ts";
import { removeCluster } from "../../src/stack/postgres-program.ts";
import { startPostgres, type LocalPostgres } from "../../src/stack/postgres.ts";
import type { Supervisor } from "../../src/stack/supervisor/supervisor.ts";
import { deployLocally } from "./deploy-local.ts";
import { foundOrganization } from "./found-organization.ts";
import type { Layout } from "./layout.ts";
import { loadOrganization, type Organization } from "./organization.ts";

/** Files that belong to the running start itself, not to the state that it works on. */
const notState = new Set(["lock.sqlite", "lock.sqlite-journal", "running.json", "logs"]);

/** Seconds from the deployment to the first epoch: time to found the organization and to start its services. */
const FOUNDING_SECONDS = 10;

/** What everything else of a local stack stands on. */
export interface Foundation {
  readonly chain: LocalChain;
  readonly postgres: LocalPostgres;
  readonly session: Session;
  readonly organization: Organization;
  /** Whether this start made it, and what was read back then. */
  readonly origin: { readonly fresh: false } | { readonly fresh: true; readonly checked: number };
}

export interface FoundationOptions {
  readonly layout: Layout;
  readonly supervisor: Supervisor;
  /** Parameters that differ from deploy/params/local.json. */
  readonly parameters: Parameters;
  readonly snapshotIntervalMs?: number;
  /** Whether the state is removed afterwards. */
  readonly throwaway?: boolean;
  /** Done once, on a fresh chain, before the state counts as complete. */
  readonly onFounded?: (session: Session, organization: Organization) => Promise<void>;
  readonly onProgress: (text: string) => void;
}

/** The organization's record is written last: where it is, everything before it is complete. */
function isComplete(layout: Layout): boolean {
  return existsSync(layout.organization);
}

/** Removes what an interrupted first start left. Nothing in it was ever usable. */
function clearHalfState(layout: Layout): boolean {
  if (!existsSync(layout.directory)) return false;
  const left = readdirSync(layout.directory).filter((name) => !notState.has(name));
  removeCluster(layout.postgres);
  for (const name of left) rmSync(join(layout.directory, name), { recursive: true, force: true });
  return left.length > 0;
}

async function deployAndFound(options: FoundationOptions, chain: LocalChain) {
  const { layout, onProgress } = options;
  return chain.minedAtOnce(async () => {
    onProgress("Deploying the contracts");
    const genesisUnixSeconds = Math.floor(Date.now() / 1_000) + FOUNDING_SECONDS;
    const overrides = { ...options.parameters, Oracle: { ...options.parameters["Oracle"], genesisUnixSeconds } };
    const { deployment, parameters, checked } = await deployLocally(chain, overrides);
    onProgress(`Deployed; ${checked} values read back and found as meant`);
    const session = { client: createChainClient({ chainId: chain.chainId, rpcUrl: chain.rpcUrl }), deployment };
    onProgress("Founding the example organization: anchor, operators, pool, seats, attestors");
    const organization = await foundOrganization(session, layout.documents);
    await options.onFounded?.(session, organization);
    return { session, organization, parameters, checked };
  });
}

/**
 * Starts chain and PostgreSQL; the first time deploys the system and founds the example organization.
 * @throws {MandateError} of ports, programs, disk and deployment.
 */
export async function layFoundation(options: FoundationOptions): Promise<Foundation> {
  const { layout, supervisor, onProgress } = options;
  const fresh = !isComplete(layout);
  if (fresh && clearHalfState(layout)) onProgress("An earlier first start did not finish; starting over");
  mkdirSync(layout.directory, { recursive: true });

  onProgress("Starting the embedded chain and PostgreSQL");
  const { snapshotIntervalMs } = options;
  const interval = snapshotIntervalMs === undefined ? {} : { snapshotIntervalMs };
  let chain: LocalChain | undefined;
  let postgres: LocalPostgres | undefined;
  await supervisor.startStage<LocalChain | LocalPostgres>([
    async () => (chain = await startChain({ port: layout.ports.chain, directory: layout.chain, ...interval })),
    async () =>
      (postgres = await startPostgres({
        port: layout.ports.postgres,
        directory: layout.postgres,
        throwaway: options.throwaway === true,
      })),
  ]);
  if (chain === undefined || postgres === undefined) throw new TypeError("a stage that started has all its parts");

  if (!fresh) {
    const deployment = loadDeployment(layout.deployment);
    const session = { client: createChainClient({ chainId: chain.chainId, rpcUrl: chain.rpcUrl }), deployment };
    return { chain, postgres, session, organization: loadOrganization(layout.organization), origin: { fresh: false } };
  }
  const { session, organization, parameters, checked } = await deployAndFound(options, chain);
  await chain.save(); // before the records: they never name what the chain has lost
  replaceFile(layout.deployment, `${JSON.stringify(session.deployment, undefined, 2)}\n`);
  replaceFile(layout.parameters, parametersText(parameters));
  replaceFile(layout.organization, `${JSON.stringify(organization, undefined, 2)}\n`);
  return { chain, postgres, session, organization, origin: { fresh: true, checked } };
}
