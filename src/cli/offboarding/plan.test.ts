import { parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { dataOf } from "../chain/transaction-file.ts";
import { announcementOf, batchFile } from "./batch-file.ts";
import type { Holding, Way } from "./holding.ts";
import { isDone, planOf } from "./plan.ts";
import { planText } from "./plan-text.ts";

const address = (number: number): Hex => `0x${number.toString(16).padStart(40, "0")}`;
const [leaver, office, other, authority] = [address(1), address(2), address(3), address(9)];
const call = {
  contract: "Membership",
  address: address(8),
  abi: parseAbi(["function unseat(address member)"]),
  functionName: "unseat",
  args: [leaver],
  value: 0n,
} as const;

const way = (sender: Hex, delaySeconds = 0): Way => ({ sender, right: "by right", call, delaySeconds });
const ended = (id: string, ways: readonly Way[], last = false): Holding => ({
  kind: "seat",
  id,
  sentence: `has ${id}`,
  ending: { kind: "call", ways, last },
});
const sendersOf = (holdings: readonly Holding[], signer?: Hex) =>
  planOf(holdings, leaver, signer).groups.map(({ sender, steps }) => [sender, steps.map(({ holding }) => holding.id)]);

describe("the plan of an offboarding", () => {
  it("given several who may, it asks the signer, then others before the address itself, and first who acts at once", () => {
    const ways = [way(leaver), way(other, 60), way(office)];
    expect(sendersOf([ended("a", ways)])).toEqual([[office, ["a"]]]);
    expect(sendersOf([ended("a", ways)], other)).toEqual([[other, ["a"]]]);
    expect(sendersOf([ended("a", ways)], leaver)).toEqual([[leaver, ["a"]]]);
    expect(sendersOf([ended("a", [way(leaver), way(other, 60)])])).toEqual([[other, ["a"]]]);
    expect(sendersOf([ended("a", [way(leaver)])])).toEqual([[leaver, ["a"]]]);
  });

  it("given what others are sent by, it comes last", () => {
    expect(sendersOf([ended("role", [way(office)], true), ended("seat", [way(office)])])).toEqual([
      [office, ["seat", "role"]],
    ]);
  });

  it("given something that nobody may end, it is open, and the plan is not done; given what stays, it is", () => {
    const stays: Holding = {
      kind: "claim",
      id: "c",
      sentence: "has money",
      ending: { kind: "stays", why: "its money" },
    };
    const follows: Holding = {
      kind: "task",
      id: "t",
      sentence: "has a task",
      ending: { kind: "follows", what: "later" },
    };
    expect(isDone(planOf([stays, follows], leaver))).toBe(true);
    const stuck = planOf([ended("a", []), stays], leaver);
    expect(stuck.open.map(({ what }) => what)).toEqual(["nobody holds the right to end it now"]);
    expect(isDone(stuck)).toBe(false);
    expect(isDone(planOf([ended("a", [way(office)])], leaver))).toBe(false);
  });

  it("given nothing, it says that the record is complete; given something, every sentence is in it", () => {
    expect(planText(planOf([], leaver), leaver, 5n)).toContain("holds nothing at block 5");
    const text = planText(planOf([ended("a seat", [way(office, 60)])], leaver), leaver, 5n);
    expect(text).toContain("it has a seat");
    expect(text).toContain("Membership.unseat, by right, 60 seconds after it is announced");
  });
});

describe("the batch for those who sign elsewhere", () => {
  it("given a delay, the announcement comes first and the call after it, for each sender in both formats", () => {
    const plan = planOf([ended("now", [way(office)]), ended("later", [way(other, 60)])], leaver);
    const file = batchFile({ plan, account: leaver, authority, chainId: 31_337, createdAtMs: 1 }) as {
      parts: { from: Hex; description: string; eip5792: { calls: unknown[] }; safe: { transactions: unknown[] } }[];
    };
    const announced = dataOf(announcementOf(authority, call));
    expect(file.parts.map(({ from, description, eip5792 }) => [from, description, eip5792.calls])).toEqual([
      [office, "at once", [{ to: call.address, data: dataOf(call), value: "0x0" }]],
      [other, "announcements", [{ to: authority, data: announced, value: "0x0" }]],
      [other, "60 seconds after the announcements", [{ to: call.address, data: dataOf(call), value: "0x0" }]],
    ]);
    expect(file.parts[0]).toMatchObject({
      eip5792: { version: "2.0.0", chainId: "0x7a69", from: office, atomicRequired: false },
      safe: { version: "1.0", chainId: "31337", transactions: [{ to: call.address, value: "0", data: dataOf(call) }] },
    });
  });
});
