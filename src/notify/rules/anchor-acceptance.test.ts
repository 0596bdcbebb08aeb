import { expect, it } from "vitest";
import { DAY, dueOf, party, stateOf } from "../../../test/support/notify-state.ts";
import { anchorAcceptance } from "./anchor-acceptance.ts";

it("given a proposed anchor, it is told at once and again each 30 days; one that accepted is not", () => {
  const row = { liveUntil: 0, since: 100, substitute: null };
  const state = stateOf({
    anchor: { [party(1)]: { ...row, status: "proposed" }, [party(2)]: { ...row, status: "accepted" } },
  });
  const [notice, ...rest] = dueOf(anchorAcceptance, state, 100);
  expect(rest).toEqual([]);
  expect(notice).toMatchObject({
    id: `anchor-acceptance/${party(1)}/100/0`,
    addresses: [party(1)],
    dueAt: null,
    command: "mandate anchor accept --anchor <file with your key>",
  });
  expect(dueOf(anchorAcceptance, state, 100 + 30 * DAY)[0]?.id).toBe(`anchor-acceptance/${party(1)}/100/1`);
});
