import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { toleratedFaults } from "../../org/quorum.ts";
import { proposerOrder } from "./proposer-order.ts";
import { proposesAt, viewAt, viewScheduleOf } from "./view-schedule.ts";

describe("viewAt", () => {
  const schedule = {
    ...{ opensAt: 100, closesAt: 160, commitSeconds: 1, quietSeconds: 1, revealSeconds: 1 },
    ...{ stageSeconds: 5, operators: 2, strictViews: 1 },
  };
  it.each([
    [99, { open: false, reason: "early" }],
    [100, { open: true, view: 0 }],
    [107, { open: true, view: 0 }],
    [108, { open: true, view: 1 }],
    [112, { open: true, view: 1 }],
    [113, { open: true, view: 2 }],
    [122, { open: true, view: 2 }],
    [123, { open: true, view: 3 }],
    [133, { open: true, view: 4 }],
    [159, { open: true, view: 5 }],
    [160, { open: false, reason: "late" }],
  ])("given second %i, it is %j", (now, expected) => {
    expect(viewAt(schedule, now)).toEqual(expected);
  });

  it("given any deadline, the view never falls, and at least three proposers get a turn from eight seconds on", () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 400_000 }), fc.nat(400_000), fc.nat(400_000), (deadline, a, b) => {
        const own = viewScheduleOf({ opensAt: 0, reportDeadlineSeconds: deadline, operators: 4, faults: 1 });
        const [earlier, later] = [Math.min(a, b) % deadline, Math.max(a, b) % deadline].sort((x, y) => x - y);
        const [first, second] = [viewAt(own, earlier ?? 0), viewAt(own, later ?? 0)];
        expect(first.open && second.open && first.view <= second.view).toBe(true);
        const last = viewAt(own, deadline - 1);
        expect(last.open ? last.view : 0).toBeGreaterThanOrEqual(2);
      }),
    );
  });
});

describe("viewScheduleOf", () => {
  const of = (reportDeadlineSeconds: number, operators = 4) =>
    viewScheduleOf({ opensAt: 0, reportDeadlineSeconds, operators, faults: toleratedFaults(operators) });

  it.each([
    [13, { commitSeconds: 1, quietSeconds: 1, revealSeconds: 1, stageSeconds: 2 }],
    [14, { commitSeconds: 2, quietSeconds: 1, revealSeconds: 1, stageSeconds: 2 }],
    [30, { commitSeconds: 4, quietSeconds: 2, revealSeconds: 2, stageSeconds: 4 }],
    [426, { commitSeconds: 60, quietSeconds: 30, revealSeconds: 30, stageSeconds: 60 }],
    [86_400, { commitSeconds: 60, quietSeconds: 30, revealSeconds: 30, stageSeconds: 60 }],
  ])("given a deadline of %i s, it is %j", (deadline, expected) => {
    expect(of(deadline)).toMatchObject(expected);
  });

  it("given any deadline from 14 seconds on, five whole stages fit behind the reveals", () => {
    fc.assert(
      fc.property(fc.integer({ min: 14, max: 400_000 }), fc.integer({ min: 4, max: 31 }), (deadline, operators) => {
        const own = of(deadline, operators);
        let end = proposesAt(own);
        for (let view = 0; view < 5; view += 1) end += own.stageSeconds * 2 ** Math.floor(view / operators);
        expect(operators < 5 ? end - own.stageSeconds : end).toBeLessThanOrEqual(own.closesAt);
      }),
    );
  });

  it.each([
    [8, 4, 1], // three views: half of them, rounded down
    [30, 4, 2],
    [480, 13, 3], // six views
    [480, 7, 3],
    [3_600, 13, 5],
    [3_600, 31, 11],
  ])("given a deadline of %i s and %i operators, the first %i views are strict", (deadline, operators, strictViews) => {
    expect(of(deadline, operators).strictViews).toBe(strictViews);
  });
});

describe("proposerOrder", () => {
  const operators = [1, 2, 3, 4].map((index): Hex => `0x${String(index).repeat(40)}`);

  it("given any order of the operators, it is one permutation of them", () => {
    const order = proposerOrder(documentHash("configuration"), 1, operators);
    expect(proposerOrder(documentHash("configuration"), 1, operators.toReversed())).toEqual(order);
    expect(order.toSorted()).toEqual(operators);
  });

  it("given many epochs, every operator is first about equally often", () => {
    const firsts = new Map<Hex, number>();
    for (let epoch = 1; epoch <= 400; epoch += 1) {
      const [first] = proposerOrder(documentHash("configuration"), epoch, operators);
      if (first !== undefined) firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    for (const operator of operators) expect(firsts.get(operator)).toBeGreaterThan(60);
  });
});
