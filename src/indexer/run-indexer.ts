import type { Logger } from "pino";
import { createChainClient } from "../chain/client.ts";
import { loadDeployment } from "../chain/deployment.ts";
import { createChainReader } from "../chain/follow/chain-reader.ts";
import { listen } from "../chain/hosting/listen.ts";
import { openPool } from "../chain/hosting/open-pool.ts";
import { runProjection } from "../chain/projection/run-projection.ts";
import { dropProjection, ProjectionStore } from "../chain/projection/store.ts";
import type { Clock } from "../core/clock.ts";
import { MandateError, messageOf } from "../core/errors/mandate-error.ts";
import { AssetDirectory, nativeAsset } from "./answers/asset-directory.ts";
import { ContractNames } from "./answers/contract-names.ts";
import { OracleClocks } from "./answers/oracle-clocks.ts";
import { Organization } from "./answers/organization.ts";
import { readStatus } from "./answers/read-status.ts";
import { atHead } from "./answers/snapshot.ts";
import type { IndexerConfiguration } from "./configuration/configuration.ts";
import { createIndexerApp } from "./http/app.ts";
import { ChangeStream } from "./http/change-stream.ts";
import { organizationMigrations, organizationProjection, organizationSchema } from "./organization-projection.ts";
import type { Hex } from "../core/hex.ts";

export interface RunningIndexer {
  readonly url: string;
  /** Stops following, answers what it has begun, closes. */
  stop(): Promise<void>;
}

const CONNECTIONS = 6;

/** Starts the indexer: follows the chain and answers over HTTP when this resolves, wherever the backfill stands. */
export async function runIndexer(options: {
  readonly configuration: IndexerConfiguration;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Drops what was indexed and reads everything again. */
  readonly rebuild?: boolean;
}): Promise<RunningIndexer> {
  const { configuration, logger, clock } = options;
  const { chainId, rpcUrl } = configuration;
  const deployment = loadDeployment(configuration.deployment);
  if (deployment.chainId !== chainId) {
    throw new MandateError("WrongChain", `the deployment is on chain ${deployment.chainId}, not ${chainId}`, {
      kind: "input",
      data: { actual: deployment.chainId, expected: chainId },
    });
  }
  const pool = openPool({
    url: configuration.databaseUrl,
    name: "mandate-indexer",
    connections: CONNECTIONS,
    onLost: (error) => logger.warn({ error: messageOf(error) }, "a database connection ended"),
  });
  const aborting = new AbortController();
  try {
    if (options.rebuild === true) await dropProjection(pool, organizationSchema);
    const fromBlock = BigInt(deployment.fromBlock);
    const store = await ProjectionStore.open({
      pool,
      schema: organizationSchema,
      chainId,
      fromBlock,
      migrations: organizationMigrations,
    });
    const client = createChainClient({ chainId, rpcUrl, batch: true });
    const assets = new AssetDirectory(client);
    const names = new ContractNames(deployment);
    const changes = new ChangeStream();
    const state = { caughtUp: false, halted: false };

    const app = createIndexerApp({
      organization: new Organization({ pool, assets, names, clocks: new OracleClocks(client) }),
      changes,
      status: () => readStatus({ pool, chainId, names, clock }, state),
      config: async () => {
        const allowed = await atHead(pool, (snapshot) => snapshot.rows("asset", "WHERE allowed ORDER BY id"));
        const described = await assets.describeAll(
          allowed.length === 0 ? [nativeAsset] : allowed.map(({ id }) => id as Hex),
        );
        return {
          chainId,
          rpcUrl: configuration.publicRpcUrl ?? rpcUrl,
          contracts: names.addresses,
          assets: [...described.values()],
          operators: configuration.operators,
          attestors: configuration.attestors,
          gateway: configuration.gateway,
          evidenceStore: configuration.evidenceStore,
        };
      },
      webDirectory: configuration.webDirectory,
      onDefect: (thrown) => logger.error({ error: messageOf(thrown) }, "request failed"),
    });
    const listening = await listen(app.fetch, configuration.listen);

    const following = runProjection({
      store,
      projection: organizationProjection({
        authority: deployment.contracts.Authority,
        committed: (outcome) => {
          if (outcome.kind === "block") state.caughtUp = outcome.caughtUp;
          changes.publish(outcome);
        },
      }),
      reader: createChainReader(client),
      chainId,
      fromBlock,
      clock,
      log: logger,
      signal: aborting.signal,
      pollMs: configuration.pollMs,
    }).then((end) => {
      state.halted = end.ended === "halted";
    });

    const end = async (): Promise<void> => {
      aborting.abort();
      changes.close();
      await Promise.all([following, listening.close()]);
      await pool.end();
    };
    let ended: Promise<void> | undefined;
    return { url: listening.url, stop: () => (ended ??= end()) };
  } catch (thrown) {
    aborting.abort();
    await pool.end();
    throw thrown;
  }
}
