import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  committed,
  configuration,
  DEADLINE_SECONDS,
  decisions,
  deliverAll,
  EPOCH,
  lonelyOperator,
  networkOf,
  Node,
  observeAll,
  observed,
  operatorNames,
  OPENS_AT,
  proposalOf,
  PROPOSES_AT,
  reportOf,
  revealed,
  schedule,
  STABLE_AT,
  tick,
  VIEW_ONE_AT,
} from "../../../test/support/agreement-network.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { toleratedFaults } from "../../org/quorum.ts";
import { revealHash } from "../observations/reveal.ts";
import type { AgreementMessage, MessageOf } from "./message.ts";
import { proposerOrder } from "./proposer-order.ts";

describe("Agreement", () => {
  it("given all four operators, when messages arrive, it decides in the first second on all four observations", () => {
    const network = networkOf(4);
    observeAll(network);
    tick(network, OPENS_AT);
    for (let round = 0; round < 7; round += 1) deliverAll(network);
    const entries = network.nodes.map((node, index) => ({ operator: node.self, value: String(index) }));
    const all = revealed(entries).map((each) => ({ operator: each.operator, hash: revealHash(each) }));
    expect([...decisions(network)]).toEqual([reportOf(all).digest]);
    for (const node of network.nodes) expect(node.agreement.signatures.size).toBe(4);
  });

  it.each([0, 1, 2, 3])("given operator %i silent, it decides by the third view at the latest", (silent) => {
    const network = networkOf(4, (index) => index === silent);
    observeAll(network);
    const { stageSeconds } = schedule(4);
    for (let second = OPENS_AT; second < PROPOSES_AT + 2 * stageSeconds; second += 1) {
      tick(network, second);
      deliverAll(network);
    }
    expect(decisions(network).size).toBe(1);
    expect(network.nodes.every((node) => node.signed.size === 1)).toBe(true);
  });

  it("given two operators of four, it decides nothing", () => {
    const network = networkOf(4, (index) => index >= 2);
    observeAll(network);
    for (let second = OPENS_AT; second < OPENS_AT + DEADLINE_SECONDS; second += 1) {
      tick(network, second);
      deliverAll(network);
    }
    expect(decisions(network).size).toBe(0);
  });

  it("given the window is over, it votes no more", () => {
    const network = networkOf(4);
    observeAll(network);
    tick(network, OPENS_AT + DEADLINE_SECONDS);
    for (let round = 0; round < 6; round += 1) deliverAll(network);
    expect(network.nodes.every((node) => node.stored.length === 1)).toBe(true);
  });

  it("given a second observation of one operator, it reports the conflict with both hashes", () => {
    const network = networkOf(4);
    const [node] = network.nodes;
    const liar = network.operators[3];
    if (node === undefined || liar === undefined) throw new Error("no node");
    const say = (value: string) => node.agreement.receive(observed(liar, value));
    say("1");
    expect(say("2").effects).toContainEqual({
      type: "conflict",
      conflict: {
        operator: liar,
        kind: "observation",
        first: revealHash(observed(liar, "1")),
        second: revealHash(observed(liar, "2")),
      },
    });
    expect(say("3")).toEqual({ isNew: false, effects: [] });
    expect(node.agreement.observers).not.toContain(liar);
  });

  it("given strangers, other epochs, foreign proposers and views without end, it ignores them", () => {
    const [node] = networkOf(4).nodes;
    if (node === undefined) throw new Error("no node");
    const order = proposerOrder(configuration, EPOCH, operatorNames(4));
    const notProposer = order[1];
    if (notProposer === undefined) throw new Error("no proposer");
    const digest = documentHash("digest");
    const messages: AgreementMessage[] = [
      { kind: "prepare", epoch: EPOCH, operator: `0x${"99".repeat(20)}`, view: 0, digest },
      { kind: "prepare", epoch: EPOCH + 1, operator: notProposer, view: 0, digest },
      { kind: "prepare", epoch: EPOCH, operator: notProposer, view: 9_999, digest },
      {
        kind: "proposal",
        epoch: EPOCH,
        operator: notProposer,
        view: 0,
        inclusion: [{ operator: notProposer, observation: digest }],
        digest,
      },
    ];
    for (const message of messages) expect(node.agreement.receive(message)).toEqual({ isNew: false, effects: [] });
  });

  describe("given a report that one operator has seen decided, and others have only prepared", () => {
    const operators = operatorNames(4);
    const order = proposerOrder(configuration, EPOCH, operators);
    const liar = order[1] ?? "0x"; // the proposer of view 1
    const honest = operators.filter((each) => each !== liar);
    const entries = [
      ...honest.map((operator, index) => ({ operator, value: String(index) })),
      { operator: liar, value: "99" },
    ];
    const observations = revealed(entries.sort((a, b) => (a.operator < b.operator ? -1 : 1)));

    /** All honest operators prepared and committed one digest in view 0; only `first` saw the commits. */
    function agreed() {
      const nodes = honest.map((each) => new Node(each, operators));
      const network = { nodes, operators };
      observeAll(network);
      for (const node of nodes) for (const { operator, value } of entries) node.take(committed(operator, value));
      tick(network, OPENS_AT);
      for (const node of nodes) for (const message of observations) node.take(message);
      const spread = (kind: AgreementMessage["kind"], to: readonly Node[]): void => {
        for (const from of nodes) {
          for (const message of [...from.stored]) if (message.kind === kind) for (const each of to) each.take(message);
        }
      };
      for (const kind of ["proposal", "prepare"] as const) spread(kind, nodes);
      const [first, ...others] = nodes;
      if (first === undefined) throw new Error("no node");
      spread("commit", [first]);
      const [digest] = first.signed;
      if (digest === undefined) throw new Error("not decided");
      return { network, nodes, first, others, digest, rival: rivalOf(digest) };
    }

    /** What the liar says in view 1 for another inclusion set. */
    function rivalOf(decided: Hex): AgreementMessage[] {
      const proposal = proposalOf(1, liar, observations.slice(1));
      const { digest } = proposal;
      expect(digest).not.toBe(decided);
      const vote = { epoch: EPOCH, operator: liar, view: 1, digest };
      return [proposal, { kind: "prepare", ...vote }, { kind: "commit", ...vote }];
    }

    it("iOP-002: when a lying proposer proposes another one in the next view, they refuse it, and all sign the decided one", () => {
      const { network, others, digest, rival, nodes } = agreed();
      expect(others.every((node) => node.signed.size === 0)).toBe(true);
      tick(network, VIEW_ONE_AT);
      const say = (message: AgreementMessage): void => nodes.forEach((node) => node.take(message));
      rival.forEach(say);
      // What was said in the first view stays lost; only this view's messages arrive.
      for (let round = 0; round < 3; round += 1) {
        for (const message of nodes.flatMap((node) => node.known))
          if ("view" in message && message.view === 1) say(message);
      }
      expect([...decisions(network)]).toEqual([digest]);
      for (let second = VIEW_ONE_AT; second < VIEW_ONE_AT + 10; second += 1) {
        tick(network, second);
        for (let round = 0; round < 3; round += 1) deliverAll(network);
      }
      for (const node of nodes) expect([...node.signed]).toEqual([digest]);
    });

    it("iOP-001: when the others restart and have lost what peers said, their own commits still bind them", () => {
      const { network, others, digest, rival, nodes } = agreed();
      for (const node of others) node.restart();
      tick(network, VIEW_ONE_AT);
      const say = (message: AgreementMessage): void => nodes.forEach((node) => node.take(message));
      observations.forEach(say);
      rival.forEach(say);
      for (const node of others) expect(node.stored.filter((each) => each.kind === "prepare")).toHaveLength(1);
      expect([...decisions(network)]).toEqual([digest]);
    });
  });

  it("given a quorum that prepared and then lost its commits, the next proposer proposes the same again, not a fresher one", () => {
    const operators = operatorNames(4);
    const nodes = operators.map((operator) => new Node(operator, operators));
    const network = { nodes, operators };
    const late = proposerOrder(configuration, EPOCH, operators)[3];
    observeAll(network);
    const spread = (accept: (message: AgreementMessage) => boolean): void => {
      for (const message of nodes.flatMap((node) => [...node.stored]))
        if (accept(message)) for (const node of nodes) node.take(message);
    };
    const isLate = (message: AgreementMessage): boolean => message.operator === late;
    tick(network, OPENS_AT);
    spread((message) => message.kind === "commitment");
    spread((message) => message.kind === "observation" && !isLate(message));
    tick(network, PROPOSES_AT);
    spread((message) => message.kind === "proposal");
    spread((message) => message.kind === "prepare");
    const digests = new Set(
      nodes.flatMap((node) => node.stored.flatMap((message) => (message.kind === "commit" ? [message.digest] : []))),
    );
    expect(digests.size).toBe(1);
    spread((message) => message.kind === "observation");
    expect(decisions(network).size).toBe(0);

    tick(network, VIEW_ONE_AT);
    for (const kind of ["proposal", "prepare", "commit"])
      spread((message) => message.kind === kind && "view" in message && message.view === 1);
    expect(decisions(network)).toEqual(digests);
  });

  it("given a quorum of prepares for a view that it has left, an operator does not commit to it", () => {
    const { node, order, feed, proposal } = lonelyOperator();
    feed();
    node.act(node.agreement.advanceTo(VIEW_ONE_AT));
    node.take(proposal(1, order[1], 4));
    const left = proposal(0, order[0], 3);
    node.take(left);
    for (const operator of order) {
      if (operator === node.self || !("digest" in left)) continue;
      node.take({ kind: "prepare", epoch: EPOCH, operator, view: 0, digest: left.digest });
    }
    expect(node.stored.map((each) => each.kind)).toEqual(["prepare"]);
  });

  it("given an operator that voted in a later view, when it restarts on a chain whose time ran back, it does not vote in an earlier one", () => {
    const { node, order, feed, proposal } = lonelyOperator();
    const prepared = (): number[] => node.stored.flatMap((each) => (each.kind === "prepare" ? [each.view] : []));
    feed();
    node.act(node.agreement.advanceTo(VIEW_ONE_AT));
    node.take(proposal(1, order[1], 4));
    expect(prepared()).toEqual([1]);
    node.restart();
    feed();
    node.act(node.agreement.advanceTo(OPENS_AT));
    node.take(proposal(0, order[0], 3));
    expect(prepared()).toEqual([1]);
  });

  it("iOP-001, iOP-002: given drops, any order, restarts and a lying operator, no two honest operators ever sign differently; then all sign", () => {
    const step = fc.record({
      kind: fc.constantFrom("deliver", "deliver", "deliver", "deliver", "tick", "restart", "lie"),
      from: fc.nat(30),
      to: fc.nat(30),
      message: fc.nat(200),
      other: fc.nat(200),
      lie: fc.constantFrom("commitment", "observation", "proposal", "prepare", "commit", "signature"),
    });
    fc.assert(
      fc.property(fc.constantFrom(4, 5, 7), fc.array(step, { minLength: 50, maxLength: 400 }), (count, steps) => {
        const faults = toleratedFaults(count);
        const operators = operatorNames(count);
        const nodes = operators.slice(faults).map((operator) => new Node(operator, operators));
        const network = { nodes, operators };
        const liars = operators.slice(0, faults);
        const order = proposerOrder(configuration, EPOCH, operators);
        observeAll(network);
        let now = OPENS_AT;
        const everSaid = (): AgreementMessage[] => nodes.flatMap((node) => node.known);
        for (const each of steps) {
          const to = nodes[each.to % nodes.length];
          const from = nodes[each.from % nodes.length];
          if (to === undefined || from === undefined) continue;
          if (each.kind === "deliver") {
            const message = from.known[each.message % from.known.length];
            if (message !== undefined) to.take(message);
          } else if (each.kind === "tick") {
            now = Math.min(now + (each.other % 3), STABLE_AT);
            to.act(to.agreement.advanceTo(now));
          } else if (each.kind === "restart") {
            to.restart();
            to.act(to.agreement.advanceTo(now));
          } else {
            for (const message of lies(each, liars, order, everSaid())) to.take(message);
          }
        }
        expect(decisions(network).size).toBeLessThanOrEqual(1);

        // From here on every message arrives: whatever came before, one honest proposer's turn suffices.
        for (let second = now; second < OPENS_AT + DEADLINE_SECONDS; second += 1) {
          tick(network, second);
          for (let round = 0; round < 3; round += 1) deliverAll(network);
          if (nodes.every((node) => node.signed.size === 1)) break;
        }
        expect(decisions(network).size).toBe(1);
        for (const node of nodes) {
          expect(node.signed.size).toBe(1);
          for (const kind of ["prepare", "commit"] as const) {
            const views = node.stored.flatMap((message) => (message.kind === kind ? [message.view] : []));
            expect(new Set(views).size).toBe(views.length);
          }
        }
      }),
      { numRuns: 100, endOnFailure: true },
    );
  }, 120_000);
});

interface Lie {
  readonly from: number;
  readonly message: number;
  readonly other: number;
  readonly lie: AgreementMessage["kind"];
}

/** What a lying operator may say: anything about digests that honest ones have named, different to each of them. */
function lies(
  choice: Lie,
  liars: readonly Hex[],
  order: readonly Hex[],
  said: readonly AgreementMessage[],
): readonly AgreementMessage[] {
  const operator = liars[choice.from % liars.length];
  if (operator === undefined) return [];
  const view = choice.other % 6;
  const digests = said.flatMap((each) => ("digest" in each ? [each.digest] : []));
  const digest = digests[choice.message % Math.max(1, digests.length)] ?? documentHash(choice.message);
  switch (choice.lie) {
    case "commitment":
      return [committed(operator, String(choice.other))];
    case "observation": {
      const heard = said.flatMap((each) => (each.kind === "commitment" && choice.message % 2 === 0 ? [each] : []));
      return [observed(operator, String(choice.other), heard)];
    }
    case "proposal": {
      if (order[view % order.length] !== operator) return [];
      const observations = said.flatMap((each) => (each.kind === "observation" ? [each] : []));
      const chosen = new Map<Hex, MessageOf<"observation">>();
      for (const [index, each] of observations.entries()) {
        if ((choice.message >> (index % 8)) % 2 === 0) chosen.set(each.operator, each);
      }
      const reveals = [...chosen.values()].sort((a, b) => (a.operator < b.operator ? -1 : 1));
      return reveals.length === 0 ? [] : [proposalOf(view, operator, reveals)];
    }
    case "signature":
      return [{ kind: "signature", epoch: EPOCH, operator, digest, signature: `0x${"22".repeat(64)}` }];
    default:
      return [{ kind: choice.lie, epoch: EPOCH, operator, view, digest }];
  }
}
