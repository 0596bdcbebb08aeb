import { expect, it } from "vitest";
import { DAY, dueOf, party, stateOf } from "../../../test/support/notify-state.ts";
import { happened } from "./happened.ts";

it("given something that happened, people hear of it for a week", () => {
  const row = { event: "TierLowered", at: 10, title: "t", text: "x", addresses: [party(1)], teams: [3] };
  const state = stateOf({ happening: { "0xab/1": row } });
  expect(dueOf(happened, state, 10)).toMatchObject([
    { id: "happened/TierLowered/0xab/1", addresses: [party(1)], teams: [3], dueAt: 10 + 7 * DAY, command: null },
  ]);
  expect(dueOf(happened, state, 10 + 7 * DAY)).toEqual([]);
});
