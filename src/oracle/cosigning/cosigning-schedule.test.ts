import { describe, expect, it } from "vitest";
import { COSIGNING_ATTEMPTS } from "../agreement/message.ts";
import { attemptAfter, cosigningScheduleOf } from "./cosigning-schedule.ts";

describe("the schedule of signing together", () => {
  it.each([
    [60, { attemptSeconds: 30, waitSeconds: 15 }],
    [5, { attemptSeconds: 2, waitSeconds: 1 }],
    [2, { attemptSeconds: 1, waitSeconds: 0 }],
  ])("given a stage of %i seconds, two attempts fit into it", (stageSeconds, expected) => {
    expect(cosigningScheduleOf({ stageSeconds })).toEqual(expected);
  });

  it("given the time that passed, it is the attempt of it, and none after the last", () => {
    const schedule = cosigningScheduleOf({ stageSeconds: 60 });
    expect([0, 29, 30, 119].map((elapsed) => attemptAfter(schedule, 0, elapsed))).toEqual([0, 0, 1, 3]);
    expect(attemptAfter(schedule, 0, 30 * COSIGNING_ATTEMPTS)).toBeUndefined();
    expect([attemptAfter(schedule, 3, 29), attemptAfter(schedule, 3, 30)]).toEqual([3, undefined]);
  });
});
