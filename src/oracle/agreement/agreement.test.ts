import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { reportQuorum, toleratedFaults } from "../../org/quorum.ts";
import { observationHash, type Observation } from "../observations/observation.ts";
import type { MerkleTree } from "../tree/merkle-tree.ts";
import { Agreement, type AgreementContext, type AgreementEffect, type EvaluatedReport } from "./agreement.ts";
import type { AgreementMessage } from "./message.ts";
import { proposerOrder } from "./proposer-order.ts";
import type { ViewSchedule } from "./view-schedule.ts";

const EPOCH = 7;
const OPENS_AT = 1_000;
const DEADLINE_SECONDS = 240;
/** End of the time in which the property's network misbehaves. */
const STABLE_AT = OPENS_AT + 16;
const configuration = documentHash("configuration");

function operatorNames(count: number): Hex[] {
  return Array.from({ length: count }, (_, index): Hex => `0x${(index + 1).toString(16).padStart(40, "0")}`);
}

function observationOf(value: string): Observation {
  return {
    kind: "mandate.observation/1",
    configuration,
    epoch: EPOCH,
    block: { number: 1, hash: documentHash("block") },
    definitions: [
      {
        definition: documentHash("definition"),
        metrics: [{ metric: "a/b", outcome: "value", value, capture: documentHash(value) }],
      },
    ],
  };
}

/** Stands in for the outcome function: a report whose digest names exactly what went into it. */
function reportOf(included: readonly { operator: Hex; hash: Hex }[]): EvaluatedReport {
  const digest = documentHash(included.map(({ operator, hash }) => [operator, hash]));
  const tree: MerkleTree = { root: digest, leaves: [], proofOf: () => [], indexOf: () => undefined };
  return {
    digest,
    evaluation: {
      ok: true,
      tree,
      manifest: { inclusion: [], configuration, evidence: digest },
      report: {
        configuration: 1,
        epoch: EPOCH,
        root: digest,
        threshold: 0n,
        leafCount: 0,
        scored: 0,
        surviving: 0,
        manifest: digest,
      },
    },
  };
}

/** Short stages, so that the property sees every operator's turn several times. */
function schedule(operators: number): ViewSchedule {
  return { opensAt: OPENS_AT, closesAt: OPENS_AT + DEADLINE_SECONDS, observeSeconds: 2, stageSeconds: 2, operators };
}

function contextFor(self: Hex, operators: readonly Hex[]): AgreementContext {
  return {
    epoch: EPOCH,
    self,
    operators,
    faults: toleratedFaults(operators.length),
    quorum: reportQuorum(operators.length),
    order: proposerOrder(configuration, EPOCH, operators),
    schedule: schedule(operators.length),
    accepts: ({ observation }) => observation.epoch === EPOCH,
    evaluate: (included) => ({ ok: true, evaluated: reportOf(included) }),
  };
}

/** An honest operator with what it would keep on disk. */
class Node {
  readonly self: Hex;
  readonly #context: AgreementContext;
  agreement: Agreement;
  readonly stored: AgreementMessage[] = [];
  readonly known: AgreementMessage[] = [];
  readonly signed = new Set<Hex>();

  constructor(self: Hex, operators: readonly Hex[]) {
    this.self = self;
    this.#context = contextFor(self, operators);
    this.agreement = new Agreement(this.#context);
  }

  /** Own statements survive; what peers said does not. */
  restart(): void {
    this.agreement = new Agreement(this.#context);
    this.known.length = 0;
    for (const message of [...this.stored]) this.take(message);
  }

  say(message: AgreementMessage): void {
    this.stored.push(message);
    this.take(message);
  }

  take(message: AgreementMessage): void {
    const { isNew, effects } = this.agreement.receive(message);
    if (isNew) this.known.push(message);
    this.act(effects);
  }

  act(effects: readonly AgreementEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "vote") {
        this.stored.push(effect.message);
        this.known.push(effect.message);
        this.act(this.agreement.retry()); // as the service does: an own vote may complete a quorum
      }
      if (effect.type === "decided") {
        this.signed.add(effect.report.digest);
        const signature: Hex = `0x${"11".repeat(64)}`;
        const isStored = this.stored.some((each) => each.kind === "signature");
        const message = {
          kind: "signature",
          epoch: EPOCH,
          operator: this.self,
          digest: effect.report.digest,
          signature,
        } as const;
        if (!isStored) this.say(message);
      }
    }
  }
}

interface Network {
  readonly nodes: readonly Node[];
  readonly operators: readonly Hex[];
}

function networkOf(count: number, isSilent: (index: number) => boolean = () => false): Network {
  const operators = operatorNames(count);
  const nodes = operators.filter((_, index) => !isSilent(index)).map((operator) => new Node(operator, operators));
  return { nodes, operators };
}

function observeAll({ nodes }: Network): void {
  for (const [index, node] of nodes.entries()) {
    node.say({ kind: "observation", epoch: EPOCH, operator: node.self, observation: observationOf(String(index)) });
  }
}

function deliverAll({ nodes }: Network): void {
  for (const from of nodes) for (const message of [...from.known]) for (const to of nodes) to.take(message);
}

function tick(network: Network, seconds: number): void {
  for (const node of network.nodes) node.act(node.agreement.advanceTo(seconds));
}

function decisions({ nodes }: Network): Set<Hex> {
  return new Set(nodes.flatMap((node) => [...node.signed]));
}

describe("Agreement", () => {
  it("given all four operators, when messages arrive, it decides in the first second on all four observations", () => {
    const network = networkOf(4);
    observeAll(network);
    tick(network, OPENS_AT);
    for (let round = 0; round < 6; round += 1) deliverAll(network);
    const all = network.nodes.map((node, index) => ({
      operator: node.self,
      hash: observationHash(observationOf(String(index))),
    }));
    expect([...decisions(network)]).toEqual([reportOf(all).digest]);
    for (const node of network.nodes) expect(node.agreement.signatures.size).toBe(4);
  });

  it.each([0, 1, 2, 3])("given operator %i silent, it decides by the third view at the latest", (silent) => {
    const network = networkOf(4, (index) => index === silent);
    observeAll(network);
    const { observeSeconds, stageSeconds } = schedule(4);
    for (let second = OPENS_AT; second < OPENS_AT + observeSeconds + 2 * stageSeconds; second += 1) {
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
    const say = (value: string) =>
      node.agreement.receive({ kind: "observation", epoch: EPOCH, operator: liar, observation: observationOf(value) });
    say("1");
    expect(say("2").effects).toContainEqual({
      type: "conflict",
      conflict: {
        operator: liar,
        kind: "observation",
        first: observationHash(observationOf("1")),
        second: observationHash(observationOf("2")),
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

  it("given drops, any order, restarts and a lying operator, no two honest operators ever sign differently; then all sign", () => {
    const step = fc.record({
      kind: fc.constantFrom("deliver", "deliver", "deliver", "deliver", "tick", "restart", "lie"),
      from: fc.nat(30),
      to: fc.nat(30),
      message: fc.nat(200),
      other: fc.nat(200),
      lie: fc.constantFrom("observation", "proposal", "prepare", "commit", "signature"),
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
    case "observation":
      return [{ kind: "observation", epoch: EPOCH, operator, observation: observationOf(String(choice.other)) }];
    case "proposal": {
      if (order[view % order.length] !== operator) return [];
      const observations = said.flatMap((each) => (each.kind === "observation" ? [each] : []));
      const chosen = new Map(
        observations
          .filter((_, index) => (choice.message >> (index % 8)) % 2 === 0)
          .map((each) => [each.operator, observationHash(each.observation)] as const),
      );
      const inclusion = [...chosen]
        .map(([from, observation]) => ({ operator: from, observation }))
        .sort((a, b) => (a.operator < b.operator ? -1 : 1));
      if (inclusion.length === 0) return [];
      const report = reportOf(inclusion.map((each) => ({ operator: each.operator, hash: each.observation })));
      return [{ kind: "proposal", epoch: EPOCH, operator, view, inclusion, digest: report.digest }];
    }
    case "signature":
      return [{ kind: "signature", epoch: EPOCH, operator, digest, signature: `0x${"22".repeat(64)}` }];
    default:
      return [{ kind: choice.lie, epoch: EPOCH, operator, view, digest }];
  }
}
