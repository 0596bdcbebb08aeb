import { describe, expect, it } from "vitest";
import { DAY, dueOf, party, stateOf, word } from "../../../test/support/notify-state.ts";
import { trips } from "./trips.ts";

const anchor = { status: "accepted", liveUntil: 10 ** 9, since: 0, substitute: null } as const;
const people = { guardian: { [party(9)]: { since: 0 } }, anchor: { [party(3)]: anchor, [party(4)]: anchor } };
const trip = { trippedAt: 100, until: 200, cause: word(7), anchor: party(3) };

describe("a trip", () => {
  it("given an asset, guardians and anchors hear of it until it is over, then that it is half open", () => {
    const state = stateOf({ ...people, trip: { [party(0xee)]: { ...trip, kind: "asset" } } });
    expect(dueOf(trips, state, 199)).toMatchObject([
      {
        id: `tripped/${party(0xee)}/100/${word(7)}`,
        urgency: "urgent",
        addresses: [party(3), party(4), party(9)],
        anchor: party(3),
        dueAt: 200,
      },
    ]);
    const halfOpen = `half-open/${party(0xee)}/100`;
    expect(dueOf(trips, state, 200)).toMatchObject([
      { id: `${halfOpen}/0`, urgency: "action", since: 200, dueAt: null },
    ]);
    expect(dueOf(trips, state, 200 + 30 * DAY)).toMatchObject([{ id: `${halfOpen}/1` }]);
  });

  it("given an oracle, it is over by itself", () => {
    const state = stateOf({ ...people, trip: { [party(4)]: { ...trip, kind: "oracle" } } });
    expect(dueOf(trips, state, 199)).toMatchObject([{ id: `tripped/${party(4)}/100/${word(7)}` }]);
    expect(dueOf(trips, state, 200)).toEqual([]);
  });
});
