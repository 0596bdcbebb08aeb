import { describe, expect, it } from "vitest";
import { dueOf, fourTeams, party, pendingEscalation, stateOf, teamWith } from "../../../test/support/notify-state.ts";
import { escalationTurn } from "./escalation-turn.ts";

const at = (now: number, more: Parameters<typeof stateOf>[0] = {}) =>
  dueOf(escalationTurn, stateOf({ team: fourTeams, escalation: { op: pendingEscalation }, ...more }), now);

describe("an escalation that waits for a decision", () => {
  it("given its opening, the first anchor decides and the others know when their turn begins", () => {
    expect(at(0).map(({ id, addresses, urgency, dueAt }) => [id, addresses, urgency, dueAt])).toEqual([
      ["escalation-turn/op/0/0/turn", [party(2)], "urgent", 1_200],
      ["escalation-turn/op/0/1/opened", [party(3)], "notice", 400],
      ["escalation-turn/op/0/2/opened", [party(4)], "notice", 800],
    ]);
    expect(at(0)[0]?.text).toContain("50000.0001, above its limit of 50000");
  });

  it("given the first second of a turn, it is that anchor's too; given the deadline, nobody's", () => {
    expect(at(399).filter(({ urgency }) => urgency === "urgent")).toHaveLength(1);
    expect(at(400).filter(({ urgency }) => urgency === "urgent")).toHaveLength(2);
    expect(at(1_199).filter(({ urgency }) => urgency === "urgent")).toHaveLength(3);
    expect(at(1_200)).toEqual([]);
  });

  it("given another path since, the one of the opening holds, for whoever leads its teams now", () => {
    const team = { ...fourTeams, "1": teamWith(1, [2, 3, 4], [4]), "2": { ...teamWith(2, [4]), anchor: party(22) } };
    expect(at(0, { team }).map(({ addresses }) => addresses)).toEqual([[party(22)], [party(3)], [party(4)]]);
  });

  it("given a substitute, it hears too", () => {
    const anchor = { [party(2)]: { status: "accepted" as const, liveUntil: 9, since: 0, substitute: party(33) } };
    expect(at(0, { anchor })[0]?.addresses).toEqual([party(2), party(33)]);
  });

  it("given a decision, nobody has to decide any more", () => {
    expect(at(0, { escalation: { op: { ...pendingEscalation, status: "approved" } } })).toEqual([]);
  });
});
