import { describe, expect, it } from "vitest";
import { half } from "../../../test/support/score-definition.ts";
import { runCheck, type CheckedNumber, type IntegrityCheck } from "./integrity-check.ts";

const value = (number: bigint, decimals = 0): CheckedNumber => ({
  outcome: { outcome: "value", value: number },
  decimals,
});
const missing: CheckedNumber = { outcome: { outcome: "missing" }, decimals: 0 };

const base = { name: "largest", detects: "self-dealing", part: "largest-buyer", whole: "sales/orders" } as const;
const atMostHalf: IntegrityCheck = { ...base, limit: { atMost: half } };
const atLeastHalf: IntegrityCheck = { ...base, limit: { atLeast: half } };
const fromTen: IntegrityCheck = { ...atMostHalf, from: "10" };

function run(check: IntegrityCheck, part: CheckedNumber | undefined, whole: CheckedNumber) {
  const finding = runCheck(
    check,
    new Map([...(part === undefined ? [] : [["largest-buyer", part] as const]), ["sales/orders", whole]]),
  );
  return finding?.reason;
}

describe("runCheck", () => {
  it.each([
    ["a part at the limit", atMostHalf, value(50n), value(100n), undefined],
    ["a part one beyond the limit", atMostHalf, value(51n), value(100n), "found"],
    ["half of an odd number, rounded by nobody", atMostHalf, value(50n), value(99n), "found"],
    ["a part at the lower limit", atLeastHalf, value(50n), value(100n), undefined],
    ["a part one below it", atLeastHalf, value(49n), value(100n), "found"],
    ["places that differ, at the limit", atMostHalf, value(500n, 1), value(10_000n, 2), undefined],
    ["places that differ, beyond it", atMostHalf, value(501n, 1), value(10_000n, 2), "found"],
    ["nothing of nothing", atMostHalf, value(0n), value(0n), undefined],
    ["something of nothing", atMostHalf, value(1n), value(0n), "found"],
    ["nothing of nothing where something is due", atLeastHalf, value(0n), value(0n), undefined],
    ["a part below zero", atMostHalf, value(-1n), value(100n), "found"],
    ["a whole below zero", atLeastHalf, value(1n), value(-100n), "found"],
    ["too little to judge by", fromTen, value(9n), value(9n), undefined],
    ["just enough to judge by", fromTen, value(9n), value(10n), "found"],
    ["a part that nobody could read", atMostHalf, missing, value(100n), "unknown"],
    ["a whole that nobody could read", atMostHalf, value(1n), missing, "unknown"],
    ["a part that does not exist", atMostHalf, undefined, value(1n), "unknown"],
  ] as const)("given %s, it finds: %s", (_, check, part, whole, expected) => {
    expect(run(check, part, whole)).toBe(expected);
  });

  it("given a finding, it names what it detects and the check", () => {
    const numbers = new Map([
      ["largest-buyer", value(3n)],
      ["sales/orders", value(4n)],
    ]);
    expect(runCheck(atMostHalf, numbers)).toEqual({ kind: "self-dealing", subject: "largest", reason: "found" });
  });
});
