import { describe, expect, it } from "vitest";
import { DAY, dueOf, party, stateOf } from "../../../test/support/notify-state.ts";
import { anchorLapses } from "./anchor-lapses.ts";

const anchor = party(1);
const state = stateOf({
  anchor: { [anchor]: { status: "accepted", liveUntil: 30 * DAY, since: 0, substitute: null } },
});
const ids = (now: number): string[] => dueOf(anchorLapses, state, now).map(({ id }) => id);

describe("an anchor that has to check in", () => {
  it("given more than a week, nothing; then a week and a day before, each until the end", () => {
    const [week, day] = [7 * DAY, DAY].map((ahead) => `anchor-lapses/${anchor}/${30 * DAY}/${ahead}`);
    expect(ids(23 * DAY - 1)).toEqual([]);
    expect(ids(23 * DAY)).toEqual([week]);
    expect(ids(29 * DAY - 1)).toEqual([week]);
    expect(ids(29 * DAY)).toEqual([week, day]);
    expect(ids(30 * DAY - 1)).toEqual([week, day]);
  });

  it("given the last of them, it is urgent, due at the end, for the anchor, with the command", () => {
    expect(dueOf(anchorLapses, state, 29 * DAY)[1]).toMatchObject({
      urgency: "urgent",
      dueAt: 30 * DAY,
      addresses: [anchor],
      anchor,
      command: "mandate anchor check-in",
    });
  });

  it("given a lapsed one, it is told from the first second, and again each 30 days", () => {
    expect(ids(30 * DAY)).toEqual([`anchor-lapsed/${anchor}/${30 * DAY}/0`]);
    expect(ids(60 * DAY)).toEqual([`anchor-lapsed/${anchor}/${30 * DAY}/1`]);
  });

  it("given a check-in, the notices of the time before are gone", () => {
    const checkedIn = stateOf({
      anchor: { [anchor]: { status: "accepted", liveUntil: 59 * DAY, since: 29 * DAY, substitute: null } },
    });
    expect(dueOf(anchorLapses, checkedIn, 29 * DAY)).toEqual([]);
  });
});
