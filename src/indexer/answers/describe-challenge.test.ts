import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import type { ChallengeRow, Entities } from "../fold/rows.ts";
import { challengeStatus, describeChallenge, type ChallengeContext } from "./describe-challenge.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;

const open: ChallengeRow = {
  status: "open",
  project: word(1),
  challenger: account(5),
  report: 3,
  epoch: 4,
  definition: word(2),
  outcome: 1,
  grade: 2,
  score: 7n,
  evidence: word(3),
  team: 3,
  pathTeam: 3,
  pathVersion: 1,
  planAnchor: account(9),
  bond: 11n,
  reward: 5n,
  openedAt: 1_000,
  deadline: 1_101,
  ruler: null,
  reason: null,
  lowered: false,
  credited: 0n,
  forfeited: 0n,
  endedAt: null,
};

const team = (number: number): Entities["team"] => ({
  place: word(number),
  status: "open",
  tier: 0,
  triggers: 7,
  version: 1,
  pathVersion: 1,
  anchor: account(number),
  cones: [],
  path: [],
  reason: word(4),
  openedAt: 1,
  closedAt: null,
});
const live: Entities["anchor"] = {
  status: "accepted",
  identity: word(3),
  liveUntil: 5_000,
  term: 1,
  substitute: null,
  substituteTerm: 0,
};

const nobody: ReturnType<ChallengeContext["partiesOf"]> = {
  challenger: account(5),
  payee: undefined,
  members: new Set(),
  operators: new Set(),
  planAnchors: [account(9)],
  teamAnchor: account(3),
};
const context = (now: number, changes: Partial<ChallengeContext> = {}): ChallengeContext => ({
  now,
  teams: new Map([1, 2].map((number) => [number, team(number)])),
  paths: new Map([["3/1", [2, 1]]]),
  anchors: new Map([1, 2].map((number) => [account(number), live])),
  partiesOf: ({ challenger }) => ({ ...nobody, challenger }),
  ...changes,
});
const openTo = (now: number, row = open, changes: Partial<ChallengeContext> = {}) =>
  describeChallenge({ id: word(8), ...row }, context(now, changes)).rulers.map((ruler) => ruler.open);

describe("a challenge", () => {
  it.each([
    [1_100, "open"],
    [1_101, "lapsed"],
  ])("given silence at second %i of a deadline of 1101, it is %s", (now, status) => {
    expect(challengeStatus(open, now)).toBe(status);
  });

  it("given that somebody ended it, its deadline changes nothing", () => {
    for (const status of ["upheld", "rejected", "withdrawn", "returned"] as const) {
      expect(challengeStatus({ ...open, status }, 9_000)).toBe(status);
    }
  });

  it("is open to the first of the path at once, and to the next from its share of the time on, rounded down", () => {
    expect(openTo(1_000)).toEqual([true, false]);
    expect(openTo(1_049)).toEqual([true, false]);
    expect(openTo(1_050)).toEqual([true, true]);
    expect(openTo(1_100)).toEqual([true, true]);
    expect(openTo(1_101)).toEqual([false, false]);
    expect(openTo(1_050, { ...open, status: "rejected" })).toEqual([false, false]);
  });

  it("is not open to its challenger, to who is not live, or to a team that is closed", () => {
    expect(openTo(1_100, { ...open, challenger: account(2) })).toEqual([false, true]);
    expect(openTo(1_100, open, { anchors: new Map([[account(1), live]]) })).toEqual([false, true]);
    const teams = new Map<number, Entities["team"]>([
      [1, team(1)],
      [2, { ...team(2), status: "closed" }],
    ]);
    expect(openTo(1_100, open, { teams })).toEqual([true]);
  });

  it("is not open to a party, nor to its substitute; a substitute that is a party leaves its anchor", () => {
    const parties = (changes: Partial<typeof nobody>) => {
      const { rulers } = describeChallenge(
        { id: word(8), ...open },
        context(1_100, { partiesOf: () => ({ ...nobody, ...changes }), anchors: withSubstitute }),
      );
      return rulers.map((ruler) => [ruler.party, ruler.open]);
    };
    // Team 2's anchor is no longer live, and account 4 rules in its place.
    const withSubstitute = new Map([
      [account(1), live],
      [account(2), { ...live, liveUntil: 1_100, substitute: account(4), substituteTerm: 1 }],
      [account(4), live],
    ]);
    expect(parties({})).toEqual([
      [null, true],
      [null, true],
    ]);
    expect(parties({ payee: account(2) })[0]).toEqual(["payee", false]);
    expect(parties({ members: new Set([account(4)]) })[0]).toEqual([null, false]);
    expect(parties({ planAnchors: [account(2)] })[0]).toEqual(["plan-anchor", false]);
    expect(parties({ teamAnchor: account(1) })[1]).toEqual([null, true]); // nobody is above
    expect(parties({ operators: new Set([account(1)]) })[1]).toEqual(["operator", false]);
  });

  it("names amounts as text, and the outcome of its leaf", () => {
    const answer = describeChallenge({ id: word(8), ...open, status: "upheld", credited: 16n }, context(2_000));
    expect(answer).toMatchObject({ challenge: word(8), outcome: "value", score: "7", bond: "11", credited: "16" });
    expect(() => describeChallenge({ id: word(8), ...open, outcome: 9 }, context(1))).toThrow(RangeError);
  });
});
