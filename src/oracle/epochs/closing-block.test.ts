import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closingBlock } from "./closing-block.ts";
import { closedEpoch, epochWindow, reportDuty } from "./epoch-clock.ts";

describe("closingBlock", () => {
  it("iOP-008: given any ascending times, it finds the last block before the end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 }),
        fc.nat(200),
        fc.nat(59),
        async (steps, end, start) => {
          let now = 0;
          const times = steps.map((step) => (now += step));
          const from = start % times.length;
          const expected = times.findLastIndex((time) => time < end);
          const found = await closingBlock(
            { latest: times.length - 1, timestampOf: (number) => Promise.resolve(times[number] ?? NaN) },
            from,
            end,
          );
          expect(found).toBe(expected >= from ? expected : undefined);
        },
      ),
    );
  });
});

describe("reportDuty", () => {
  const calendar = { genesis: 100, epochSeconds: 60, reportDeadlineSeconds: 30 };
  it.each([
    [99, 0, { due: false, reason: "no-epoch-closed", epoch: 0 }],
    [159, 0, { due: false, reason: "no-epoch-closed", epoch: 0 }],
    [160, 0, { due: true, epoch: 1 }],
    [189, 0, { due: true, epoch: 1 }],
    [190, 0, { due: false, reason: "deadline-passed", epoch: 1 }],
    [160, 1, { due: false, reason: "already-accepted", epoch: 1 }],
    [220, 1, { due: true, epoch: 2 }],
    [1000, 1, { due: true, epoch: 15 }],
  ])("given second %i and last accepted epoch %i, it answers %j", (now, last, expected) => {
    expect(reportDuty(calendar, now, last)).toEqual(expected);
  });

  it("given any second from genesis on, its epoch's window holds it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 10_000 }), (now) => {
        const running = epochWindow(calendar, closedEpoch(calendar, now) + 1);
        expect(now >= running.startSeconds && now < running.endSeconds).toBe(true);
      }),
    );
  });
});
