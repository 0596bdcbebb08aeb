import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Logger } from "pino";
import { assertChainId } from "../chain/client.ts";
import { openAccount } from "../chain/hosting/configured-account.ts";
import { listen } from "../chain/hosting/listen.ts";
import { openOutboxStore } from "../chain/outbox/outbox-store.ts";
import { Outbox } from "../chain/outbox/outbox.ts";
import { DisagreementWatch } from "../chain/rpc/disagreement-watch.ts";
import { createQuorumClient } from "../chain/rpc/quorum-transport.ts";
import { systemClock } from "../core/clock.ts";
import { hexOf, type Hex } from "../core/hex.ts";
import { createOperatorApp } from "./api/app.ts";
import { EpochSealer } from "./bundle/epoch-sealer.ts";
import type { OperatorConfiguration } from "./configuration/operator-configuration.ts";
import { closedEpoch } from "./epochs/epoch-clock.ts";
import { OracleChain } from "./epochs/oracle-chain.ts";
import { openCosigningKey } from "./cosigning/cosigning-key.ts";
import { readSetKeys } from "./cosigning/set-keys.ts";
import { DocumentDirectory } from "./documents/document-directory.ts";
import { addressPolicy } from "./egress/address-policy.ts";
import { EgressClient } from "./egress/egress-client.ts";
import { EvidenceStore } from "./evidence/evidence-store.ts";
import { AcceptedReports } from "./node/accepted-reports.ts";
import { registerOperatorGauges } from "./node/operator-gauges.ts";
import { createOperatorMetrics } from "./node/operator-metrics.ts";
import { OperatorNode } from "./node/operator-node.ts";
import { findDocumentAt } from "./peers/find-document.ts";
import { PeerClient } from "./peers/peer-client.ts";
import { RulesetWatch } from "./rulesets/ruleset-watch.ts";
import { DefinitionLibrary } from "./scoring/definition-library.ts";
import { scoringsByDigest } from "./scoring/golden-epoch.ts";
import { lockDataDirectory } from "./signing/data-directory-lock.ts";
import { ecdsaSigner } from "./signing/operator-signer.ts";
import { openStatementDatabase } from "./signing/statement-database.ts";
import { openSources } from "./sources/open-sources.ts";
import type { DoubleSigning } from "./suspension/double-signing.ts";
import { LateSignatures } from "./suspension/late-signatures.ts";
import { evidenceDirectory } from "./suspension/evidence-directory.ts";
import { Suspender } from "./suspension/suspender.ts";
import { loadKeccakHasher } from "./tree/keccak-hasher.ts";

/** Polls without a look at the chain after which an operator calls itself unhealthy. */
const UNHEALTHY_POLLS = 20;
const UNHEALTHY_AT_LEAST_MS = 15_000;

export interface RunningOperator {
  readonly url: string;
  readonly operator: Hex;
  /** Takes no more work, finishes what was begun, closes. */
  stop(): Promise<void>;
}

/** File of the signing database in a data directory. */
export function statementDatabasePath(data: string): string {
  return join(data, "statements.sqlite");
}

/** What an operator keeps of each epoch in a data directory. */
export function evidenceOf(data: string): EvidenceStore {
  return new EvidenceStore(join(data, "evidence"));
}

/** Starts an operator; it serves and takes part when this resolves. */
export async function runOperator(configuration: OperatorConfiguration, logger: Logger): Promise<RunningOperator> {
  const { chainId, rpc, oracle, fromBlock, data } = configuration;
  const metrics = createOperatorMetrics();
  const disagreements = new DisagreementWatch(systemClock, (alert) =>
    logger.error({ alert }, "an endpoint contradicts the others: it lies or is broken"),
  );
  const client = createQuorumClient({
    chainId,
    rpc,
    onDisagreement: (disagreement) => {
      metrics.rpcDisagreements.inc({ endpoint: disagreement.endpoint });
      disagreements.note(disagreement);
    },
  });
  await assertChainId(client);
  const signingAccount = await openAccount(configuration.keys.signing);
  const place = { chainId, verifyingContract: oracle };
  const signer = ecdsaSigner(signingAccount, place);
  const gasAccount = await openAccount(configuration.keys.gas);
  const { cosigning } = configuration.keys;
  const cosigningKey = cosigning && (await openCosigningKey(cosigning, [signingAccount, gasAccount]));
  const chain = new OracleChain({ client, oracle, fromBlock });
  const [calendar, bounds] = await Promise.all([chain.calendar(), chain.sanityBounds()]);
  const keccak = await loadKeccakHasher();
  const egress = new EgressClient(addressPolicy(configuration.egress.allowPrivate));
  const sources = openSources(configuration, { egress, client });
  const peers = configuration.peers.map((url) => new PeerClient(url, egress));
  metrics.submits.set(configuration.submit ? 1 : 0);
  if (!configuration.submit)
    logger.warn("dry run: takes part and signs, but submits nothing, because `submit` is false");
  const findDocument = findDocumentAt(peers);
  const library = new DefinitionLibrary(configuration.documents);
  const evidence = evidenceOf(data);
  const { operator } = signer;
  const { fund } = configuration.submission;

  const lock = lockDataDirectory(data);
  const statements = openStatementDatabase(statementDatabasePath(data), { chainId, contract: oracle, operator });
  const store = openOutboxStore(join(data, "outbox.sqlite"));
  const closeFiles = (): void => {
    store.close();
    statements.close();
    lock.release();
  };
  const outbox = new Outbox({
    client,
    account: gasAccount,
    store,
    clock: systemClock,
    bumpAfterMs: configuration.submission.bumpAfterMs,
    feeLimit: BigInt(configuration.submission.feeLimitWei),
    onAlert: (alert) => logger.error({ alert }, `outbox: ${alert.type}`),
  });
  const accepted = new AcceptedReports({ chain, place, evidence, peers, keccak, logger });
  const sealer = new EpochSealer({
    chain,
    calendar,
    place,
    account: signingAccount,
    evidence,
    library,
    keccak,
    redact: sources.redact,
    keepEpochs: configuration.evidence.keepEpochs,
    logger,
  });
  const suspender = new Suspender({
    store: evidenceDirectory(join(data, "double-signing")),
    oracle,
    calendar,
    outbox,
    submits: configuration.submit,
    metrics,
    logger,
  });
  const onDoubleSigning = (found: DoubleSigning, dueSeconds: number): void => suspender.note(found, dueSeconds);
  const late = new LateSignatures({ signer, evidence, calendar, peers, metrics, onDoubleSigning, logger });
  const rulesets = new RulesetWatch({
    chain,
    means: {
      documents: new DocumentDirectory(configuration.documents),
      findDocument,
      scorings: scoringsByDigest(keccak),
      calendar,
    },
    metrics,
    logger,
  });
  const node = new OperatorNode({
    chain,
    calendar,
    bounds,
    rulesets,
    accepted,
    sealer,
    suspender,
    late,
    outbox,
    submits: configuration.submit,
    fund,
    peers,
    clock: systemClock,
    logger,
    round: {
      place,
      signer,
      statements,
      evidence,
      library,
      keccak,
      logger,
      metrics,
      findDocument,
      readSource: sources.read,
      drawSalt: () => hexOf(randomBytes(32)),
      cosigner: cosigningKey && { key: cosigningKey, readKeys: (set) => readSetKeys(client, oracle, set) },
      onDoubleSigning,
      publish: (epoch, messages) => {
        for (const peer of peers) void peer.send(epoch, messages); // what is lost here is pulled later
      },
    },
  });

  registerOperatorGauges(metrics.registry, {
    peers,
    sinceLastTickMs: () => node.sinceLastTickMs(),
    alerts: () => outbox.alerts,
    transactions: () => store.counts(),
    statements: () => statements.count(),
    balance: () => client.getBalance({ address: gasAccount.address }),
    fundBalance: fund === undefined ? undefined : () => client.getBalance({ address: fund }),
    onBalanceFailed: () => metrics.rpcErrors.inc(),
    nowMs: () => systemClock.nowMs(),
  });
  const app = createOperatorApp({
    node,
    accepted,
    suspender,
    evidence,
    library,
    closedEpoch: () => closedEpoch(calendar, node.status.chainSeconds ?? 0),
    metrics,
    logger,
    redact: sources.redact,
    facts: { service: "oracle", chainId, oracle, ...calendar },
    alerts: () => [...outbox.alerts, ...disagreements.alerts],
    isHealthy: () => node.sinceLastTickMs() <= Math.max(UNHEALTHY_POLLS * configuration.pollMs, UNHEALTHY_AT_LEAST_MS),
  });
  try {
    const listening = await listen(app.fetch, configuration.listen);
    const abort = new AbortController();
    const running = node.run(configuration.pollMs, abort.signal);
    return {
      url: listening.url,
      operator,
      stop: async () => {
        abort.abort();
        await Promise.all([running, listening.close()]);
        await egress.close();
        closeFiles();
      },
    };
  } catch (error) {
    await egress.close();
    closeFiles();
    throw error;
  }
}
