import type { Logger } from "pino";
import { assertChainId, createChainClient } from "../chain/client.ts";
import { listen } from "../chain/hosting/listen.ts";
import { Nonces } from "../chain/sign-in/nonces.ts";
import { signatureReaderOf } from "../chain/signature/signature-reader.ts";
import type { Clock } from "../core/clock.ts";
import { challengeReader } from "./access/read-challenge.ts";
import { partiesReader } from "./access/read-parties.ts";
import type { EvidenceConfiguration } from "./configuration/configuration.ts";
import { createEvidenceApp } from "./http/app.ts";
import { createEvidenceMetrics } from "./http/evidence-metrics.ts";
import { decideSignIn } from "./sessions/sign-in.ts";
import { Sessions } from "./sessions/sessions.ts";
import { EvidenceStore } from "./store/evidence-store.ts";

export interface RunningEvidence {
  readonly url: string;
  /** Answers what it has begun, ends what it writes, closes. */
  stop(): Promise<void>;
}

/**
 * Starts an evidence store; it answers when this resolves.
 * @throws {MandateError} `WrongChain`, `PortInUse`, `EvidenceRecordInvalid`.
 */
export async function runEvidence(options: {
  readonly configuration: EvidenceConfiguration;
  readonly logger: Logger;
  readonly clock: Clock;
}): Promise<RunningEvidence> {
  const { configuration, logger, clock } = options;
  const { chainId, rpcUrl, vault, challenges, totalBytes, milestoneBytes, milestoneRecords } = configuration;
  const client = createChainClient({ chainId, rpcUrl });
  await assertChainId(client);
  const store = await EvidenceStore.open(configuration.directory, { totalBytes, milestoneBytes, milestoneRecords });
  const fromBlock = BigInt(configuration.fromBlock);
  const nonces = new Nonces(clock);
  const { host, port } = configuration.listen;
  let domain = configuration.domain ?? `${host}:${port}`;
  const app = createEvidenceApp({
    store,
    sessions: new Sessions({ clock, lifetimeSeconds: configuration.sessionSeconds }),
    readParties: partiesReader(client, { vault, fromBlock }),
    readChallenge: challenges === undefined ? undefined : challengeReader(client, { challenges, fromBlock }),
    issueNonce: () => nonces.issue(),
    signIn: (request) =>
      decideSignIn(request, {
        domain,
        chainId,
        useNonce: (nonce) => nonces.use(nonce),
        reader: signatureReaderOf(client),
        nowMs: clock.nowMs(),
      }),
    chainAnswers: () =>
      client.getBlockNumber({ cacheTime: 0 }).then(
        () => true,
        () => false,
      ),
    metrics: createEvidenceMetrics(),
    largestBytes: configuration.largestBytes,
    challengeBytes: configuration.challengeBytes,
    totalBytes,
    nowMs: () => clock.nowMs(),
    logger,
  });
  const listening = await listen(app.fetch, configuration.listen);
  if (configuration.domain === undefined) domain = new URL(listening.url).host;
  const end = async (): Promise<void> => {
    await listening.close();
    await store.settled();
  };
  let ended: Promise<void> | undefined;
  return { url: listening.url, stop: () => (ended ??= end()) };
}
