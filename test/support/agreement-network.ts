/** Operators of the agreement alone, without keys, disk and network: what they would keep on disk is kept in memory. */
import { documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { reportQuorum, toleratedFaults } from "../../src/org/quorum.ts";
import {
  Agreement,
  type AgreementContext,
  type AgreementEffect,
  type EvaluatedReport,
} from "../../src/oracle/agreement/agreement.ts";
import type { AgreementMessage, MessageOf } from "../../src/oracle/agreement/message.ts";
import { proposerOrder } from "../../src/oracle/agreement/proposer-order.ts";
import type { ViewSchedule } from "../../src/oracle/agreement/view-schedule.ts";
import type { Observation } from "../../src/oracle/observations/observation.ts";
import { commitmentOf, revealHash, type Heard } from "../../src/oracle/observations/reveal.ts";
import type { MerkleTree } from "../../src/oracle/tree/merkle-tree.ts";
import { packLeaves } from "../../src/oracle/tree/packed-leaves.ts";

export const EPOCH = 7;
export const OPENS_AT = 1_000;
export const DEADLINE_SECONDS = 240;
/** From then on operators reveal, the first proposer waits for nobody, and the second view runs. */
export const REVEALS_AT = OPENS_AT + 3;
export const PROPOSES_AT = OPENS_AT + 4;
export const VIEW_ONE_AT = OPENS_AT + 6;
/** End of the time in which the property's network misbehaves. */
export const STABLE_AT = OPENS_AT + 20;
export const configuration = documentHash("configuration");

export function operatorNames(count: number): Hex[] {
  return Array.from({ length: count }, (_, index): Hex => `0x${(index + 1).toString(16).padStart(40, "0")}`);
}

export function observationOf(value: string): Observation {
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
export function reportOf(included: readonly { operator: Hex; hash: Hex }[]): EvaluatedReport {
  const digest = documentHash(included.map(({ operator, hash }) => [operator, hash]));
  const tree: MerkleTree = {
    root: digest,
    packed: packLeaves([]),
    leaves: [],
    hashesOf: () => new Uint8Array(),
    proofOf: () => [],
    multiProofOf: () => ({ proof: [], flags: [] }),
    indexOf: () => undefined,
  };
  return {
    digest,
    evaluation: {
      ok: true,
      tree,
      manifest: { inclusion: [], configuration, evidence: digest },
      assessments: new Map(),
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
export function schedule(operators: number): ViewSchedule {
  return {
    opensAt: OPENS_AT,
    closesAt: OPENS_AT + DEADLINE_SECONDS,
    commitSeconds: 2,
    quietSeconds: 1,
    revealSeconds: 1,
    stageSeconds: 2,
    operators,
    strictViews: toleratedFaults(operators) + 1,
  };
}

export function contextFor(self: Hex, operators: readonly Hex[]): AgreementContext {
  return {
    epoch: EPOCH,
    self,
    operators,
    faults: toleratedFaults(operators.length),
    quorum: reportQuorum(operators.length),
    order: proposerOrder(configuration, EPOCH, operators),
    schedule: schedule(operators.length),
    accepts: (message) => message.kind === "commitment" || message.observation.epoch === EPOCH,
    evaluate: (included) => ({ ok: true, evaluated: reportOf(included) }),
  };
}

/** An honest operator with what it would keep on disk. */
export class Node {
  readonly self: Hex;
  readonly #context: AgreementContext;
  agreement: Agreement;
  readonly stored: AgreementMessage[] = [];
  readonly known: AgreementMessage[] = [];
  readonly signed = new Set<Hex>();
  #observed: Observation | undefined;

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

  /** Commits to an observation of a value. */
  observe(value: string): void {
    this.#observed = observationOf(value);
    this.say(committed(this.self, value));
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
      if (effect.type === "reveal" && this.#observed !== undefined) {
        const revealed = { observation: this.#observed, salt: saltOf(this.self), heard: this.agreement.heard };
        this.say({ kind: "observation", epoch: EPOCH, operator: this.self, ...revealed });
      }
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

export interface Network {
  readonly nodes: readonly Node[];
  readonly operators: readonly Hex[];
}

export function networkOf(count: number, isSilent: (index: number) => boolean = () => false): Network {
  const operators = operatorNames(count);
  const nodes = operators.filter((_, index) => !isSilent(index)).map((operator) => new Node(operator, operators));
  return { nodes, operators };
}

/** The operator that is third in order, alone, with the other three's messages in the test's hands. */
export function lonelyOperator() {
  const operators = operatorNames(4);
  const order = proposerOrder(configuration, EPOCH, operators);
  const self = order[2];
  if (self === undefined) throw new Error("no operator");
  const node = new Node(self, operators);
  const reveals = revealed(operators.map((operator, index) => ({ operator, value: String(index) })));
  return {
    node,
    order,
    feed: (): void => {
      for (const each of reveals) node.take(each);
    },
    proposal: (view: number, operator: Hex | undefined, count: number): AgreementMessage => {
      if (operator === undefined) throw new Error("no operator");
      return proposalOf(view, operator, reveals.slice(0, count));
    },
  };
}

function saltOf(operator: Hex): Hex {
  return documentHash(["salt of", operator]);
}

/** An operator's commitment to a value, as a message. */
export function committed(operator: Hex, value: string): MessageOf<"commitment"> {
  const commitment = commitmentOf(operator, observationOf(value), saltOf(operator));
  return { kind: "commitment", epoch: EPOCH, operator, block: documentHash("block"), commitment };
}

/** An operator's observation of a value, as a message, with the commitments that it heard. */
export function observed(
  operator: Hex,
  value: string,
  heard: readonly MessageOf<"commitment">[] = [],
): MessageOf<"observation"> {
  const list: Heard = heard.map((each) => ({ operator: each.operator, commitment: each.commitment }));
  const observation = observationOf(value);
  return { kind: "observation", epoch: EPOCH, operator, observation, salt: saltOf(operator), heard: list };
}

/** What operators reveal that have all heard each other. */
export function revealed(
  entries: readonly { readonly operator: Hex; readonly value: string }[],
): readonly MessageOf<"observation">[] {
  const heard = entries.map(({ operator, value }) => committed(operator, value));
  return entries.map(({ operator, value }) => observed(operator, value, heard));
}

/** Names reveals, ascending by operator, and the report that follows from them. */
export function proposalOf(
  view: number,
  operator: Hex,
  reveals: readonly MessageOf<"observation">[],
): MessageOf<"proposal"> {
  const named = reveals.map((each) => ({ operator: each.operator, hash: revealHash(each) }));
  const inclusion = named.map((each) => ({ operator: each.operator, observation: each.hash }));
  return { kind: "proposal", epoch: EPOCH, operator, view, inclusion, digest: reportOf(named).digest };
}

/** Everybody observes, and commits to it. */
export function observeAll({ nodes }: Network): void {
  for (const [index, node] of nodes.entries()) node.observe(String(index));
}

export function deliverAll({ nodes }: Network): void {
  for (const from of nodes) for (const message of [...from.known]) for (const to of nodes) to.take(message);
}

export function tick(network: Network, seconds: number): void {
  for (const node of network.nodes) node.act(node.agreement.advanceTo(seconds));
}

export function decisions({ nodes }: Network): Set<Hex> {
  return new Set(nodes.flatMap((node) => [...node.signed]));
}
