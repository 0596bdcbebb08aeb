import { createHmac } from "node:crypto";
import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Agent, request } from "undici";
import type { Clock } from "../../core/clock.ts";
import type { Channel } from "./channel.ts";
import { isPublicAddress } from "../../chain/hosting/public-address.ts";

export interface WebhookOptions {
  readonly url: string;
  readonly secret: string;
  /** Receivers on this machine or in its network are allowed. */
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Bytes of an answer that are read; what a receiver says beyond its status means nothing here. */
const ANSWER_BYTES = 16_384;

/**
 * What signs a body: HMAC-SHA256 over `<timestamp>.<body>`, so that neither can be exchanged, and an old request is seen to
 * be old.
 */
export function webhookSignature(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}

/** Resolves names to public addresses alone. Asked at each connection: a name cannot point elsewhere after a check. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses: LookupAddress[] = error === null ? found : [];
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    if (error !== null || refused !== undefined) {
      callback(error ?? new Error(`${hostname} is at ${refused?.address ?? "no address"}, which is not public`), []);
    } else {
      callback(null, addresses);
    }
  });
};

/** A signed POST of JSON. Acknowledged is any status of success; a redirect is none and is not followed. */
export function createWebhookChannel(options: WebhookOptions): Channel {
  const { url, secret, allowPrivate, timeoutMs, clock } = options;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  const isRefused = !allowPrivate && isIP(host) !== 0 && !isPublicAddress(host);
  const agent = new Agent({ connect: { timeout: timeoutMs, ...(allowPrivate ? {} : { lookup: publicLookup }) } });
  return {
    timeoutMs,
    async send({ id, notice }, signal) {
      if (isRefused) throw new Error(`${host} is not a public address`);
      const body = JSON.stringify({ id, kind: "mandate.notice/1", notice });
      const timestamp = Math.floor(clock.nowMs() / 1_000).toString();
      const answer = await request(url, {
        method: "POST",
        dispatcher: agent,
        signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        headers: {
          "content-type": "application/json",
          "user-agent": "mandate-notify",
          "idempotency-key": id,
          "mandate-timestamp": timestamp,
          "mandate-signature": webhookSignature(secret, timestamp, body),
        },
        body,
      });
      await answer.body.dump({ limit: ANSWER_BYTES, signal });
      if (answer.statusCode >= 200 && answer.statusCode < 300) return;
      const isRedirect = answer.statusCode >= 300 && answer.statusCode < 400;
      throw new Error(`status ${answer.statusCode}${isRedirect ? ", and redirects are not followed" : ""}`);
    },
    close: () => agent.destroy(),
  };
}
