import type { Logger } from "pino";
import { createChainClient } from "../chain/client.ts";
import { loadDeployment } from "../chain/deployment.ts";
import { createChainReader } from "../chain/follow/chain-reader.ts";
import { listen } from "../chain/hosting/listen.ts";
import { runProjection } from "../chain/projection/run-projection.ts";
import type { Clock } from "../core/clock.ts";
import { MandateError, messageOf } from "../core/errors/mandate-error.ts";
import { assertDatabaseHolds, attacks } from "./attack/attack-database.ts";
import type { AclConfiguration } from "./configuration/configuration.ts";
import { openAclDatabase } from "./database/open-database.ts";
import { createGatewayApp } from "./gateway/app.ts";
import { EnforcedReads } from "./gateway/enforced-reads.ts";
import { permissionProjection } from "./mirror/permission-projection.ts";
import { putRecords, registerResources } from "./resources/register-resources.ts";
import { checkSignIn } from "../chain/sign-in/check-sign-in.ts";
import { Nonces } from "../chain/sign-in/nonces.ts";
import { Sessions } from "./sessions/sessions.ts";

export interface RunningAcl {
  readonly url: string;
  /** Attacks on its own database that it withstood before it began to serve. */
  readonly attacksWithstood: number;
  /** Stops mirroring, answers what it has begun, closes. */
  stop(): Promise<void>;
}

/** Pause between two looks for rows that wait for their address. */
const REGISTRATION_PAUSE_MS = 500;

/**
 * Starts the data gateway: sets its database up, attacks it, mirrors the authority's permissions, serves reads.
 * @throws {MandateError} `DatabaseBreached` where any of its own attacks gets through; `WrongChain`, `PortInUse`, `DatabaseMissing`.
 */
export async function runAcl(options: {
  readonly configuration: AclConfiguration;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Drops the mirror, with all sessions, and reads the whole history again. Protected rows stay. */
  readonly rebuild?: boolean;
}): Promise<RunningAcl> {
  const { configuration, logger, clock } = options;
  const { chainId, rpcUrl, maximumLagSeconds } = configuration;
  const deployment = loadDeployment(configuration.deployment);
  if (deployment.chainId !== chainId) {
    throw new MandateError("WrongChain", `the deployment is on chain ${deployment.chainId}, not ${chainId}`, {
      kind: "input",
      data: { actual: deployment.chainId, expected: chainId },
    });
  }
  const fromBlock = BigInt(deployment.fromBlock);
  const database = await openAclDatabase({
    url: configuration.databaseUrl,
    rolePrefix: configuration.rolePrefix,
    chainId,
    fromBlock,
    maximumLagSeconds,
    connections: configuration.connections,
    rebuild: options.rebuild === true,
    onLost: (error) => logger.warn({ error: messageOf(error) }, "a database connection ended"),
  });
  const aborting = new AbortController();
  try {
    await putRecords(database.owner, configuration.records);
    await assertDatabaseHolds(database);

    const client = createChainClient({ chainId, rpcUrl, batch: true });
    const nonces = new Nonces(clock);
    const reads = new EnforcedReads(database.gateway);
    const { host, port } = configuration.listen;
    let domain = configuration.domain ?? `${host}:${port}`;
    const app = createGatewayApp({
      reads,
      sessions: new Sessions({ pool: database.signIn, lifetimeSeconds: configuration.sessionSeconds }),
      issueNonce: () => nonces.issue(),
      signIn: (message, signature) =>
        checkSignIn(
          { message, signature, nowMs: clock.nowMs() },
          {
            domain,
            chainId,
            useNonce: (nonce) => nonces.use(nonce),
            isSignatureOf: (claim) =>
              client.verifyMessage({ address: claim.account, message: claim.message, signature: claim.signature }),
          },
        ),
      status: async () => {
        const { at, lagSeconds, trouble } = await reads.mirror();
        const isFresh = lagSeconds !== null && lagSeconds <= maximumLagSeconds;
        return {
          at,
          serving: isFresh && trouble === null,
          lagSeconds,
          maximumLagSeconds,
          trouble,
          attacksWithstood: attacks.length,
        };
      },
      onDefect: (thrown) => logger.error({ error: messageOf(thrown) }, "request failed"),
    });
    const listening = await listen(app.fetch, configuration.listen);
    if (configuration.domain === undefined) domain = new URL(listening.url).host;

    const mirroring = runProjection({
      store: database.store,
      projection: permissionProjection({
        authority: deployment.contracts.Authority,
        committed: (outcome) => {
          if (outcome.kind === "trouble") logger.error(outcome.trouble, "everything is denied until this is resolved");
        },
      }),
      reader: createChainReader(client),
      chainId,
      fromBlock,
      clock,
      log: logger,
      signal: aborting.signal,
      pollMs: configuration.pollMs,
    });
    const registering = registerUntil(aborting.signal);

    const end = async (): Promise<void> => {
      aborting.abort();
      await Promise.all([mirroring, registering, listening.close()]);
      await database.close();
    };
    let ended: Promise<void> | undefined;
    return { url: listening.url, attacksWithstood: attacks.length, stop: () => (ended ??= end()) };
  } catch (thrown) {
    aborting.abort();
    await database.close();
    throw thrown;
  }

  async function registerUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await registerResources(database.owner);
      } catch (thrown) {
        logger.warn({ error: messageOf(thrown) }, "new rows wait for their address"); // and stay unreadable meanwhile
      }
      await clock.sleep(REGISTRATION_PAUSE_MS, signal);
    }
  }
}
