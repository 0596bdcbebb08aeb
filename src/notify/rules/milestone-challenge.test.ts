import { expect, it } from "vitest";
import { dueOf, party, proposedProject, stateOf } from "../../../test/support/notify-state.ts";
import { milestoneChallenge } from "./milestone-challenge.ts";

it("given a proved milestone, anchor and opener may look until it is payable, and from then on the payee hears", () => {
  const [pending] = proposedProject.milestones;
  if (pending === undefined) throw new TypeError("the project has a milestone");
  const proved = { ...pending, status: "proved" as const, provedAt: 50, payableFrom: 100 };
  const state = stateOf({ project: { p: { ...proposedProject, status: "active", milestones: [pending, proved] } } });
  expect(dueOf(milestoneChallenge, state, 99)).toMatchObject([
    { id: "milestone-challenge/p/1/50", addresses: [party(3), party(2)], dueAt: 100 },
  ]);
  expect(dueOf(milestoneChallenge, state, 100)).toMatchObject([
    { id: "milestone-payable/p/1/50", addresses: [party(1)], dueAt: null },
  ]);
});
