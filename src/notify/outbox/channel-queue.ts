import type { Clock } from "../../core/clock.ts";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Channel } from "../channels/channel.ts";
import { retryPauseMs, type RetrySettings } from "./decide-retry.ts";
import type { Delivery, DeliveryStore } from "./delivery-store.ts";

export interface ChannelQueueOptions {
  readonly name: string;
  readonly channel: Channel;
  readonly store: DeliveryStore;
  readonly clock: Clock;
  readonly retry: RetrySettings;
  /** In [0, 1). */
  readonly random: () => number;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly onAttempt: (delivery: Delivery, failure: string | undefined) => void;
}

/** What a running attempt gets to end in when the service stops. */
const STOP_GRACE_MS = 3_000;
/** A look at the queue without anybody having called, so that no wake-up can be missed for good. */
const LONGEST_SLEEP_MS = 30_000;

/**
 * Sends what is queued for one channel, one after the other. Each channel has a queue of its own: one whose receiver is dead
 * or slow holds up no other. A delivery is marked sent only after the receiver acknowledged it; where the process ends
 * between the two, it is sent again with the same key.
 */
export class ChannelQueue {
  private readonly options: ChannelQueueOptions;
  private readonly cutting = new AbortController();
  private waking = new AbortController();
  private isStopping = false;
  private running: Promise<void> | undefined;

  constructor(options: ChannelQueueOptions) {
    this.options = options;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Looks at the queue now. */
  wake(): void {
    this.waking.abort();
    this.waking = new AbortController();
  }

  /** Ends the running attempt, or cuts it short after a moment; resolves when nothing is sent any more. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.wake();
    const cut = setTimeout(() => this.cutting.abort(), STOP_GRACE_MS);
    await this.running;
    clearTimeout(cut);
    await this.options.channel.close();
  }

  /** Tries what may be tried now, once. @returns whether there was anything. */
  async attemptNext(): Promise<boolean> {
    const { name, store, clock } = this.options;
    const delivery = store.ready(name, clock.nowMs());
    if (delivery === undefined) return false;
    const failure = await this.failureOf(delivery);
    if (failure === undefined) store.markSent(delivery.id, clock.nowMs());
    else if (!this.cutting.signal.aborted) {
      const pauseMs = retryPauseMs(delivery.attempts + 1, this.options.retry, this.options.random());
      store.markFailed(delivery.id, failure, clock.nowMs() + pauseMs);
    }
    this.options.onAttempt(delivery, failure);
    return true;
  }

  /** Why the receiver did not acknowledge; undefined where it did. */
  private async failureOf(delivery: Delivery): Promise<string | undefined> {
    const { channel, redact } = this.options;
    const signal = AbortSignal.any([this.cutting.signal, AbortSignal.timeout(channel.timeoutMs)]);
    // A channel that does not heed the signal must not hold its queue either.
    const cutOff = new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error(`no answer within ${channel.timeoutMs} ms`)), {
        once: true,
      });
    });
    try {
      await Promise.race([channel.send(delivery, signal), cutOff]);
      return undefined;
    } catch (thrown) {
      const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${messageOf(thrown.cause)}` : "";
      return redact(signal.aborted ? `no answer within ${channel.timeoutMs} ms` : `${messageOf(thrown)}${cause}`);
    }
  }

  private async run(): Promise<void> {
    const { name, store, clock } = this.options;
    while (!this.isStopping) {
      const waking = this.waking.signal;
      if (await this.attemptNext()) continue;
      const next = store.nextAttemptMs(name) ?? Infinity;
      await clock.sleep(Math.max(0, Math.min(next - clock.nowMs(), LONGEST_SLEEP_MS)), waking);
    }
  }
}
