import { expect, it } from "vitest";
import { dueOf, party, pendingEscalation, stateOf } from "../../../test/support/notify-state.ts";
import { escalationApproved } from "./escalation-approved.ts";

it("given an approval, who asked hears until when the call can be made", () => {
  const approved = {
    ...pendingEscalation,
    status: "approved" as const,
    approvedAt: 100,
    usableUntil: 200,
    resolver: party(2),
  };
  const state = stateOf({ escalation: { op: approved, other: pendingEscalation } });
  expect(dueOf(escalationApproved, state, 199)).toMatchObject([
    { id: "escalation-approved/op/100", addresses: [party(9)], anchor: party(2), dueAt: 200 },
  ]);
  expect(dueOf(escalationApproved, state, 200)).toEqual([]);
});
