import fc from "fast-check";
import { numberToHex } from "viem";
import { describe, expect, it } from "vitest";
import {
  cosigningNetwork,
  digest,
  EPOCH,
  otherDigest,
  STARTED_AT,
  type CosigningNetwork,
  type CosigningNode,
} from "../../../test/support/cosigning-network.ts";
import { groupOrder, inverseHint as hintOfTests, modulo } from "../../../test/support/schnorr.ts";
import { aggregateMessage, isSignedTogether } from "../../chain/signature/aggregate-signature.ts";

import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { CosigningMessage, MessageOf } from "../agreement/message.ts";

/** What the chain does with a node's common signature, by the tests' own arithmetic for the hint. */
function expectAccepted({ keys, secrets }: CosigningNetwork, node: CosigningNode, seats: readonly number[]): void {
  const signers = seats.reduce((all, seat) => all | (1n << BigInt(seat)), 0n);
  const { aggregate } = node.cosigning;
  if (aggregate === undefined) throw new Error("they have not signed together");
  expect(aggregate.signers).toBe(signers);
  const named = keys.keys.filter((_, seat) => seats.includes(seat));
  expect(isSignedTogether(named, aggregateMessage(digest, signers), aggregate)).toBe(true);
  expect(aggregate.inverse).toBe(hintOfTests(secrets, signers));
}

/** A network in which everybody but the coordinator of the first attempt, which is the test, has offered nonces. */
function coordinatedByTest(count = 4) {
  const network = cosigningNetwork(count);
  const honest = network.nodes.slice(1);
  network.begin();
  const offered = network.nodes.map(({ said }) => said[0] as MessageOf<"nonces">);
  const signers = offered.map(({ r1, r2 }, seat) => ({ seat, r1, r2 }));
  const { self } = network.node(0);
  const description = { kind: "session", epoch: EPOCH, operator: self, digest, attempt: 0, signers } as const;
  return { network, honest, offered, signers, description: { ...description, signers } as MessageOf<"session"> };
}

const refusals = ({ events }: CosigningNode): readonly unknown[] =>
  events.flatMap((each) => (each.type === "refused" ? [each.reason] : []));

describe("operators that sign together", () => {
  it.each([4, 7])("given %i operators that are all there, all of them sign, at once", (count) => {
    const network = cosigningNetwork(count);
    network.begin();
    network.deliver();
    for (const node of [network.node(0), network.node(count - 1)]) {
      expectAccepted(network, node, [...Array(count).keys()]);
      expect(node.types()).toEqual(["finished"]);
      expect(node.cosigning.isHopeful).toBe(false);
    }
    expect(network.nodes.map(({ said }) => said.length)).toEqual([3, ...Array<number>(count - 1).fill(2)]);
  });

  it("given 31, the most that there are, the first one collects the shares of all", () => {
    const network = cosigningNetwork(31);
    const [first, ...others] = network.nodes;
    if (first === undefined) throw new Error("no operators");
    network.begin();
    for (const message of others.flatMap(({ said }) => [...said])) first.cosigning.receive(message);
    for (const message of first.saidOf("session")) for (const node of others) node.cosigning.receive(message);
    for (const message of others.flatMap((node) => node.saidOf("share"))) first.cosigning.receive(message);
    expectAccepted(network, first, [...Array(31).keys()]);
  }, 120_000);

  it("given that one is away, the others wait for it and no longer", () => {
    const network = cosigningNetwork(4);
    const there = network.nodes.slice(0, 3);
    network.begin(there);
    network.deliver(there);
    network.advance(4);
    expect(network.node(0).saidOf("session")).toEqual([]);
    network.advance(5);
    network.deliver(there);
    expectAccepted(network, network.node(2), [0, 1, 2]);
  });

  it("given a vacant seat, its operator is neither waited for nor named, and its key is taken from the sum", () => {
    const network = cosigningNetwork(4, [1]);
    network.begin();
    network.deliver();
    expectAccepted(network, network.node(0), [0, 2, 3]);
  });

  it("given fewer than a quorum, every attempt fails, and nobody hopes on", () => {
    const network = cosigningNetwork(4);
    const there = network.nodes.slice(0, 2);
    network.begin(there);
    expect(network.node(0).cosigning.isHopeful).toBe(true);
    for (let second = 0; second < 60; second += 1) {
      network.advance(second);
      network.deliver(there);
    }
    expect(network.node(0).saidOf("session")).toEqual([]);
    expect(network.node(0).types()).toEqual(Array(4).fill("attempt-failed"));
    expect(network.node(0).cosigning.isHopeful).toBe(false);
    expect(network.node(0).said).toHaveLength(4); // one offer an attempt: a bound on what others store
  });

  it("given that a quorum has no hope after the first attempt, a later one is hoped for only while it begins", () => {
    const network = cosigningNetwork(4);
    network.begin([network.node(0)]);
    const hopes = [9, 10, 14, 15].map((second) => {
      network.advance(second);
      return network.node(0).cosigning.isHopeful;
    });
    expect(hopes).toEqual([true, true, true, false]);
  });

  it("given a coordinator that is away, the next one takes over with fresh nonces", () => {
    const network = cosigningNetwork(4);
    const there = network.nodes.slice(1);
    network.begin(there);
    network.deliver(there);
    network.advance(10);
    network.advance(15);
    network.deliver(there);
    expectAccepted(network, network.node(3), [1, 2, 3]);
    expect(network.node(1).types()).toEqual(["attempt-failed", "finished"]);
    const points = network
      .node(1)
      .saidOf("nonces")
      .flatMap(({ r1, r2 }) => [r1, r2]);
    expect(new Set(points).size).toBe(4);
  });

  it("given one that offers nonces and gives no share, it is left out of the next attempt, as long as a quorum is left", () => {
    const network = cosigningNetwork(4);
    const deliver = (): void => {
      for (const message of network.nodes.flatMap(({ said }) => said))
        for (const node of network.nodes)
          if (message.kind !== "share" || message.operator !== network.node(3).self) node.cosigning.receive(message);
    };
    network.begin();
    for (const second of [0, 0, 10, 10, 15, 15]) {
      network.advance(second);
      deliver();
    }
    expectAccepted(network, network.node(1), [0, 1, 2]);
  });

  it("given a wrong share, it is found out, its operator is blamed, and the next attempt is without it", () => {
    const network = cosigningNetwork(4);
    const liar = network.node(3);
    const corrupted = (message: CosigningMessage): CosigningMessage => {
      if (message.kind !== "share" || message.operator !== liar.self) return message;
      return { ...message, share: numberToHex(modulo(BigInt(message.share) + 1n, groupOrder), { size: 32 }) };
    };
    const honest = network.nodes.slice(0, 3);
    network.begin();
    for (const second of [0, 0, 0, 10, 10, 15, 15]) {
      network.advance(second);
      for (const message of network.nodes.flatMap(({ said }) => said).map(corrupted))
        for (const node of network.nodes) node.cosigning.receive(message);
    }
    for (const node of honest) {
      expect(node.events).toContainEqual({ type: "bad-share", attempt: 0, operator: liar.self });
      expect(node.types().filter((type) => type === "bad-share")).toHaveLength(1);
      expect([...node.cosigning.blamed]).toEqual([liar.self]);
    }
    expectAccepted(network, network.node(0), [0, 1, 2]);
  });

  it("given an operator that comes late, it joins the attempt that more than the tolerated liars are in", () => {
    const network = cosigningNetwork(4);
    const early = network.nodes.slice(0, 2);
    network.begin(early);
    network.deliver(early);
    for (const node of early) node.cosigning.advanceTo(STARTED_AT + 10);
    const late = network.node(2);
    for (const message of early.flatMap(({ said }) => said)) late.cosigning.receive(message);
    late.cosigning.begin(digest, network.keys, STARTED_AT + 14);
    expect(late.saidOf("nonces").map(({ attempt }) => attempt)).toEqual([1]);
    expect(late.types()).toEqual([]);
  });

  it("given another key of its own in the set's table, it takes no part", () => {
    const network = cosigningNetwork(4);
    const { keys, sum } = network.keys;
    expect(network.node(0).cosigning.begin(digest, { sum, keys: [...keys].reverse() }, STARTED_AT)).toBe(false);
    expect(network.node(0).said).toEqual([]);
  });
});

describe("iOP-028: an operator that is asked for a share", () => {
  const cases: readonly [string, (named: MessageOf<"session">) => MessageOf<"session">, string][] = [
    ["another report's digest", (named) => ({ ...named, digest: otherDigest }), "foreign-digest"],
    ["fewer than a quorum", (named) => ({ ...named, signers: named.signers.slice(0, 2) }), "below-quorum"],
    [
      "a seat twice",
      (named) => ({ ...named, signers: named.signers.flatMap((each) => [each, each]) }),
      "seats-out-of-order",
    ],
    ["seats in another order", (named) => ({ ...named, signers: [...named.signers].reverse() }), "seats-out-of-order"],
    [
      "a seat that there is not",
      (named) => ({ ...named, signers: named.signers.map((each) => ({ ...each, seat: each.seat + 1 })) }),
      "unknown-seat",
    ],
    [
      "a nonce that is on no curve",
      (named) => ({ ...named, signers: named.signers.map((each) => ({ ...each, r1: noPoint })) }),
      "nonce-not-on-curve",
    ],
    [
      "a nonce of zero",
      (named) => ({ ...named, signers: named.signers.map((each) => ({ ...each, r2: `0x02${"00".repeat(32)}` })) }),
      "nonce-not-on-curve",
    ],
  ];
  const noPoint: Hex = `0x02${"00".repeat(31)}05`; // 5³ + 7 is no square

  it.each(cases)("given %s, it gives none, and leaves the coordinator out", (_, changed, reason) => {
    const { honest, description, network } = coordinatedByTest();
    for (const node of honest) {
      expect(node.cosigning.receive(changed(description))).toBe(true);
      expect(node.saidOf("share")).toEqual([]);
      expect(refusals(node)).toEqual([reason]);
      expect([...node.cosigning.blamed]).toEqual([network.node(0).self]);
    }
  });

  it("given a vacant seat among the signers, it gives none", () => {
    const network = cosigningNetwork(7, [6]);
    network.begin();
    const offers = network.nodes.map(({ said }) => said[0] as MessageOf<"nonces">);
    const [first] = offers;
    if (first === undefined) throw new Error("no offer");
    const signers = [...offers, first].map(({ r1, r2 }, seat) => ({ seat, r1, r2 }));
    const operator = network.node(0).self;
    const node = network.node(1);
    node.cosigning.receive({ kind: "session", epoch: EPOCH, operator, digest, attempt: 0, signers });
    expect(refusals(node)).toEqual(["vacant-seat"]);
  });

  it("given nonces that it did not make, or its two in each other's place, it gives none", () => {
    for (const swap of [false, true]) {
      const { honest, description } = coordinatedByTest();
      const [node, other] = honest;
      const [, mine, theirs] = description.signers;
      if (!node || !other || !mine || !theirs) throw new Error("too few");
      const foreign = swap ? { ...mine, r1: mine.r2, r2: mine.r1 } : { ...theirs, seat: mine.seat };
      const signers = description.signers.map((each) => (each.seat === mine.seat ? foreign : each));
      node.cosigning.receive({ ...description, signers });
      expect(node.saidOf("share")).toEqual([]);
      expect(refusals(node)).toEqual(["foreign-nonces"]);
    }
  });

  it("given a report that its signing database does not hold, it gives none", () => {
    const { honest, description } = coordinatedByTest();
    const [node] = honest;
    if (!node) throw new Error("too few");
    node.signed = undefined;
    node.cosigning.receive(description);
    expect(node.saidOf("share")).toEqual([]);
    expect(refusals(node)).toEqual(["not-signed-alone"]);
  });

  it("given a session that it is not in, it gives none and refuses nothing", () => {
    const { honest, description } = coordinatedByTest();
    const [node] = honest;
    node?.cosigning.receive({ ...description, signers: description.signers.filter(({ seat }) => seat !== 1) });
    expect(node?.saidOf("share")).toEqual([]);
    expect(node?.events).toEqual([]);
  });

  it("given a session of somebody whose turn it is not, of another epoch, or of nobody, it is not even kept", () => {
    const { network, honest, description } = coordinatedByTest();
    const [node] = honest;
    const strangers: Partial<MessageOf<"session">>[] = [
      { operator: network.node(2).self },
      { epoch: EPOCH + 1 },
      { operator: `0x${"99".repeat(20)}` },
      { attempt: 1 },
      { attempt: 4 },
    ];
    for (const change of strangers) expect(node?.cosigning.receive({ ...description, ...change })).toBe(false);
    expect(node?.saidOf("share")).toEqual([]);
  });

  it("given two sessions of one coordinator, it answers the first alone", () => {
    const { honest, description } = coordinatedByTest();
    const [node] = honest;
    const other = { ...description, signers: description.signers.slice(0, 3) };
    expect(node?.cosigning.receive(description)).toBe(true);
    expect(node?.cosigning.receive(other)).toBe(false);
    expect(node?.saidOf("share")).toHaveLength(1);
  });

  it("given different lists of nonces for different signers, their shares are none of each other's session", () => {
    const { network, honest, description, offered } = coordinatedByTest();
    const [one, two, three] = honest;
    const [first] = offered;
    if (!one || !two || !three || !first) throw new Error("too few");
    const signers = description.signers.map((each) =>
      each.seat === 0 ? { ...each, r1: first.r2, r2: first.r1 } : each,
    );
    one.cosigning.receive(description);
    two.cosigning.receive({ ...description, signers });
    three.cosigning.receive(description);
    network.deliver(honest);
    for (const node of honest) {
      expect(node.cosigning.aggregate).toBeUndefined();
      expect([...node.cosigning.blamed]).toEqual([]); // who answered what it was shown did nothing wrong
    }
  });

  it.each([true, false])(
    "given a restart, its journal there: %s, it gives no share for the nonces of before",
    (hasJournal) => {
      const { honest, network, description } = coordinatedByTest();
      const [node] = honest;
      if (!node) throw new Error("too few");
      node.restart(hasJournal);
      node.cosigning.begin(digest, network.keys, STARTED_AT);
      node.cosigning.receive(description);
      expect(node.saidOf("share")).toEqual([]);
      expect(refusals(node)).toEqual([hasJournal ? "nonces-spent" : "foreign-nonces"]);
      expect(node.saidOf("nonces")).toHaveLength(hasJournal ? 1 : 2);
      node.cosigning.advanceTo(STARTED_AT + 10);
      expect(node.saidOf("nonces").at(-1)?.attempt).toBe(1);
    },
  );

  it("given a message again, or a second one for its slot, it is not new", () => {
    const { honest, offered } = coordinatedByTest();
    const [node] = honest;
    const [first, , third] = offered;
    if (!first || !third) throw new Error("too few");
    expect(node?.cosigning.receive(first)).toBe(true);
    expect(node?.cosigning.receive(first)).toBe(false);
    expect(node?.cosigning.receive({ ...first, r1: third.r1 })).toBe(false);
  });
});

describe("PITFALLS: the nonces of an operator", () => {
  it("iOP-027: given any order of messages, liars and restarts, no pair of nonces ever answers two sessions", () => {
    const step = fc.record({
      kind: fc.constantFrom("deliver", "deliver", "deliver", "deliver", "tick", "restart", "forget", "lie", "settle"),
      from: fc.nat(100),
      to: fc.nat(100),
      seconds: fc.nat(6),
    });
    let finished = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 160 }), (steps) => {
        const network = cosigningNetwork(4);
        let seconds = 0;
        /** Everything that was ever said or made up; the operator in seat 0 lies. */
        const lies: CosigningMessage[] = [];
        network.begin();
        for (const { kind, from, to, seconds: passed } of steps) {
          const node = network.node(to % 4);
          const said = [...network.nodes.flatMap((each) => each.said), ...lies];
          const message = said[from % said.length];
          if (kind === "deliver" && message !== undefined) node.cosigning.receive(message);
          if (kind === "settle" && passed === 0) network.deliver();
          if (kind === "tick") seconds += passed;
          if (kind === "tick") node.cosigning.advanceTo(STARTED_AT + seconds);
          if (kind === "restart" || kind === "forget") {
            node.restart(kind === "restart");
            node.cosigning.begin(digest, network.keys, STARTED_AT + seconds);
          }
          if (kind === "lie") lies.push(madeUp(network, from, to));
        }
        for (const node of network.nodes) {
          const answers = new Map<string, Set<Hex>>();
          const sessions = [...network.nodes.flatMap((each) => each.said), ...lies].filter(
            (each): each is MessageOf<"session"> => each.kind === "session",
          );
          for (const share of node.saidOf("share")) {
            // The pair that was answered with stands in the only description of that hash.
            const named = sessions.find((each) => documentHash(each) === share.session);
            const mine = named?.signers.find(({ seat }) => network.set.seats[seat] === node.self);
            if (mine === undefined) throw new Error("a share of a session that nobody named");
            const key = `${mine.r1}${mine.r2}`;
            answers.set(key, (answers.get(key) ?? new Set()).add(share.session));
          }
          for (const [, answered] of answers) expect(answered.size).toBe(1);
          if (node.cosigning.aggregate !== undefined) finished += 1;
        }
      }),
      { numRuns: 80, seed: 20260726 },
    );
    expect(finished).toBeGreaterThan(0); // or nothing was tried
  }, 120_000);
});

/** What a liar in seat 0 makes of the nonces that it has seen. */
function madeUp(network: CosigningNetwork, from: number, to: number): MessageOf<"session"> {
  const attempt = to % 4;
  const operator = network.set.operators[attempt] ?? "0x"; // it got hold of the coordinator's key, too
  const signers = network.set.seats.flatMap((seated, seat) => {
    const offers = network.nodes.flatMap((each) => each.saidOf("nonces")).filter((each) => each.operator === seated);
    const nonces = offers[(from + seat) % Math.max(offers.length, 1)];
    return nonces === undefined || (from + seat) % 5 === 0 ? [] : [{ seat, r1: nonces.r1, r2: nonces.r2 }];
  });
  return { kind: "session", epoch: EPOCH, operator, digest, attempt, signers };
}
