import type { DatabaseSync } from "node:sqlite";
import type { Logger } from "pino";
import { createChainClient } from "../chain/client.ts";
import { loadDeployment } from "../chain/deployment.ts";
import { createChainReader, type ChainPosition } from "../chain/follow/chain-reader.ts";
import { runProjection, type ProjectionEnd } from "../chain/projection/run-projection.ts";
import type { Clock } from "../core/clock.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import { feedDocument } from "./channels/feed.ts";
import { openChannels, type OpenChannels } from "./channels/open-channels.ts";
import type { NotifyConfiguration } from "./configuration/configuration.ts";
import { createNotifyMetrics, type NotifyMetrics } from "./http/notify-metrics.ts";
import type { NotifyStatus } from "./http/status.ts";
import { noticeProjection } from "./model/notice-projection.ts";
import type { Notice } from "./notices/notice.ts";
import { ChannelQueue } from "./outbox/channel-queue.ts";
import { DeliveryStore, type Delivery } from "./outbox/delivery-store.ts";
import { findDue } from "./rules/find-due.ts";
import { openNotifyDatabase } from "./store/database.ts";
import { FollowedState } from "./store/followed-state.ts";
import { routeOf } from "./subscriptions/subscription.ts";
import { watchedReader } from "./watch/watched-reader.ts";

export interface NotifyServiceOptions {
  readonly configuration: NotifyConfiguration;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** How long queues wait for the first look at the chain: what waits no longer is then withdrawn instead of sent. */
const FIRST_LOOK_MS = 10_000;
const FEED_LENGTH = 200;
/** Entries that the status shows of a list. */
const SHOWN = 20;

/** Follows the chain, finds what waits for somebody, and sends it until it is acknowledged. */
export class NotifyService {
  readonly metrics: NotifyMetrics = createNotifyMetrics();
  readonly feedTokens: ReadonlyMap<string, string>;
  private readonly options: NotifyServiceOptions;
  private readonly database: DatabaseSync;
  private readonly state: FollowedState;
  private readonly deliveries: DeliveryStore;
  private readonly open: OpenChannels;
  private readonly queues: ReadonlyMap<string, ChannelQueue>;
  private readonly place: { readonly authority: `0x${string}`; readonly fromBlock: bigint };
  private readonly aborting = new AbortController();
  private following: Promise<ProjectionEnd> | undefined;
  private halted = false;
  private lastAnswerMs: number | undefined;
  private lookedAt: string | undefined;
  private waiting = 0;
  private unrouted: readonly Notice[] = [];
  private readonly firstLook = Promise.withResolvers<unknown>();

  /** @throws {MandateError} `WrongChain`, `DatabaseOfAnotherChain`, `DatabaseInUse`, `SecretMissing`, … */
  constructor(options: NotifyServiceOptions) {
    const { configuration, environment, clock } = options;
    const deployment = loadDeployment(configuration.deployment);
    if (deployment.chainId !== configuration.chainId) {
      throw new MandateError(
        "WrongChain",
        `the deployment is on chain ${deployment.chainId}, not ${configuration.chainId}`,
        {
          kind: "input",
          data: { actual: deployment.chainId, expected: configuration.chainId },
        },
      );
    }
    this.options = options;
    this.place = { authority: deployment.contracts.Authority, fromBlock: BigInt(deployment.fromBlock) };
    this.open = openChannels(configuration, environment, clock);
    this.feedTokens = this.open.feedTokens;
    this.database = openNotifyDatabase(configuration.database, { chainId: configuration.chainId, ...this.place });
    this.state = new FollowedState(this.database);
    this.deliveries = new DeliveryStore(this.database);
    this.queues = new Map(
      [...this.open.channels].map(([name, channel]) => [
        name,
        new ChannelQueue({
          name,
          channel,
          store: this.deliveries,
          clock,
          retry: configuration.retry,
          random: Math.random,
          redact: this.open.redact,
          onAttempt: (delivery, failure) => this.attempted(delivery, failure),
        }),
      ]),
    );
  }

  /** Follows and sends until {@link stop}. */
  start(): void {
    const { configuration, logger, clock } = this.options;
    const client = createChainClient({ chainId: configuration.chainId, rpcUrl: configuration.rpcUrl, batch: true });
    this.following = runProjection({
      store: this.state,
      projection: noticeProjection(this.place.authority, (outcome) => {
        if (outcome.kind === "trouble") logger.error(outcome.trouble, "the history cannot be relied on");
      }),
      reader: watchedReader(createChainReader(client), (position) => this.seen(position)),
      chainId: configuration.chainId,
      fromBlock: this.place.fromBlock,
      clock,
      log: logger,
      signal: this.aborting.signal,
      pollMs: configuration.pollMs,
    }).then((end) => {
      this.halted = end.ended === "halted";
      return end;
    });
    void Promise.race([this.firstLook.promise, clock.sleep(FIRST_LOOK_MS, this.aborting.signal)]).then(() => {
      if (!this.aborting.signal.aborted) for (const queue of this.queues.values()) queue.start();
    });
  }

  /** Resolves when the rules have looked at the newest block that the node has. */
  lookedOnce(): Promise<unknown> {
    return this.firstLook.promise;
  }

  /** Stops following, ends what is being sent, closes the database. */
  async stop(): Promise<void> {
    this.aborting.abort();
    await Promise.all([this.following, ...[...this.queues.values()].map((queue) => queue.stop())]);
    this.database.close();
  }

  feed(name: string): Readonly<Record<string, unknown>> {
    return feedDocument(name, this.deliveries.latestSent(name, FEED_LENGTH));
  }

  status(): NotifyStatus {
    const { configuration, clock } = this.options;
    const head = this.state.head();
    const trouble = this.state.trouble();
    const silenceSeconds = this.lastAnswerMs === undefined ? null : (clock.nowMs() - this.lastAnswerMs) / 1_000;
    const counts = this.deliveries.counts();
    const queued = this.deliveries.withStatus("queued");
    const expired = this.deliveries.withStatus("expired");
    return {
      chainId: configuration.chainId,
      block: head === undefined ? null : Number(head.number),
      chainTime: head?.timestamp ?? null,
      healthy:
        trouble === null &&
        !this.halted &&
        silenceSeconds !== null &&
        silenceSeconds <= configuration.maximumSilenceSeconds,
      trouble,
      silenceSeconds,
      waiting: this.waiting,
      channels: Object.entries(configuration.channels).map(([name, { kind }]) => {
        const next = this.deliveries.nextAttemptMs(name);
        const count = (status: Delivery["status"]): number =>
          counts.find((each) => each.channel === name && each.status === status)?.count ?? 0;
        return {
          name,
          kind,
          queued: count("queued"),
          sent: count("sent"),
          withdrawn: count("withdrawn"),
          expired: count("expired"),
          lastError: queued.findLast((each) => each.channel === name && each.lastError !== null)?.lastError ?? null,
          nextAttemptAt: next === undefined ? null : new Date(next).toISOString(),
        };
      }),
      oldestQueuedSeconds: Math.max(0, ...queued.map((each) => (clock.nowMs() - each.queuedAtMs) / 1_000)),
      unrouted: this.unrouted.slice(0, SHOWN).map(({ id, title }) => ({ id, title })),
      expired: expired
        .slice(-SHOWN)
        .map(({ notice, channel, lastError }) => ({ id: notice.id, title: notice.title, channel, lastError })),
    };
  }

  /** Told where the chain stands; where that is taken in, the rules look at it, once. */
  private seen({ latest }: ChainPosition): void {
    this.lastAnswerMs = this.options.clock.nowMs();
    const head = this.state.head();
    if (head?.hash !== latest.hash || head.hash === this.lookedAt || this.state.trouble() !== null) return;
    this.lookedAt = head.hash;
    this.look(Number(latest.timestamp));
    this.firstLook.resolve(head.hash);
  }

  private look(now: number): void {
    const { configuration, logger, clock } = this.options;
    const routed = findDue(this.state.state, now, configuration).map((notice) => ({
      notice,
      channels: routeOf(notice, configuration.subscriptions, configuration.unrouted),
    }));
    this.waiting = routed.length;
    const { queued, withdrawn, expired } = this.deliveries.reconcile(routed, { now, nowMs: clock.nowMs() });
    const known = new Set(this.unrouted.map(({ id }) => id));
    this.unrouted = routed.filter(({ channels }) => channels.length === 0).map(({ notice }) => notice);
    for (const { id, title } of this.unrouted) {
      if (!known.has(id)) logger.warn({ notice: id, title }, "nobody subscribed to this notice");
    }
    for (const { notice, channel } of queued) logger.info({ notice: notice.id, channel }, "queued");
    for (const { notice, channel } of withdrawn) {
      logger.info({ notice: notice.id, channel }, "withdrawn: it waits no longer");
    }
    for (const { notice, channel, attempts, lastError } of expired) {
      logger.error(
        { notice: notice.id, title: notice.title, channel, attempts, lastError },
        "given up: its time is over, and the receiver never acknowledged it",
      );
    }
    if (queued.length > 0) for (const queue of this.queues.values()) queue.wake();
  }

  private attempted(delivery: Delivery, failure: string | undefined): void {
    const { id, channel, notice } = delivery;
    const facts = { notice: notice.id, delivery: id, channel };
    this.metrics.attempts.inc({ channel, result: failure === undefined ? "sent" : "failed" });
    if (failure === undefined) this.options.logger.info(facts, "sent");
    else this.options.logger.warn({ ...facts, failure, attempts: delivery.attempts + 1 }, "not acknowledged");
  }
}
