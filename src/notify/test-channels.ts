import { randomUUID } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import { messageOf } from "../core/errors/mandate-error.ts";
import { openChannels } from "./channels/open-channels.ts";
import type { NotifyConfiguration } from "./configuration/configuration.ts";
import type { Notice } from "./notices/notice.ts";
import { deliveryId } from "./outbox/delivery-store.ts";

export interface ChannelTest {
  readonly channel: string;
  readonly kind: string;
  readonly acknowledged: boolean;
  /** Why not; null where it was. */
  readonly failure: string | null;
}

/** Sends a test notice through channels, or the one named, past the outbox: what does not arrive is not tried again. */
export async function testChannels(options: {
  readonly configuration: NotifyConfiguration;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly only?: string | undefined;
}): Promise<readonly ChannelTest[]> {
  const { configuration, clock, only } = options;
  const { channels, redact } = openChannels(configuration, options.environment, clock);
  const notice: Notice = {
    id: `test/${randomUUID()}`,
    rule: "test",
    urgency: "notice",
    addresses: [],
    teams: [],
    anchor: null,
    since: Math.floor(clock.nowMs() / 1_000),
    dueAt: null,
    title: "A test of this channel",
    text: "Somebody tests whether notices of Mandate reach you. Nothing waits for you.",
    command: null,
  };
  const tested = [...channels].filter(([name]) => only === undefined || name === only);
  return Promise.all(
    tested.map(async ([name, channel]) => {
      const kind = configuration.channels[name]?.kind ?? "";
      try {
        const signal = AbortSignal.timeout(channel.timeoutMs);
        await channel.send({ id: deliveryId(notice.id, name), notice }, signal);
        return { channel: name, kind, acknowledged: true, failure: null };
      } catch (thrown) {
        const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${messageOf(thrown.cause)}` : "";
        return { channel: name, kind, acknowledged: false, failure: redact(`${messageOf(thrown)}${cause}`) };
      } finally {
        await channel.close();
      }
    }),
  );
}
