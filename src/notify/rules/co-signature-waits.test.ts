import { describe, expect, it } from "vitest";
import { dueOf, fourTeams, party, proposedProject, stateOf, word } from "../../../test/support/notify-state.ts";
import type { Entities, OpenMilestone } from "../model/rows.ts";
import { coSignatureWaits } from "./co-signature-waits.ts";
import { milestoneChallenge } from "./milestone-challenge.ts";

const [pending] = proposedProject.milestones;
if (pending === undefined) throw new TypeError("the project has a milestone");
const proved: OpenMilestone = { ...pending, status: "proved", provedAt: 50, payableFrom: 100, proof: word(7) };
const trip = { kind: "asset", trippedAt: 1, until: 500, cause: word(9), anchor: party(3) } as const;

const stateWith = (milestone: OpenMilestone, more: Parameters<typeof stateOf>[0] = {}, team = word(0)) => {
  const project: Entities["project"] = { ...proposedProject, team, status: "active", milestones: [milestone] };
  return stateOf({ project: { p: project }, team: fourTeams, ...more });
};
const ids =
  (...of: Parameters<typeof stateWith>) =>
  (now: number) =>
    [coSignatureWaits, milestoneChallenge].flatMap((rule) => dueOf(rule, stateWith(...of), now)).map(({ id }) => id);

const waits = `co-signature-waits/p/0/${word(7)}/0`;
const payable = "milestone-payable/p/0/50";

describe("a payment that is proved and due", () => {
  it("given that nothing holds it, the payee hears; given a plan that asks for a co-signature, the anchors", () => {
    expect(ids(proved)(100)).toEqual([payable]);
    expect(ids({ ...proved, coSignature: true })(100)).toEqual([waits]);
    expect(ids({ ...proved, coSignature: true })(99)).toEqual(["milestone-challenge/p/0/50"]);
  });

  it("given a tripped asset or oracle, it waits until the trip is over", () => {
    const asset = ids(proved, { trip: { [party(0xee)]: trip } });
    expect([asset(499), asset(500)]).toEqual([[waits], [payable]]);
    const oracle = ids(proved, { oracle: { [party(4)]: { report: 1, acceptedAt: 1, trippedUntil: 300 } } });
    expect([oracle(299), oracle(300)]).toEqual([[waits], [payable]]);
    expect(ids(proved, { trip: { [party(0xdd)]: trip } })(100)).toEqual([payable]);
  });

  it("given a co-signature of its proof, it waits no longer; given one of another proof, it does", () => {
    expect(ids({ ...proved, coSignature: true, coSigned: [word(7), word(8)] })(100)).toEqual([payable]);
    expect(ids({ ...proved, coSignature: true, coSigned: [word(8)] })(100)).toEqual([waits]);
  });

  it("is for the anchors up the path of the plan's team, else its anchor and the root's, and never for its payee", () => {
    const asked = { ...proved, coSignature: true };
    const addresses = (team: `0x${string}`) => dueOf(coSignatureWaits, stateWith(asked, {}, team), 100)[0]?.addresses;
    expect(addresses(word(2))).toEqual([party(4)]);
    expect(addresses(word(0))).toEqual([party(3)]); // party 1, the root's, is the payee
    expect(addresses(word(99))).toEqual([party(3)]);
  });
});
