import type { Delivery } from "../outbox/delivery-store.ts";
import type { Channel } from "./channel.ts";
import { messageText } from "./message-text.ts";

/**
 * A feed that readers fetch. What is marked sent is in it, and the mark is on disk: that is the acknowledgement, as nobody
 * tells when a feed is read.
 */
export function createFeedChannel(): Channel {
  return { timeoutMs: 1_000, send: () => Promise.resolve(), close: () => Promise.resolve() };
}

/** Notices as a JSON Feed 1.1 (https://jsonfeed.org/version/1.1), newest first. Pure. */
export function feedDocument(name: string, deliveries: readonly Delivery[]): Readonly<Record<string, unknown>> {
  return {
    version: "https://jsonfeed.org/version/1.1",
    title: `Mandate: ${name}`,
    description: "What waits for somebody.",
    items: deliveries.map(({ id, notice, endedAtMs }) => ({
      id,
      title: notice.title,
      content_text: messageText(notice),
      date_published: new Date(endedAtMs ?? notice.since * 1_000).toISOString(),
      tags: [notice.urgency, notice.rule],
      _mandate: notice,
    })),
  };
}
