import { expect, it } from "vitest";
import { systemClock } from "../../core/clock.ts";
import type { Notice } from "../notices/notice.ts";
import { createWebhookChannel, webhookSignature } from "./webhook.ts";

const notice: Notice = {
  id: "n",
  rule: "test",
  urgency: "action",
  addresses: [],
  teams: [],
  anchor: null,
  since: 0,
  dueAt: null,
  title: "t",
  text: "x",
  command: null,
};

it("signs time and body together", () => {
  // Made with: printf '%s' '1700000000.{"id":"a"}' | openssl dgst -sha256 -hmac 'a secret'
  expect(webhookSignature("a secret", "1700000000", '{"id":"a"}')).toBe(
    "v1=07f61ed1196ef3ca319d5bd021916f2304ca32fb1468a569cc2842e039142d0b",
  );
  expect(webhookSignature("a secret", "1700000001", '{"id":"a"}')).not.toBe(
    "v1=07f61ed1196ef3ca319d5bd021916f2304ca32fb1468a569cc2842e039142d0b",
  );
});

it.each([
  ["an address of this machine", "https://127.0.0.1:9/", "127.0.0.1 is not a public address"],
  ["the address in another spelling", "https://[::ffff:7f00:1]:9/", "is not a public address"],
  ["a number that means this machine", "https://2130706433:9/", "127.0.0.1 is not a public address"],
  ["a name of this machine", "https://localhost:9/", "which is not public"],
])("given %s, it connects to nothing", async (_what, url, failure) => {
  const channel = createWebhookChannel({ url, secret: "s", allowPrivate: false, timeoutMs: 2_000, clock: systemClock });
  const sent = channel.send({ id: "k", notice }, AbortSignal.timeout(2_000));
  await expect(sent).rejects.toThrow(failure);
  await channel.close();
});
