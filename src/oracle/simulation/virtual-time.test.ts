import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../core/seeded-random.ts";
import { VirtualTime } from "./virtual-time.ts";

describe("virtual time", () => {
  it("does what is due in order of time, then of asking", async () => {
    const random = new SeededRandom(1);
    const time = new VirtualTime();
    const asked = Array.from({ length: 500 }, (_, turn) => ({ atMs: random.below(50), turn }));
    const done: typeof asked = [];
    for (const each of asked) time.at(each.atMs, () => done.push(each));
    await time.runUntil(100);
    expect(done).toEqual([...asked].sort((a, b) => a.atMs - b.atMs || a.turn - b.turn));
    expect(time.nowMs).toBe(100);
  });

  it("leaves what is due later for later", async () => {
    const time = new VirtualTime();
    const done: number[] = [];
    for (const atMs of [30, 10, 20]) time.at(atMs, () => done.push(atMs));
    await time.runUntil(20);
    expect(done).toEqual([10, 20]);
    await time.runUntil(30);
    expect(done).toEqual([10, 20, 30]);
  });

  it("lets everything that follows from an instant happen before the next one", async () => {
    const time = new VirtualTime();
    const steps: string[] = [];
    time.at(1, () => {
      void (async () => {
        for (let step = 0; step < 20; step += 1) await Promise.resolve();
        steps.push(`after 20 promises at ${time.nowMs}`);
        time.at(0, () => steps.push(`asked for the past, at ${time.nowMs}`));
      })();
    });
    time.at(2, () => steps.push("the next instant"));
    await time.runUntil(2);
    expect(steps).toEqual(["after 20 promises at 1", "asked for the past, at 1", "the next instant"]);
  });
});
