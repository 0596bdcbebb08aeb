import { describe, expect, it } from "vitest";
import { join } from "node:path";
import type { Clock } from "../../core/clock.ts";
import type { Channel } from "../channels/channel.ts";
import { openNotifyDatabase } from "../store/database.ts";
import { ChannelQueue } from "./channel-queue.ts";
import { deliveryId, DeliveryStore } from "./delivery-store.ts";
import { temporaryDirectory } from "../../../test/support/temporary-directory.ts";

const notice = {
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
} as const;

function queueOf(channel: Omit<Channel, "close">, clock: Clock) {
  const path = join(temporaryDirectory("mandate-queue"), "notify.sqlite");
  const store = new DeliveryStore(
    openNotifyDatabase(path, { chainId: 1, authority: `0x${"1".repeat(40)}`, fromBlock: 0n }),
  );
  store.reconcile([{ notice, channels: ["c"] }], { now: 0, nowMs: 0 });
  const outcomes: (string | undefined)[] = [];
  const queue = new ChannelQueue({
    name: "c",
    channel: { ...channel, close: () => Promise.resolve() },
    store,
    clock,
    retry: { firstMs: 1_000, longestMs: 8_000 },
    random: () => 0,
    redact: (text) => text.replaceAll("hunter2", "[secret]"),
    onAttempt: (_delivery, failure) => outcomes.push(failure),
  });
  return { queue, store, outcomes, delivery: () => store.get(deliveryId("n", "c")) };
}

function clockAt(time: { nowMs: number }): Clock {
  return { nowMs: () => time.nowMs, sleep: () => Promise.resolve() };
}

describe("a channel's queue", () => {
  it("given a receiver that does not acknowledge, it waits longer each time, with the same key, and marks nothing sent", async () => {
    const time = { nowMs: 0 };
    const keys: string[] = [];
    const { queue, delivery } = queueOf(
      {
        timeoutMs: 1_000,
        send: ({ id }) => {
          keys.push(id);
          return Promise.reject(new Error("no"));
        },
      },
      clockAt(time),
    );
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await queue.attemptNext()).toBe(true);
      expect(await queue.attemptNext()).toBe(false); // not before its pause is over
      const next = delivery()?.nextAttemptMs ?? 0;
      pauses.push(next - time.nowMs);
      time.nowMs = next;
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 4_000]);
    expect(new Set(keys)).toEqual(new Set([deliveryId("n", "c")]));
    expect(delivery()).toMatchObject({ status: "queued", attempts: 5, lastError: "no" });
  });

  it("given a channel that never answers and heeds no signal, its time-out frees the queue", async () => {
    const { queue, outcomes } = queueOf(
      { timeoutMs: 30, send: () => new Promise(() => undefined) },
      clockAt({ nowMs: 0 }),
    );
    expect(await queue.attemptNext()).toBe(true);
    expect(outcomes).toEqual(["no answer within 30 ms"]);
  });

  it("given a secret in a failure, neither database nor log gets it", async () => {
    const { queue, outcomes, delivery } = queueOf(
      { timeoutMs: 1_000, send: () => Promise.reject(new Error("wrong", { cause: new Error("for hunter2") })) },
      clockAt({ nowMs: 0 }),
    );
    await queue.attemptNext();
    expect(outcomes).toEqual(["wrong: for [secret]"]);
    expect(delivery()?.lastError).toBe("wrong: for [secret]");
  });

  it("given it was withdrawn while the receiver took it, it counts as sent", async () => {
    const holder: { store?: DeliveryStore } = {};
    const { queue, store, delivery } = queueOf(
      {
        timeoutMs: 1_000,
        send: () => {
          holder.store?.reconcile([], { now: 0, nowMs: 0 });
          return Promise.resolve();
        },
      },
      clockAt({ nowMs: 0 }),
    );
    holder.store = store;
    await queue.attemptNext();
    expect(delivery()?.status).toBe("sent");
  });
});
