import { describe, expect, it } from "vitest";
import { DAY, dueOf, party, proposedProject, stateOf } from "../../../test/support/notify-state.ts";
import { planAcceptance } from "./plan-acceptance.ts";
import { planFunding } from "./plan-funding.ts";

const at = (change: object) => stateOf({ project: { p: { ...proposedProject, ...change } } });

describe("a plan that waits", () => {
  it("given nobody signed, payee and anchor hear at the opening, and again a day before it is too late", () => {
    const opening = dueOf(planAcceptance, at({}), 0);
    expect(opening.map(({ addresses, urgency }) => [addresses, urgency])).toEqual([
      [[party(1)], "action"],
      [[party(3)], "action"],
    ]);
    expect(dueOf(planAcceptance, at({}), 9 * DAY - 1)).toHaveLength(2);
    const late = dueOf(planAcceptance, at({}), 9 * DAY);
    expect(late.map(({ urgency }) => urgency)).toEqual(["action", "urgent", "action", "urgent"]);
    expect(new Set(late.map(({ id }) => id)).size).toBe(4);
    expect(late.every(({ dueAt }) => dueAt === 10 * DAY)).toBe(true);
    expect(dueOf(planAcceptance, at({}), 10 * DAY)).toEqual([]);
  });

  it("given one signed, only the other hears of it", () => {
    expect(dueOf(planAcceptance, at({ payeeAccepted: true }), 0).map(({ addresses }) => addresses)).toEqual([
      [party(3)],
    ]);
    expect(dueOf(planAcceptance, at({ anchorAccepted: true }), 0).map(({ addresses }) => addresses)).toEqual([
      [party(1)],
    ]);
  });

  it("given both signed, the opener hears that it can be funded, until it is or it is too late", () => {
    const signed = { payeeAccepted: true, anchorAccepted: true };
    expect(dueOf(planAcceptance, at(signed), 0)).toEqual([]);
    expect(dueOf(planFunding, at({ payeeAccepted: true }), 0)).toEqual([]);
    expect(dueOf(planFunding, at(signed), 0)).toMatchObject([{ addresses: [party(2)], dueAt: 10 * DAY }]);
    expect(dueOf(planFunding, at(signed), 10 * DAY)).toEqual([]);
    expect(dueOf(planFunding, at({ ...signed, status: "active" }), 0)).toEqual([]);
  });
});
