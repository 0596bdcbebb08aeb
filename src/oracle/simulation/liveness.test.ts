import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { SeededRandom } from "../../core/seeded-random.ts";
import { reportQuorum, toleratedFaults } from "../../org/quorum.ts";
import { viewScheduleOf } from "../agreement/view-schedule.ts";
import { drawFaults, faultProfiles, type EpochFaults } from "./faults.ts";
import { mustBeAccepted, viewsOf } from "./liveness.ts";
import { calendar } from "./pace.ts";

const operators = Array.from({ length: 7 }, (_, i): Hex => `0x${(i + 1).toString(16).padStart(40, "0")}`);
const quorum = reportQuorum(operators.length);
const faults = toleratedFaults(operators.length);
const { reportDeadlineSeconds: deadlineSeconds } = calendar;
const schedule = viewScheduleOf({
  opensAt: 0,
  reportDeadlineSeconds: deadlineSeconds,
  operators: operators.length,
  faults,
});
const calm = drawFaults(new SeededRandom(1), faultProfiles.none, {
  operators,
  vacant: 0,
  faults,
  quorum,
  deadlineSeconds,
});

function must(changes: Partial<EpochFaults>, misled: readonly Hex[] = []): boolean {
  return mustBeAccepted({ ...calm, ...changes }, { operators, quorum, faults, order: operators, schedule, misled });
}

function crashOf(count: number): Partial<EpochFaults> {
  return { crashes: operators.slice(0, count).map((operator) => ({ operator, fromSeconds: 1, untilSeconds: 2 })) };
}

describe("the condition of liveness", () => {
  it("holds where nothing goes wrong", () => {
    expect(must({})).toBe(true);
  });

  it("needs a quorum that tells the truth, stays up and sees the chain", () => {
    expect(must(crashOf(2))).toBe(true);
    expect(must(crashOf(3))).toBe(false);
    expect(must({ ...crashOf(1), liars: operators.slice(1, 2) })).toBe(true);
    expect(must({ ...crashOf(1), liars: operators.slice(1, 3) })).toBe(false);
    expect(must(crashOf(2), operators.slice(2, 3))).toBe(false);
    const dead = { kind: "dead", fromSeconds: 0, untilSeconds: 1 } as const;
    expect(must({ endpoints: new Map(operators.slice(0, 3).map((each) => [each, dead])) })).toBe(false);
  });

  it("counts a vacant seat as one that is silent: the quorum stays", () => {
    const seated = operators.slice(1);
    const must = (changes: Partial<EpochFaults>): boolean =>
      mustBeAccepted(
        { ...calm, ...changes },
        { operators: seated, quorum, faults, order: seated, schedule, misled: [] },
      );
    const crash = { fromSeconds: 1, untilSeconds: 2 };
    const crashes = seated.slice(0, 2).map((operator) => ({ operator, ...crash }));
    expect(must({ crashes: crashes.slice(0, 1) })).toBe(true);
    expect(must({ crashes })).toBe(false);
  });

  it("needs a view of a sound proposer that begins long enough after the calm", () => {
    expect(viewsOf(schedule).map((each) => each.fromSeconds)).toEqual([0, 180, 240, 300, 360, 420]);
    expect(must({ stormUntilSeconds: 200 })).toBe(true);
    expect(must({ partition: { fromSeconds: 10, untilSeconds: 479 } })).toBe(false);
  });

  it.each([
    [48, true],
    [49, false],
  ])(
    "needs commitments that spread before the time for them ends, or a later view: calm after %i s, it is %s",
    (seconds, holds) => {
      expect(schedule.strictViews).toBe(3);
      // The views in which the rule of hearing does not hold, and that end early enough to submit, have no sound proposer.
      const crashes = operators.slice(3, 5).map((operator) => ({ operator, fromSeconds: 1, untilSeconds: 2 }));
      expect(must({ crashes, stormUntilSeconds: seconds })).toBe(holds);
      expect(must({ stormUntilSeconds: seconds })).toBe(true);
    },
  );

  it("needs somebody who can pay in time, a stage later where operators wait to sign together", () => {
    expect(must({ penniless: operators })).toBe(false);
    expect(must({ penniless: operators.slice(0, 3) })).toBe(true);
    expect(must({ penniless: operators.slice(0, 4) })).toBe(false);
    // With more that may be silent nobody waits: f + 2 stages do not fit behind the first view.
    const terms = { operators, quorum, order: operators, schedule, misled: [] };
    const penniless = operators.slice(0, 4);
    expect(mustBeAccepted({ ...calm, penniless }, { ...terms, faults: 4 })).toBe(true);
    expect(must({ gasSpike: { fromSeconds: 0, untilSeconds: 300 } })).toBe(true);
    expect(must({ gasSpike: { fromSeconds: 0, untilSeconds: 470 } })).toBe(false);
  });
});
