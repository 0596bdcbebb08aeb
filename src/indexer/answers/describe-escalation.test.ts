import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import type { Entities, EscalationRow } from "../fold/rows.ts";
import { describeEscalation, escalationStatus, opensAt, type EscalationContext } from "./describe-escalation.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;

const pending: EscalationRow = {
  status: "pending",
  team: 2,
  caller: account(5),
  target: account(6),
  selector: "0x12345678",
  data: "0x12345678",
  task: 1,
  boundary: 7,
  limitValue: 10n,
  actualValue: 25n,
  pathVersion: 1,
  recommendation: word(1),
  context: word(2),
  openedAt: 1_000,
  deadline: 1_100,
  resolver: null,
  reason: null,
  resolvedAt: null,
  usableUntil: null,
  executedAt: null,
  openings: 1,
};
const approved: EscalationRow = { ...pending, status: "approved", resolver: account(3), usableUntil: 1_200 };
const live: Entities["anchor"] = {
  status: "accepted",
  identity: word(3),
  liveUntil: 5_000,
  term: 1,
  substitute: null,
  substituteTerm: 0,
};

describe("an escalation's status", () => {
  it.each([
    [1_099, "pending"],
    [1_100, "denied"],
  ])("given silence at second %i of a deadline of 1100, it is %s", (now, status) => {
    expect(escalationStatus(pending, undefined, now)).toBe(status);
  });

  it.each([
    [1_199, "approved"],
    [1_200, "unused"],
  ])("given an approval until 1200 at second %i, it is %s", (now, status) => {
    expect(escalationStatus(approved, live, now)).toBe(status);
  });

  it("given its resolver lapsed or left, an approval is unused before its time", () => {
    expect(escalationStatus(approved, { ...live, liveUntil: 1_150 }, 1_149)).toBe("approved");
    expect(escalationStatus(approved, { ...live, liveUntil: 1_150 }, 1_150)).toBe("unused");
    expect(escalationStatus(approved, { ...live, status: "removed" }, 1_101)).toBe("unused");
    expect(escalationStatus(approved, undefined, 1_101)).toBe("unused");
  });

  it.each(["rejected", "withdrawn", "executed"] as const)("given %s, time changes nothing", (status) => {
    expect(escalationStatus({ ...approved, status }, undefined, 9_999)).toBe(status);
  });
});

describe("who may resolve", () => {
  const team = (anchor: Hex): Entities["team"] => ({
    place: word(7),
    status: "open",
    anchor,
    tier: 0,
    cones: [],
    path: [],
    pathVersion: 1,
    triggers: 0,
    version: 1,
    reason: word(8),
    openedAt: 1,
    closedAt: null,
  });
  const context = (now: number, change: Partial<EscalationContext> = {}): EscalationContext => ({
    now,
    teams: new Map([
      [3, team(account(3))],
      [4, team(account(4))],
      [1, team(account(1))],
    ]),
    paths: new Map([["2/1", [3, 4, 1]]]),
    anchors: new Map([
      [account(3), live],
      [account(4), { ...live, liveUntil: 900, substitute: account(1), substituteTerm: 1 }],
      [account(1), live],
    ]),
    nameOf: () => "BudgetVault",
    ...change,
  });
  const open = (now: number, change?: Partial<EscalationContext>) =>
    describeEscalation({ ...pending, id: word(9) }, context(now, change)).resolvers.map((each) => each.open);

  it("opens one after the other, at equal parts of the time, rounded down", () => {
    expect([0, 1, 2].map((position) => opensAt(pending, position, 3))).toEqual([1_000, 1_033, 1_066]);
    expect(open(1_000)).toEqual([true, false, false]);
    expect(open(1_033)).toEqual([true, true, false]); // its substitute is live
    expect(open(1_066)).toEqual([true, true, true]);
    expect(open(1_100)).toEqual([false, false, false]);
  });

  it("given the substitute was enrolled anew since, it resolves for nobody", () => {
    const anchors = new Map(context(0).anchors).set(account(1), { ...live, term: 2 });
    expect(open(1_033, { anchors })).toEqual([true, false, false]);
  });

  it("given who asks is the anchor, it cannot resolve its own request", () => {
    const escalation = { ...pending, id: word(9), caller: account(3) };
    expect(describeEscalation(escalation, context(1_000)).resolvers[0]?.open).toBe(false);
  });

  it("given an approval, nobody may resolve it any more, and the answer tells what was crossed", () => {
    const told = describeEscalation({ ...approved, id: word(9) }, context(1_150));
    expect(told.resolvers.map((each) => each.open)).toEqual([false, false, false]);
    expect(told).toMatchObject({ status: "approved", boundary: "team-impact", limit: "10", actual: "25" });
  });
});
