import { describe, expect, it } from "vitest";
import {
  committed,
  configuration,
  EPOCH,
  Node,
  observed,
  operatorNames,
  OPENS_AT,
  proposalOf,
  PROPOSES_AT,
  REVEALS_AT,
  revealed,
  schedule,
  VIEW_ONE_AT,
} from "../../../test/support/agreement-network.ts";
import type { MessageOf } from "./message.ts";
import { proposerOrder } from "./proposer-order.ts";

const operators = operatorNames(4);
const order = proposerOrder(configuration, EPOCH, operators);
const entries = operators.map((operator, index) => ({ operator, value: String(index) }));
const commitments = entries.map(({ operator, value }) => committed(operator, value));
const { commitSeconds } = schedule(4);
const isOf = (operator: string | undefined) => (message: { operator: string }) => message.operator === operator;
const not = (operator: string | undefined) => (message: { operator: string }) => message.operator !== operator;

/** The operator in a place of the order of proposers, that has committed, with the others' messages in the test's hands. */
function alone(place: number) {
  const self = order[place] ?? "0x";
  const node = new Node(self, operators);
  node.observe(entries.find(isOf(self))?.value ?? "");
  const said = <Kind extends "observation" | "proposal" | "prepare">(kind: Kind): MessageOf<Kind>[] =>
    node.stored.flatMap((each) => (each.kind === kind ? [each as MessageOf<Kind>] : []));
  return {
    node,
    self,
    said,
    at: (seconds: number): void => node.act(node.agreement.advanceTo(seconds)),
    hear: (...messages: readonly Parameters<Node["take"]>[0][]): void => messages.forEach((each) => node.take(each)),
  };
}

describe("an operator that has committed", () => {
  it("given everybody's commitment, it reveals at once, with all that it heard", () => {
    const { at, hear, said } = alone(0);
    at(OPENS_AT);
    hear(...commitments.slice(0, 3));
    expect(said("observation")).toEqual([]);
    hear(...commitments);
    expect(said("observation").map(({ heard }) => heard.map((each) => each.operator))).toEqual([operators]);
  });

  it("given a commitment that only a reveal shows, it counts it, and has not heard it", () => {
    const { at, hear, said, self } = alone(0);
    const other = operators.find((each) => each !== self);
    at(OPENS_AT);
    hear(...commitments.filter(not(other)), ...revealed(entries).filter(isOf(other)));
    expect(said("observation").map(({ heard }) => heard.map((each) => each.operator))).toEqual([
      operators.filter((each) => each !== other),
    ]);
  });

  it.each([
    [REVEALS_AT - 1, 3, 0],
    [REVEALS_AT, 2, 0],
    [REVEALS_AT, 3, 1],
  ])(
    "given second %i and commitments of %i operators, itself among them, it reveals %i times",
    (seconds, count, times) => {
      const { at, hear, said, self } = alone(0);
      hear(...commitments.filter(not(self)).slice(0, count - 1));
      at(seconds);
      expect(said("observation")).toHaveLength(times);
    },
  );

  it.each([
    [OPENS_AT - 1, OPENS_AT, 4],
    [OPENS_AT, OPENS_AT, 4],
    [OPENS_AT + commitSeconds - 1, OPENS_AT + commitSeconds - 1, 4],
    [OPENS_AT + commitSeconds, REVEALS_AT, 1], // only its own, which it had when it last could hear
  ])("given others' commitments in second %i, and a look in second %i, it has heard %i", (heardAt, looksAt, count) => {
    const { at, hear, said } = alone(0);
    at(OPENS_AT);
    at(heardAt);
    hear(...commitments);
    at(looksAt);
    expect(said("observation").map(({ heard }) => heard.length)).toEqual([count]);
  });

  it("given that it has not committed, it reveals nothing", () => {
    const node = new Node(order[0] ?? "0x", operators);
    for (const each of commitments.filter(not(node.self))) node.take(each);
    node.act(node.agreement.advanceTo(REVEALS_AT));
    expect(node.stored).toEqual([]);
  });
});

describe("a proposer", () => {
  const late = order[3];
  /** All reveal; nobody heard the last one, which committed when it had seen the others' observations. */
  const copied = [...revealed(entries.filter(not(late))), observed(late ?? "0x", "0", commitments.filter(not(late)))];
  const sorted = (messages: readonly MessageOf<"observation">[]) =>
    messages.toSorted((a, b) => (a.operator < b.operator ? -1 : 1));

  /** The proposer in a place, having heard the others but for the late one, with all reveals. */
  function proposer(place: number) {
    const it = alone(place);
    it.at(OPENS_AT);
    it.hear(...commitments.filter(not(late)));
    it.at(REVEALS_AT);
    it.hear(...copied.filter(not(it.self)));
    return it;
  }

  it("iOP-031: given an observation that nobody heard of in time, it leaves it out in a strict view", () => {
    const { at, said } = proposer(0);
    at(PROPOSES_AT);
    expect(said("proposal").map(({ inclusion }) => inclusion.map((each) => each.operator))).toEqual([
      operators.filter((each) => each !== late),
    ]);
  });

  it("given a later view, it takes it", () => {
    const { at, said } = proposer(2);
    expect(schedule(4).strictViews).toBe(2);
    at(VIEW_ONE_AT + schedule(4).stageSeconds);
    expect(said("proposal").map(({ view, inclusion }) => [view, inclusion.length])).toEqual([[2, 4]]);
  });

  it("iOP-031: given a proposal with it, a voter prepares it only from the view on in which the rule is over", () => {
    const views = schedule(4).strictViews;
    for (let view = 0; view <= views; view += 1) {
      const { node, at, hear } = alone(view === 0 ? 1 : 0);
      hear(...copied.filter(not(node.self)), observed(node.self, entries.find(isOf(node.self))?.value ?? ""));
      const known = [
        ...copied.filter(not(node.self)),
        ...node.known.flatMap((each) => (each.kind === "observation" ? [each] : [])),
      ];
      at(view === 0 ? PROPOSES_AT : VIEW_ONE_AT + (view - 1) * schedule(4).stageSeconds);
      hear(
        proposalOf(
          view,
          order[view] ?? "0x",
          sorted([...new Map(known.map((each) => [each.operator, each])).values()]),
        ),
      );
      expect(node.stored.filter((each) => each.kind === "prepare").map((each) => each.view)).toEqual(
        view < views ? [] : [view],
      );
    }
  });

  it("given an operator that committed to two things, it leaves it out, and does not wait for it", () => {
    const { at, hear, said, self } = alone(0);
    at(OPENS_AT);
    hear(...commitments, committed(late ?? "0x", "another"));
    hear(...revealed(entries).filter(not(self)));
    const [proposal] = said("proposal");
    expect(proposal?.inclusion.map((each) => each.operator)).toEqual(operators.filter((each) => each !== late));
  });

  it("given a reveal that says it heard another commitment than the proposer did, it waits until all had time to tell", () => {
    const { at, hear, said, self } = alone(0);
    const [witness] = operators.filter((each) => each !== self && each !== late);
    at(OPENS_AT);
    hear(...commitments);
    const other = commitments.map((each) => (each.operator === late ? committed(late, "another") : each));
    const reveals = revealed(entries).filter(not(self));
    hear(...reveals.filter(not(witness)), observed(witness ?? "0x", entries.find(isOf(witness))?.value ?? "", other));
    expect(said("proposal")).toEqual([]);
    at(REVEALS_AT);
    expect(said("proposal")).toEqual([]);
    at(PROPOSES_AT);
    expect(said("proposal")).toHaveLength(1);
  });

  it("given reveals of all that committed, it waits for nobody else once commitments are late", () => {
    const { at, hear, said, self } = alone(0);
    at(OPENS_AT);
    hear(...commitments.filter(not(late)));
    at(REVEALS_AT);
    expect(said("proposal")).toEqual([]);
    hear(...revealed(entries.filter(not(late))).filter(not(self)));
    expect(said("proposal").map(({ inclusion }) => inclusion.length)).toEqual([3]);
  });

  it("given two reveals of one observation with different lists, a voter judges the one that the proposal names", () => {
    const heard = revealed(entries);
    for (const [reveals, prepares] of [
      [heard, 1],
      [heard.map((each) => ({ ...each, heard: [] })), 0],
    ] as const) {
      const { node, at, hear } = alone(1);
      hear(...heard.filter(not(node.self)), ...reveals.filter(not(node.self)));
      hear(...reveals.filter(isOf(node.self)));
      at(PROPOSES_AT);
      hear(proposalOf(0, order[0] ?? "0x", reveals));
      expect(node.stored.filter((each) => each.kind === "prepare")).toHaveLength(prepares);
    }
  });
});
