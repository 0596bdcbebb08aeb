import { pino } from "pino";
import type { Clock } from "../../core/clock.ts";
import type { Hex } from "../../core/hex.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import type { SignedMessage } from "../agreement/message.ts";
import type { CosignerDependencies } from "../cosigning/cosigner.ts";
import type { EpochCalendar } from "../epochs/epoch-clock.ts";
import type { EpochHead } from "../evidence/epoch-record.ts";
import { createOperatorMetrics } from "../node/operator-metrics.ts";
import { OperatorNode, type AgreementPeer, type OperatorNodeOptions } from "../node/operator-node.ts";
import type { SubmissionStatus } from "../submission/report-intent.ts";
import type { KnownDefinition } from "../scoring/score-definition.ts";
import type { OperatorSigner } from "../signing/operator-signer.ts";
import { openStatementDatabase, type StatementDatabase } from "../signing/statement-database.ts";
import type { EvidenceOfDoubleSigning, KeptEvidence } from "../suspension/evidence-directory.ts";
import { Suspender } from "../suspension/suspender.ts";
import type { ReadSource } from "../sources/read-source.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import type { Crash } from "./faults.ts";
import { POLL_MS } from "./pace.ts";
import { bounds, followed } from "./scenery.ts";

/** What the world gives an operator. */
export interface OperatorSurroundings {
  readonly place: SigningPlace;
  readonly calendar: EpochCalendar;
  readonly signer: OperatorSigner;
  /** For the sessions of one process. */
  readonly cosigner: () => CosignerDependencies;
  readonly chain: OperatorNodeOptions["chain"];
  readonly definitions: readonly KnownDefinition[];
  readonly readSource: ReadSource;
  readonly drawSalt: () => Hex;
  readonly keccak: KeccakHasher;
  readonly clock: Clock;
  readonly peers: () => readonly AgreementPeer[];
  readonly publish: (epoch: number, messages: readonly SignedMessage[]) => void;
  /**
   * Tries a call and sends it, where this operator reaches the chain and can pay. `onMined` is told whether it succeeded, whether or not
   * the process that sent it still runs.
   */
  readonly sendTransaction: (data: Hex, onMined: (succeeded: boolean) => void) => "sent" | "refused" | "not-now";
  /** The operator died in the writing of a statement. */
  readonly onDeath: () => void;
  /** For experiments: a restart finds an empty signing database. */
  readonly isForgetful: boolean;
}

/** A call in the outbox; `waiting` until it is sent or refused. */
interface OutboxEntry {
  readonly data: Hex;
  status: "waiting" | "sent" | "refused";
  succeeded?: boolean;
}

/** Thrown where the process dies: nothing that follows in the same step leaves it. */
class ProcessDied extends Error {}

const logger = pino({ level: "silent" });

/** The worst that can happen to what others said: a restart finds none of it. */
const noJournal: OperatorNodeOptions["round"]["evidence"]["openJournal"] = () => ({
  messages: [],
  append: () => undefined,
  marked: () => undefined,
  mark: () => undefined,
  close: () => Promise.resolve(),
});

/** Two signatures of one operator are evidence there while its epoch runs: what comes later shows nothing new. */
const noLateSignatures: OperatorNodeOptions["late"] = {
  advanceTo: () => undefined,
  forget: () => undefined,
  messages: () => [],
  take: () => Promise.resolve(),
  gather: () => undefined,
};

/**
 * An {@link OperatorNode} that can die at any instant and start again from its disk: the signing database, the reports that it
 * kept, evidence of double signing, the outbox. All else is lost.
 */
export class SimulatedOperator {
  readonly #surroundings: OperatorSurroundings;
  readonly #metrics = createOperatorMetrics();
  readonly #reports = new Set<Hex>();
  readonly #records = new Map<number, EpochHead>();
  readonly #outbox = new Map<string, OutboxEntry>();
  readonly #evidence = new Map<string, KeptEvidence>();
  #lastTurnSeconds = 0;
  #signer: OperatorSigner;
  #statements: StatementDatabase;
  #statementsWritten = 0;
  #crash: Crash["inStatement"];
  /** The running process; effects of one that is not the running one are lost. */
  #life = 0;
  #node: OperatorNode | undefined;

  constructor(surroundings: OperatorSurroundings) {
    this.#signer = surroundings.signer;
    this.#surroundings = surroundings;
    this.#statements = this.#openDisk();
  }

  get isUp(): boolean {
    return this.#node !== undefined;
  }

  /** Chain time of its last turn to bring evidence before the contract; until then it does not rest. */
  get lastTurnSeconds(): number {
    return this.#lastTurnSeconds;
  }

  /** Whether the disk holds a report with all its leaves. */
  holdsReport(digest: Hex): boolean {
    return this.#reports.has(digest);
  }

  /** The report of an epoch that its disk holds. */
  recordOf(epoch: number): EpochHead | undefined {
    return this.#records.get(epoch);
  }

  /** Begins an epoch; where `crash` is given, the operator dies in writing a statement of it. */
  prepareFor(crash: Crash["inStatement"]): void {
    this.#statementsWritten = 0;
    this.#crash = crash;
  }

  start(): void {
    if (this.#node !== undefined) return;
    if (this.#surroundings.isForgetful) {
      this.#statements.close();
      this.#statements = this.#openDisk();
    }
    this.#life += 1;
    const node = new OperatorNode(this.#optionsOf(this.#life));
    this.#node = node;
    void node.run(POLL_MS, new AbortController().signal); // ends only with the process, at a wait that never ends
  }

  /** The process ends at once, whatever it is doing. */
  die(): void {
    this.#life += 1;
    this.#node = undefined;
  }

  /** Starts with another key; what the database holds of the former one is no statement of it. */
  switchTo(signer: OperatorSigner): void {
    const wasUp = this.isUp;
    this.close();
    this.#signer = signer;
    this.#statements = this.#openDisk();
    if (wasUp) this.start();
  }

  close(): void {
    this.die();
    this.#statements.close();
  }

  messages(epoch: number): readonly SignedMessage[] {
    return this.#node?.messages(epoch) ?? [];
  }

  take(epoch: number, messages: readonly SignedMessage[]): void {
    void this.#node?.take(epoch, messages);
  }

  #openDisk(): StatementDatabase {
    const { place } = this.#surroundings;
    const scope = { chainId: place.chainId, contract: place.verifyingContract, operator: this.#signer.operator };
    return openStatementDatabase(":memory:", scope);
  }

  #optionsOf(life: number): OperatorNodeOptions {
    const { place, calendar, cosigner, chain, definitions, readSource, drawSalt, keccak, clock, peers, publish } =
      this.#surroundings;
    const isAlive = (): boolean => this.#life === life;
    const outbox: OperatorNodeOptions["outbox"] = {
      status: (id) => this.#statusOf(id),
      enqueue: ({ id, data }) => {
        if (isAlive()) this.#outbox.set(id, { data, status: "waiting" });
      },
      tick: () => {
        if (isAlive()) this.#sendWaiting();
        return Promise.resolve();
      },
    };
    const store: EvidenceOfDoubleSigning = {
      all: () => this.#evidence,
      save: (name, kept) => {
        if (!isAlive()) throw new ProcessDied();
        this.#evidence.set(name, kept);
        this.#lastTurnSeconds = Math.max(this.#lastTurnSeconds, kept.dueSeconds);
      },
    };
    const metrics = this.#metrics;
    const oracle = place.verifyingContract;
    const suspender = new Suspender({ store, oracle, calendar, outbox, metrics, logger, submits: true });
    const known = new Map(definitions.map(({ hash, definition }) => [hash, definition]));
    return {
      chain,
      calendar,
      bounds,
      submits: true,
      rulesets: {
        of: () => Promise.resolve(followed),
        look: () => Promise.resolve(),
        status: { running: null, scheduled: null },
      },
      peers: peers(),
      logger,
      clock: {
        nowMs: () => clock.nowMs(),
        sleep: (durationMs) =>
          new Promise((wake) => {
            void clock.sleep(durationMs).then(() => {
              if (isAlive()) wake();
            });
          }),
      },
      accepted: { settle: () => Promise.resolve(), accepted: () => undefined, leaves: () => undefined },
      sealer: { settle: () => Promise.resolve() },
      suspender,
      late: noLateSignatures,
      outbox,
      round: {
        place,
        signer: this.#signer,
        cosigner: cosigner(),
        keccak,
        logger,
        readSource,
        drawSalt,
        metrics,
        library: { known: { definitions: known, heldOut: new Map() }, load: () => Promise.resolve(definitions) },
        findDocument: () => Promise.resolve(undefined),
        evidence: {
          saveOpening: () => undefined,
          saveCaptures: () => undefined,
          openJournal: noJournal,
          saveAgreed: () => undefined,
          head: (epoch) => this.#records.get(epoch),
          saveRecord: (record) => {
            if (!isAlive()) return;
            this.#reports.add(record.digest);
            this.#records.set(record.report.epoch, record);
          },
        },
        statements: {
          statements: (epoch) => this.#statements.statements(epoch),
          claim: (slot, digest, content) => {
            if (!isAlive()) throw new ProcessDied();
            this.#statementsWritten += 1;
            const isLast = this.#crash?.count === this.#statementsWritten;
            if (isLast && this.#crash?.isWritten === false) this.#dieWriting();
            const claim = this.#statements.claim(slot, digest, content);
            if (isLast) this.#dieWriting();
            return claim;
          },
        },
        onDoubleSigning: (evidence, dueSeconds) => suspender.note(evidence, dueSeconds),
        publish: (epoch, messages) => {
          if (isAlive()) publish(epoch, messages);
        },
      },
    };
  }

  #dieWriting(): never {
    this.die();
    this.#surroundings.onDeath();
    throw new ProcessDied();
  }

  #statusOf(id: string): SubmissionStatus | undefined {
    const entry = this.#outbox.get(id);
    if (entry === undefined) return undefined;
    return {
      ...(entry.status === "refused" && { status: "refused" }),
      ...(entry.succeeded === false && { succeeded: false }),
    };
  }

  #sendWaiting(): void {
    for (const entry of this.#outbox.values()) {
      if (entry.status !== "waiting") continue;
      const outcome = this.#surroundings.sendTransaction(entry.data, (succeeded) => {
        entry.succeeded = succeeded;
      });
      if (outcome !== "not-now") entry.status = outcome;
    }
  }
}
