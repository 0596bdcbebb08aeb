import { expect, it } from "vitest";
import { DAY, dueOf, party, stateOf } from "../../../test/support/notify-state.ts";
import { claimWaits } from "./claim-waits.ts";

it("given money that could not be paid out, its payee hears at once and again each 30 days", () => {
  const claim = { vault: party(1), payee: party(2), asset: party(3), amount: "70", since: 5, anchor: party(4) };
  const state = stateOf({ claim: { c: claim } });
  const [notice] = dueOf(claimWaits, state, 5);
  expect(notice).toMatchObject({ id: "claim-waits/c/5/0", addresses: [party(2)], anchor: party(4), dueAt: null });
  expect(notice?.text).toContain("70 base units");
  expect(dueOf(claimWaits, state, 5 + 30 * DAY)[0]?.id).toBe("claim-waits/c/5/1");
});
