import { describe, expect, it } from "vitest";
import { dueOf, fourTeams, party, stateOf, word } from "../../../test/support/notify-state.ts";
import { consentWaits } from "./consent-waits.ts";

const change = {
  parameter: word(1),
  team: 0,
  value: "8",
  proposedAt: 0,
  enactableFrom: 100,
  expiresAt: 200,
  required: 3,
  consents: 1,
  consentedBy: [2],
  electorate: 4,
  by: party(7),
};
const at = (now: number, difference: object = {}) =>
  dueOf(consentWaits, stateOf({ team: { ...fourTeams }, change: { c: { ...change, ...difference } } }), now);

describe("a change of the constitution that waits", () => {
  it("given consents that are missing, each open team that has not consented hears", () => {
    expect(at(0).map(({ id, addresses }) => [id, addresses])).toEqual([
      ["consent-waits/c/0/1", [party(1)]],
      ["consent-waits/c/0/3", [party(3)]],
      ["consent-waits/c/0/4", [party(4)]],
    ]);
    expect(at(0)[0]?.text).toContain("2 more consents");
    expect(at(199)).toHaveLength(3);
    expect(at(200)).toEqual([]);
  });

  it("given a team that was opened after the proposal, it has no say and hears nothing", () => {
    expect(at(0, { electorate: 3 }).map(({ addresses }) => addresses)).toEqual([[party(1)], [party(3)]]);
  });

  it("given enough of them, it can be enacted from its time on", () => {
    expect(at(99, { consents: 3 })).toEqual([]);
    expect(at(100, { consents: 3 })).toMatchObject([
      { id: "change-enactable/c/0", addresses: [party(7)], dueAt: 200, teams: [] },
    ]);
    expect(at(200, { consents: 3 })).toEqual([]);
  });

  it("given a team's own value, its anchor hears that it can be enacted", () => {
    const own = { team: 3, required: 0, consents: 0, consentedBy: [] };
    expect(at(0, own)).toEqual([]);
    expect(at(100, own)).toMatchObject([{ addresses: [party(7), party(3)], teams: [3] }]);
  });
});
