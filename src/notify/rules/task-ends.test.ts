import { describe, expect, it } from "vitest";
import { DAY, dueOf, party, stateOf } from "../../../test/support/notify-state.ts";
import { taskEnds } from "./task-ends.ts";

const task = { anchor: party(1), deadline: 10 * DAY, openedAt: 0, team: 3 };

describe("a task that ends", () => {
  it("given a day and an hour left, its anchor hears which grants end with it", () => {
    const grant = {
      task: 7,
      grantee: party(8),
      target: party(9),
      selector: "0x01020304",
      notBefore: 0,
      notAfter: 1,
    } as const;
    const state = stateOf({ task: { "7": task }, grant: { a: grant, b: { ...grant, task: 6, grantee: party(5) } } });
    expect(dueOf(taskEnds, state, 9 * DAY - 1)).toEqual([]);
    const both = dueOf(taskEnds, state, 10 * DAY - 3_600);
    expect(both.map(({ urgency, id }) => [urgency, id])).toEqual([
      ["action", `task-ends/7/${10 * DAY}/${DAY}`],
      ["urgent", `task-ends/7/${10 * DAY}/3600`],
    ]);
    expect(both[1]).toMatchObject({ addresses: [party(1)], teams: [3], dueAt: 10 * DAY });
    expect(both[1]?.text).toContain(party(8));
    expect(both[1]?.text).not.toContain(party(5));
    expect(dueOf(taskEnds, state, 10 * DAY)).toEqual([]);
  });

  it("given a task of minutes, it is not announced as ending before a quarter is left", () => {
    const short = stateOf({ task: { "7": { ...task, deadline: 400, team: 0 } } });
    expect(dueOf(taskEnds, short, 299)).toEqual([]);
    expect(dueOf(taskEnds, short, 300).map(({ id, urgency, teams }) => ({ id, urgency, teams }))).toEqual([
      { id: "task-ends/7/400/100", urgency: "urgent", teams: [] },
    ]);
  });
});
