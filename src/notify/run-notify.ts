import { listen } from "../chain/hosting/listen.ts";
import { messageOf } from "../core/errors/mandate-error.ts";
import { createNotifyApp } from "./http/app.ts";
import type { NotifyStatus } from "./http/status.ts";
import { NotifyService, type NotifyServiceOptions } from "./service.ts";

export interface RunningNotify {
  readonly url: string;
  /** Stops following, ends what is being sent, closes. */
  stop(): Promise<void>;
}

/** Starts the service: follows, sends, and serves its feeds when this resolves. */
export async function runNotify(options: NotifyServiceOptions): Promise<RunningNotify> {
  const service = new NotifyService(options);
  try {
    const app = createNotifyApp({
      status: () => service.status(),
      metrics: () => service.metrics.render(service.status()),
      feedTokens: service.feedTokens,
      feed: (name) => service.feed(name),
      onDefect: (thrown) => options.logger.error({ error: messageOf(thrown) }, "request failed"),
    });
    const listening = await listen(app.fetch, options.configuration.listen);
    service.start();
    let ended: Promise<void> | undefined;
    const end = async (): Promise<void> => {
      await listening.close();
      await service.stop();
    };
    return { url: listening.url, stop: () => (ended ??= end()) };
  } catch (thrown) {
    await service.stop();
    throw thrown;
  }
}

/** What one round came to. */
export interface Round {
  readonly status: NotifyStatus;
  /** Nothing that waits is unsent, and everything has somebody who hears of it. */
  readonly complete: boolean;
}

/** Follows to the head of the chain, sends what waits, tries again for as long as `waitMs` lasts, and ends. */
export async function notifyOnce(options: NotifyServiceOptions & { readonly waitMs: number }): Promise<Round> {
  const { clock, waitMs } = options;
  const service = new NotifyService(options);
  try {
    service.start();
    const endMs = clock.nowMs() + waitMs;
    const late = new AbortController();
    const looked = await Promise.race([
      service.lookedOnce().then(() => true),
      clock.sleep(waitMs, late.signal).then(() => false),
    ]);
    late.abort();
    const isQueued = (): boolean => service.status().channels.some(({ queued }) => queued > 0);
    while (looked && isQueued() && clock.nowMs() < endMs) await clock.sleep(50);
    const status = service.status();
    return { status, complete: looked && !isQueued() && status.unrouted.length === 0 };
  } finally {
    await service.stop();
  }
}
