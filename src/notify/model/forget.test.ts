import { expect, it } from "vitest";
import { DAY, party, pendingEscalation, proposedProject, stateOf } from "../../../test/support/notify-state.ts";
import { forget } from "./forget.ts";

it("given what has been over for a week by itself, its row goes; what only an event ends stays", () => {
  const task = { anchor: party(1), deadline: 100, openedAt: 0, team: 0 };
  const state = stateOf({
    task: { t: task },
    escalation: {
      pending: pendingEscalation,
      approved: { ...pendingEscalation, status: "approved", usableUntil: 99 * DAY },
    },
    project: {
      proposed: { ...proposedProject, acceptBy: 100 },
      active: { ...proposedProject, status: "active", acceptBy: 1 },
    },
    anchor: { a: { status: "accepted", liveUntil: 1, since: 0, substitute: null } },
  });
  expect(forget(state, 100 + 7 * DAY - 1)).toEqual([]);
  expect(forget(state, 100 + 7 * DAY)).toEqual([
    { entity: "task", id: "t", row: null },
    { entity: "project", id: "proposed", row: null },
  ]);
  expect(forget(state, 1_200 + 7 * DAY)).toContainEqual({ entity: "escalation", id: "pending", row: null });
  expect(forget(state, 90 * DAY)).toHaveLength(3);
});
