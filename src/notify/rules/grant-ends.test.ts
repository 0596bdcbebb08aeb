import { expect, it } from "vitest";
import { DAY, dueOf, party, stateOf } from "../../../test/support/notify-state.ts";
import { grantEnds } from "./grant-ends.ts";

it("given a grant that ends before its task, anchor and holder hear of it; one that ends with its task is the task's", () => {
  const task = { anchor: party(1), deadline: 2 * DAY, openedAt: 0, team: 0 };
  const grant = {
    task: 7,
    grantee: party(8),
    target: party(9),
    selector: "0x01020304",
    notBefore: 0,
    notAfter: DAY,
  } as const;
  const state = stateOf({ task: { "7": task }, grant: { early: grant, late: { ...grant, notAfter: 2 * DAY } } });
  expect(dueOf(grantEnds, state, DAY - 3_601)).toEqual([]);
  const due = dueOf(grantEnds, state, DAY - 3_600);
  expect(due.map(({ id }) => id)).toEqual([`grant-ends/early/7/${DAY}/3600`]);
  expect(due[0]).toMatchObject({ addresses: [party(1), party(8)], anchor: party(1), dueAt: DAY });
  expect(dueOf(grantEnds, state, 2 * DAY - 1)).toEqual([]);
  expect(dueOf(grantEnds, stateOf({ grant: { early: grant } }), DAY - 1)).toEqual([]);
});
