import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import type { Entities } from "../fold/rows.ts";
import { describeRulesets } from "./describe-rulesets.ts";
import { epochAt } from "./oracle-clocks.ts";

const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
/** Epoch n begins at 90 + 10 n. */
const clock = { genesis: 100, epochSeconds: 10 };
const named = (number: number, fromEpoch: number, scheduledAt: number): Entities["ruleset"] => ({
  ...{ oracle: account(1), hash: word(number), fromEpoch, anchor: account(2), scheduledAt },
  ...{ block: number, logIndex: 0 },
});
const statuses = (now: number, ...rows: readonly Entities["ruleset"][]) =>
  describeRulesets(rows, clock, now).map(({ ruleset, status }) => [Number(ruleset), status]);

describe("an oracle's clock", () => {
  it.each([
    [99, 0],
    [100, 1],
    [109, 1],
    [110, 2],
  ])("given second %i, epoch %i runs", (seconds, epoch) => {
    expect(epochAt(clock, seconds)).toBe(epoch);
  });
});

describe("the rulesets of an oracle", () => {
  it("given one, it is scheduled until its epoch begins, and runs from then on", () => {
    expect(statuses(119, named(1, 3, 105))).toEqual([[1, "scheduled"]]);
    expect(statuses(120, named(1, 3, 105))).toEqual([[1, "running"]]);
    expect(describeRulesets([named(1, 3, 105)], clock, 120)).toEqual([
      {
        ...{ oracle: account(1), ruleset: word(1), fromEpoch: 3, status: "running" },
        ...{ anchor: account(2), scheduledAt: 105 },
      },
    ]);
  });

  it("given the next one, the one before is over when its epoch begins", () => {
    const rows = [named(1, 2, 100), named(2, 4, 115)];
    expect(statuses(129, ...rows)).toEqual([
      [2, "scheduled"],
      [1, "running"],
    ]);
    expect(statuses(130, ...rows)).toEqual([
      [2, "running"],
      [1, "over"],
    ]);
  });

  it.each([
    ["the last second before its epoch", 119, "replaced"],
    ["the first second of its epoch", 120, "running"],
  ])("given another one for a later epoch, named in %s, the scheduled one is replaced or runs", (_, second, first) => {
    const rows = [named(1, 3, 105), named(2, 9, second)];
    expect(statuses(125, ...rows)).toEqual([
      [2, "scheduled"],
      [1, first],
    ]);
  });

  it("given another one for an earlier epoch, the one that ran before is what it follows", () => {
    const rows = [named(1, 2, 100), named(2, 9, 112), named(3, 5, 113)];
    expect(statuses(125, ...rows)).toEqual([
      [3, "scheduled"],
      [2, "replaced"],
      [1, "running"],
    ]);
    expect(statuses(999, ...rows)).toEqual([
      [3, "running"],
      [2, "replaced"],
      [1, "over"],
    ]);
  });
});
