import { encodeFunctionData, parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import { boundary, checkLimits, impactKind, type ActionFacts, type LimitedCall } from "./limit-check.ts";

const asset = `0x${"a5".repeat(20)}` as const;
const abi = parseAbi(["function pay(address asset, uint256 amount)"]);
const pay = (amount: bigint) => encodeFunctionData({ abi, args: [asset, amount] });
const facts: ActionFacts = {
  impact: impactKind.assetAmount,
  scope: 3,
  reversibility: 50,
  fixedImpact: 0,
  amountWord: 1,
  assetWord: 0,
};
const limits = { maxImpact: 100, scopes: 0b1000, minReversibility: 50 };
const call = (change: Partial<LimitedCall> = {}): LimitedCall => ({
  data: pay(10n ** 18n),
  now: 1_000n,
  facts,
  limits,
  used: 0n,
  cap: undefined,
  rateOf: () => ({ rate: 40n, validUntil: 1_001n }),
  ...change,
});
const inside = (impact: bigint) => ({ boundary: boundary.none, limit: 0n, actual: 0n, impact });

describe("which boundary a call crosses", () => {
  it("rounds an impact up", () => {
    expect(checkLimits(call())).toEqual(inside(40n));
    expect(checkLimits(call({ data: pay(10n ** 18n + 1n) }))).toEqual(inside(41n));
    expect(checkLimits(call({ data: pay(0n) }))).toEqual(inside(0n));
  });

  it("given the team's impact reaches its limit, it passes; one more, it crosses", () => {
    expect(checkLimits(call({ used: 60n }))).toEqual(inside(40n));
    expect(checkLimits(call({ used: 61n }))).toEqual({
      boundary: boundary.teamImpact,
      limit: 100n,
      actual: 101n,
      impact: 40n,
    });
  });

  it("given a cap, it comes before the team's impact", () => {
    expect(checkLimits(call({ cap: 40n }))).toEqual(inside(40n));
    const crossed = { boundary: boundary.grantCap, limit: 39n, actual: 40n, impact: 40n };
    expect(checkLimits(call({ cap: 39n, used: 100n }))).toEqual(crossed);
  });

  it("given a rate whose validity is over, or none, even nothing crosses", () => {
    const expired = call({ now: 1_001n, data: pay(0n) });
    const missing = { boundary: boundary.rateMissing, limit: 1_001n, actual: 1_001n, impact: 0n };
    expect(checkLimits(expired)).toEqual(missing);
    expect(checkLimits(call({ rateOf: () => undefined }))).toEqual({ ...missing, limit: 0n, actual: 1_000n });
  });

  it("given a scope or a reversibility outside, it says so before anything about impact", () => {
    const rateOf = () => undefined;
    expect(checkLimits(call({ rateOf, limits: { ...limits, scopes: 0b0111 } }))).toMatchObject({
      boundary: boundary.scope,
      limit: 0b0111n,
      actual: 3n,
    });
    expect(checkLimits(call({ rateOf, limits: { ...limits, minReversibility: 51 } }))).toMatchObject({
      boundary: boundary.reversibility,
      limit: 51n,
      actual: 50n,
    });
  });

  it("given arguments that are too short, or no address where one must be, it is unreadable", () => {
    const short = pay(1n).slice(0, -2) as `0x${string}`;
    expect(checkLimits(call({ data: short }))).toMatchObject({
      boundary: boundary.unreadable,
      limit: 68n,
      actual: 67n,
    });
    const wide = `${pay(1n).slice(0, 10)}${"f".repeat(64)}${pay(1n).slice(74)}` as `0x${string}`;
    expect(checkLimits(call({ data: wide }))).toMatchObject({ boundary: boundary.unreadable });
  });

  it("given an amount that no limit could hold, it never reads as small", () => {
    expect(checkLimits(call({ data: pay(2n ** 256n - 1n) }))).toMatchObject({
      boundary: boundary.teamImpact,
      impact: 2n ** 128n - 1n,
    });
  });

  it("given facts of another kind, it reads what they say", () => {
    expect(checkLimits(call({ facts: { ...facts, impact: impactKind.none } }))).toEqual(inside(0n));
    expect(checkLimits(call({ facts: { ...facts, impact: impactKind.fixed, fixedImpact: 7 } }))).toEqual(inside(7n));
    const amount = call({ facts: { ...facts, impact: impactKind.amount }, data: pay(100n) });
    expect(checkLimits(amount)).toEqual(inside(100n));
    expect(checkLimits(call({ facts: undefined }))).toMatchObject({ boundary: boundary.unlisted });
  });
});
