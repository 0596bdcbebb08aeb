import { describe, expect, it } from "vitest";
import {
  dueOf,
  fourTeams,
  openChallenge,
  party,
  proposedProject,
  stateOf,
  teamWith,
  word,
} from "../../../test/support/notify-state.ts";
import type { Entities } from "../model/rows.ts";
import { scoreChallenge } from "./score-challenge.ts";

const at = (now: number, changes: Partial<Entities["challenge"]> = {}, more: Parameters<typeof stateOf>[0] = {}) =>
  dueOf(scoreChallenge, stateOf({ team: fourTeams, challenge: { c: { ...openChallenge, ...changes } }, ...more }), now);
const rulers = (...args: Parameters<typeof at>) =>
  at(...args).flatMap(({ id, addresses }) => (id.endsWith("/project") ? [] : [[id, addresses] as const]));

/** Of the challenge's own plan anchor. */
const ownProject = { ...proposedProject, anchor: party(8) };

describe("a challenge that waits for a ruling", () => {
  it("given its opening, the first of the path rules, the others know when their turn begins, and the project hears of it", () => {
    expect(at(0).map(({ id, addresses, urgency, dueAt }) => [id, addresses, urgency, dueAt])).toEqual([
      ["score-challenge/c/0/turn", [party(2)], "urgent", 1_200],
      ["score-challenge/c/1/opened", [party(3)], "notice", 400],
      ["score-challenge/c/2/opened", [party(4)], "notice", 800],
      ["score-challenge/c/project", [party(8)], "notice", 1_200],
    ]);
  });

  it("given the turn of the second, it rules as well, with its substitute", () => {
    const substitute = { status: "accepted", liveUntil: 9_999, since: 0, substitute: party(77) } as const;
    expect(rulers(399)[1]?.[0]).toBe("score-challenge/c/1/opened");
    expect(rulers(400, {}, { anchor: { [party(3)]: substitute } })[1]).toEqual([
      "score-challenge/c/1/turn",
      [party(3), party(77)],
    ]);
  });

  it.each([
    ["who challenges", { challenger: party(2) }],
    ["the plan's anchor", { planAnchor: party(2) }],
  ])("given that %s sits first on the path, the others rule", (_, changes) => {
    expect(rulers(1_199, changes).map(([, addresses]) => addresses)).toEqual([[party(3)], [party(4)]]);
  });

  it("given that the last of the path answers for plan or team, it rules all the same, and not where it challenges", () => {
    expect(rulers(1_199, { planAnchor: party(4) })).toHaveLength(3);
    const own = { ...fourTeams, "1": { ...teamWith(1, [2, 3, 4]), anchor: party(4) } };
    expect(rulers(1_199, {}, { team: own })).toHaveLength(3);
    expect(rulers(1_199, { challenger: party(4) })).toHaveLength(2);
    const first = { ...fourTeams, "1": { ...teamWith(1, [2, 3, 4]), anchor: party(2) } };
    expect(rulers(1_199, {}, { team: first })).toHaveLength(2);
  });

  it.each([
    ["the payee", { project: { [word(5)]: { ...ownProject, payee: party(2) } } }],
    ["the plan's present anchor", { project: { [word(5)]: { ...ownProject, anchor: party(2) } } }],
    ["a member of the team", { team: { ...fourTeams, "1": { ...teamWith(1, [2, 3, 4]), members: [party(2)] } } }],
  ])("given that %s sits first on the path, the others rule, and the notices name them alone", (_, rows) => {
    const notices = at(1_199, {}, rows).filter(({ id }) => !id.endsWith("/project"));
    expect(notices.map(({ addresses }) => addresses)).toEqual([[party(3)], [party(4)]]);
    for (const { text } of notices) {
      expect(text).toMatch(new RegExp(`Who can rule: ${party(3)} from .*, ${party(4)} from `));
      expect(text).not.toContain(`${party(2)} from`);
    }
  });

  it("given a substitute who is a party, its anchor hears alone; given a last one who is the payee, nobody rules in its place", () => {
    const anchor = { [party(2)]: { status: "accepted", liveUntil: 9_999, since: 0, substitute: party(77) } as const };
    const substitute = { project: { [word(5)]: { ...ownProject, payee: party(77) } }, anchor };
    expect(rulers(0, {}, substitute)[0]?.[1]).toEqual([party(2)]);
    const last = { project: { [word(5)]: { ...ownProject, payee: party(4) } } };
    expect(rulers(1_199, {}, last).map(([, addresses]) => addresses)).toEqual([[party(2)], [party(3)]]);
  });

  it("given nobody who can rule, the project is told so", () => {
    const [only] = at(0, { challenger: party(4), team: 0, pathTeam: 4 });
    expect(only?.text).toContain("Who can rule: nobody of the path.");
  });

  it("given a project whose rows are known, its payee hears of it too; without a team, the path is the root's", () => {
    const projects = { project: { [word(5)]: proposedProject } };
    expect(at(0, {}, projects).at(-1)?.addresses).toEqual([party(8), proposedProject.payee]);
    expect(rulers(0, { team: 0, pathTeam: 4 })).toEqual([["score-challenge/c/0/turn", [party(4)]]]);
  });

  it("given the deadline, the challenger alone hears that its bond is to be returned", () => {
    expect(at(1_200).map(({ id, addresses, command }) => [id, addresses, command])).toEqual([
      ["score-challenge/c/lapsed", [party(9)], "mandate challenge return-bond c"],
    ]);
  });
});
