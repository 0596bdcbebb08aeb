import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ONE } from "../../core/fixed-point.ts";
import type { ActivityEvent } from "./activity.ts";
import { countBurst } from "./count-burst.ts";
import { countLockstep } from "./count-lockstep.ts";
import { countActive } from "./count-low-activity.ts";
import { countLargestParty, countSelfDealing } from "./count-self-dealing.ts";
import { isBurst, isDivergent, type SeriesRule } from "./series.ts";

const act = (actor: string, second: number, counterparty?: string): ActivityEvent => ({
  actor,
  second,
  ...(counterparty === undefined ? {} : { counterparty }),
});
const share = (part: number, whole: number) => ({ part: BigInt(part), whole: BigInt(whole) });
const events = fc.array(
  fc.record({
    second: fc.nat(600),
    actor: fc.constantFrom("a", "b", "c", "d"),
    counterparty: fc.constantFrom("a", "x"),
  }),
  { maxLength: 40 },
);

describe("countBurst", () => {
  it.each([
    ["no event", [], share(0, 0)],
    ["two in one span, one at the next one's start", [act("a", 0), act("b", 59), act("c", 60)], share(2, 3)],
  ])("given %s, it counts the busiest span", (_, list, expected) => {
    expect(countBurst(list, 60)).toEqual(expected);
  });
});

describe("countLockstep", () => {
  const rule = { bucketSeconds: 60, shared: 2 };
  const pair = [act("a", 5), act("b", 50), act("a", 305), act("b", 350)];

  it.each([
    ["two accounts that share two spans", pair, share(2, 2)],
    ["two that share one", [...pair.slice(0, 3), act("b", 400)], share(0, 2)],
    [
      "two acts in one span: no more than one shared",
      [act("a", 1), act("a", 2), act("b", 3), act("b", 4)],
      share(0, 0),
    ],
    ["a third that acts alone", [...pair, act("c", 600), act("c", 900)], share(2, 3)],
    ["a third that acts once", [...pair, act("c", 5)], share(2, 2)],
    ["no event", [], share(0, 0)],
  ])("given %s, it counts the accounts in lockstep", (_, list, expected) => {
    expect(countLockstep(list, rule)).toEqual(expected);
  });

  it("given more pairs than it compares, it ends with what it has found", () => {
    const crowd = Array.from({ length: 4_000 }, (_, index) => [act(`n${index}`, 1), act(`n${index}`, 61)]).flat();
    const { part, whole } = countLockstep(crowd, rule);
    expect(whole).toBe(4_000n);
    expect(part).toBeLessThanOrEqual(whole);
  });
});

describe("countActive", () => {
  it("given accounts at and below the least number of acts, it counts those at it", () => {
    expect(countActive([act("a", 1), act("a", 2), act("b", 3)], 2)).toEqual(share(1, 2));
    expect(countActive([], 2)).toEqual(share(0, 0));
  });
});

describe("countSelfDealing", () => {
  it.each([
    [
      "one account on both sides",
      [act("a", 1, "a"), act("b", 2, "x"), act("c", 3, "x"), act("d", 4, "x")],
      share(1, 4),
    ],
    ["two that deal in both directions", [act("a", 1, "b"), act("b", 2, "a"), act("c", 3, "x")], share(2, 3)],
    ["one direction only", [act("a", 1, "b"), act("c", 3, "b")], share(0, 2)],
    ["acts without another side", [act("a", 1), act("a", 2)], share(0, 2)],
    ["no event", [], share(0, 0)],
  ])("given %s, it counts what stays within a party", (_, list, expected) => {
    expect(countSelfDealing(list)).toEqual(expected);
  });
});

describe("countLargestParty", () => {
  it("given accounts, it counts the acts of the one that acts most", () => {
    expect(countLargestParty([act("a", 1), act("b", 2), act("a", 3), act("a", 4)])).toEqual(share(3, 4));
    expect(countLargestParty([])).toEqual(share(0, 0));
  });
});

describe("all counts", () => {
  it("given any events in any order, the part is within the whole, and the same", () => {
    const counts = (list: readonly ActivityEvent[]) => [
      countBurst(list, 60),
      countLockstep(list, { bucketSeconds: 60, shared: 2 }),
      countActive(list, 2),
      countSelfDealing(list),
      countLargestParty(list),
    ];
    fc.assert(
      fc.property(events, (list) => {
        for (const { part, whole } of counts(list)) expect(part >= 0n && part <= whole).toBe(true);
        expect(counts(list.toReversed())).toEqual(counts(list));
      }),
    );
  });
});

const rule: SeriesRule = { over: 3, factor: 2n * ONE, from: 10n };

describe("isBurst", () => {
  it.each([
    ["twice the greatest before", [1n, 5n, 2n, 10n], false],
    ["one more", [1n, 5n, 2n, 11n], true],
    ["less than what is judged", [1n, 1n, 1n, 9n], false],
    ["as much as what is judged", [1n, 1n, 1n, 10n], true],
    ["a peak longer ago than it looks back", [100n, 1n, 1n, 1n, 10n], true],
    ["too short a history", [1n, 1n, 10n], false],
    ["something after nothing", [0n, 0n, 0n, 10n], true],
    ["no value", [], false],
  ] as const)("given %s, it says %s", (_, series, expected) => {
    expect(isBurst(series, rule)).toBe(expected);
  });
});

describe("isDivergent", () => {
  const calm = [10n, 10n, 10n];
  it.each([
    ["both grown alike", [...calm, 100n], [20n, 20n, 20n, 200n], false],
    ["one grown twice as much", [...calm, 40n], [20n, 20n, 20n, 40n], false],
    ["a little more than twice", [...calm, 41n], [20n, 20n, 20n, 40n], true],
    ["one grown and the other gone", [...calm, 30n], [20n, 20n, 20n, 0n], true],
    ["less than what is judged", [1n, 1n, 1n, 9n], [20n, 20n, 20n, 1n], false],
    ["too short a history of the other", [...calm, 100n], [20n, 20n, 20n], false],
    ["too short a history", [10n, 10n, 100n], [20n, 20n, 20n, 20n], false],
    ["no value", [], [], false],
  ] as const)("given %s, it says %s", (_, series, against, expected) => {
    expect(isDivergent(series, against, rule)).toBe(expected);
  });
});
