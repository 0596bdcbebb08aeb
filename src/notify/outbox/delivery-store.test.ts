import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { Notice } from "../notices/notice.ts";
import { openNotifyDatabase } from "../store/database.ts";
import { deliveryId, DeliveryStore } from "./delivery-store.ts";
import { temporaryDirectory } from "../../../test/support/temporary-directory.ts";

function notice(id: string, dueAt: number | null = null): Notice {
  return {
    id,
    rule: "test",
    urgency: "action",
    addresses: [],
    teams: [],
    anchor: null,
    since: 0,
    dueAt,
    title: id,
    text: id,
    command: null,
  };
}

const authority = `0x${"1".repeat(40)}`;
let path: string;
let store: DeliveryStore;

beforeEach(() => {
  path = join(temporaryDirectory("mandate-outbox"), "notify.sqlite");
  store = new DeliveryStore(openNotifyDatabase(path, { chainId: 1, authority, fromBlock: 0n }));
});

const waits = (...notices: readonly Notice[]) => notices.map((each) => ({ notice: each, channels: ["a", "b"] }));
const status = (id: string, channel = "a") => store.get(deliveryId(id, channel))?.status;

describe("the outbox", () => {
  it("given what waits, it is queued once for each channel, however often it is found", () => {
    expect(store.reconcile(waits(notice("n")), { now: 0, nowMs: 5 }).queued).toHaveLength(2);
    expect(store.reconcile(waits(notice("n")), { now: 1, nowMs: 6 }).queued).toEqual([]);
    expect(store.counts()).toEqual([
      { channel: "a", status: "queued", count: 1 },
      { channel: "b", status: "queued", count: 1 },
    ]);
  });

  it("given a cause that is gone, what is queued is withdrawn, and what is sent stays sent", () => {
    store.reconcile(waits(notice("n")), { now: 0, nowMs: 0 });
    store.markSent(deliveryId("n", "a"), 1);
    const { withdrawn, expired } = store.reconcile([], { now: 1, nowMs: 2 });
    expect([withdrawn.map(({ channel }) => channel), expired]).toEqual([["b"], []]);
    expect([status("n", "a"), status("n", "b")]).toEqual(["sent", "withdrawn"]);
  });

  it("given a cause that is back, what was withdrawn is queued again with the same key, and what was sent is not", () => {
    store.reconcile(waits(notice("n")), { now: 0, nowMs: 0 });
    store.markSent(deliveryId("n", "a"), 1);
    store.reconcile([], { now: 1, nowMs: 2 });
    const { queued } = store.reconcile(waits(notice("n")), { now: 2, nowMs: 3 });
    expect(queued).toMatchObject([{ id: deliveryId("n", "b"), status: "queued", endedAtMs: null }]);
    expect(status("n", "a")).toBe("sent");
  });

  it("given a due time, one second before it is over it is withdrawn, with it given up, and that is final", () => {
    store.reconcile(waits(notice("early", 10), notice("late", 9)), { now: 0, nowMs: 0 });
    const { withdrawn, expired } = store.reconcile([], { now: 9, nowMs: 1 });
    expect(withdrawn.map((each) => each.notice.id)).toEqual(["early", "early"]);
    expect(expired.map((each) => each.notice.id)).toEqual(["late", "late"]);
    expect(store.reconcile(waits(notice("late", 9)), { now: 8, nowMs: 2 }).queued).toEqual([]);
  });

  it("given several that are ready, the one that is soonest too late goes first, and what has no end last", () => {
    store.reconcile(waits(notice("never"), notice("later", 20), notice("soon", 10)), { now: 0, nowMs: 0 });
    const order = ["soon", "later", "never"];
    for (const id of order) {
      expect(store.ready("a", 0)?.notice.id).toBe(id);
      store.markSent(deliveryId(id, "a"), 1);
    }
    expect(store.ready("a", 0)).toBeUndefined();
    expect(store.ready("b", 0)?.notice.id).toBe("soon");
  });

  it("given a failure, it waits for its next attempt and keeps why, and others go first", () => {
    store.reconcile(waits(notice("x", 10), notice("y", 20)), { now: 0, nowMs: 0 });
    store.markFailed(deliveryId("x", "a"), "refused", 100);
    expect(store.ready("a", 99)?.notice.id).toBe("y");
    expect(store.ready("a", 100)).toMatchObject({ attempts: 1, lastError: "refused", notice: { id: "x" } });
    expect(store.nextAttemptMs("a")).toBe(0);
    store.markSent(deliveryId("y", "a"), 1);
    expect(store.nextAttemptMs("a")).toBe(100);
  });

  it("given 90 days after its end, a delivery is forgotten", () => {
    store.reconcile(waits(notice("n")), { now: 0, nowMs: 0 });
    store.reconcile([], { now: 0, nowMs: 1 });
    store.reconcile([], { now: 0, nowMs: 90 * 86_400_000 + 1 });
    expect(status("n")).toBe("withdrawn");
    store.reconcile([], { now: 0, nowMs: 90 * 86_400_000 + 2 });
    expect(status("n")).toBeUndefined();
  });

  it("given the database of another authority, it is refused, and says both", () => {
    const other = join(path, "..", "other.sqlite");
    openNotifyDatabase(other, { chainId: 1, authority, fromBlock: 0n }).close();
    expect(() => openNotifyDatabase(other, { chainId: 2, authority, fromBlock: 0n })).toThrow(
      expect.objectContaining({ code: "DatabaseOfAnotherChain", message: expect.stringMatching(/chain 1.*chain 2/) }),
    );
  });
});
