import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import type { Heard } from "../observations/reveal.ts";
import { toldCommitments } from "./told-commitments.ts";

const operator = (digit: string): Hex => `0x${digit.repeat(40)}`;
const [a, b, c, d] = ["a", "b", "c", "d"].map(operator) as [Hex, Hex, Hex, Hex];
const commitmentOf = (each: Hex): Hex => `0x${each.slice(2, 3).repeat(64)}`;
const committed = (each: Hex) => ({ operator: each, commitment: commitmentOf(each) });
const listOf = (...operators: readonly Hex[]): Heard => operators.map(committed);
const revealed = (each: Hex, ...heard: readonly Hex[]) => ({ ...committed(each), heard: listOf(...heard) });

describe("commitments as evidence tells them", () => {
  it("given everybody heard by everybody and shown, all are in time and revealed", () => {
    const all = [a, b, c, d];
    const told = toldCommitments({
      ...{ faults: 1, commitments: all.map(committed) },
      reveals: all.map((each) => revealed(each, ...all)),
    });
    expect(told).toEqual(all.map((each) => ({ operator: each, isInTime: true, isRevealed: true })));
  });

  it.each([
    ["f", [revealed(a, a, b, c, d), revealed(b, a, b, c)], false],
    ["f + 1", [revealed(a, a, b, c, d), revealed(b, a, b, c, d)], true],
  ])("given a commitment that %s operators heard, that it was in time is so: %#", (_, reveals, isInTime) => {
    const told = toldCommitments({ faults: 1, commitments: [committed(d)], reveals });
    expect(told.find((each) => each.operator === d)).toEqual({ operator: d, isInTime, isRevealed: false });
  });

  it("given two reveals of one operator, it has one voice", () => {
    const reveals = [revealed(a, d), { ...revealed(a, d), commitment: commitmentOf(b) }];
    const told = toldCommitments({ faults: 1, commitments: [committed(d)], reveals });
    expect(told.find((each) => each.operator === d)?.isInTime).toBe(false);
  });

  it("given one whose commitment is not at hand, it counts where more than f heard it, and not on the word of f", () => {
    const one = toldCommitments({ faults: 1, commitments: [], reveals: [revealed(a, d)] });
    expect(one.map((each) => each.operator)).toEqual([a]);
    const two = toldCommitments({ faults: 1, commitments: [], reveals: [revealed(a, d), revealed(b, d)] });
    expect(two.find((each) => each.operator === d)).toEqual({ operator: d, isInTime: true, isRevealed: false });
  });

  it("given a reveal of what nobody heard, it is late, and revealed", () => {
    expect(toldCommitments({ faults: 1, commitments: [], reveals: [revealed(c)] })).toEqual([
      { operator: c, isInTime: false, isRevealed: true },
    ]);
  });
});
