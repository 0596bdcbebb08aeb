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
import { observationHash, type Observation } from "../../src/oracle/observations/observation.ts";
import type { MerkleTree } from "../../src/oracle/tree/merkle-tree.ts";
import { packLeaves } from "../../src/oracle/tree/packed-leaves.ts";

export const EPOCH = 7;
export const OPENS_AT = 1_000;
export const DEADLINE_SECONDS = 240;
/** End of the time in which the property's network misbehaves. */
export const STABLE_AT = OPENS_AT + 16;
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
  return { opensAt: OPENS_AT, closesAt: OPENS_AT + DEADLINE_SECONDS, observeSeconds: 2, stageSeconds: 2, operators };
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
    accepts: ({ observation }) => observation.epoch === EPOCH,
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
  const observations = operators.map((operator, index) => ({ operator, observation: observationOf(String(index)) }));
  return {
    node,
    order,
    feed: (): void => {
      for (const each of observations) node.take({ kind: "observation", epoch: EPOCH, ...each });
    },
    proposal: (view: number, operator: Hex | undefined, count: number): AgreementMessage => {
      if (operator === undefined) throw new Error("no operator");
      const inclusion = observations
        .slice(0, count)
        .map((each) => ({ operator: each.operator, observation: observationHash(each.observation) }));
      const { digest } = reportOf(inclusion.map((each) => ({ operator: each.operator, hash: each.observation })));
      return { kind: "proposal", epoch: EPOCH, operator, view, inclusion, digest };
    },
  };
}

/** An operator's observation of a value, as a message. */
export function observed(operator: Hex, value: string): MessageOf<"observation"> {
  return { kind: "observation", epoch: EPOCH, operator, observation: observationOf(value) };
}

export function observeAll({ nodes }: Network): void {
  for (const [index, node] of nodes.entries()) {
    node.say({ kind: "observation", epoch: EPOCH, operator: node.self, observation: observationOf(String(index)) });
  }
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
