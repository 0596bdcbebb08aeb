import { expect, it } from "vitest";
import { dueOf, fourTeams, party, pendingEscalation, stateOf } from "../../../test/support/notify-state.ts";
import { escalationDenied } from "./escalation-denied.ts";

it("given a quarter of the time left, everybody whose turn has begun hears, and who asked; with the deadline nobody", () => {
  const state = stateOf({ team: fourTeams, escalation: { op: pendingEscalation } });
  expect(dueOf(escalationDenied, state, 899)).toEqual([]);
  const due = dueOf(escalationDenied, state, 900);
  expect(due.map(({ id, addresses }) => [id, addresses])).toEqual([
    ["escalation-denied/op/0/300/0", [party(2)]],
    ["escalation-denied/op/0/300/1", [party(3)]],
    ["escalation-denied/op/0/300/2", [party(4)]],
    ["escalation-denied/op/0/300/caller", [party(9)]],
  ]);
  expect(due.every(({ urgency, dueAt }) => urgency === "urgent" && dueAt === 1_200)).toBe(true);
  expect(dueOf(escalationDenied, state, 1_200)).toEqual([]);
  const approved = stateOf({ team: fourTeams, escalation: { op: { ...pendingEscalation, status: "approved" } } });
  expect(dueOf(escalationDenied, approved, 900)).toEqual([]);
});
