import type { Logger } from "pino";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import { Agreement, type AgreementEffect, type EvaluatedReport, type Vote } from "../agreement/agreement.ts";
import { signedMessageSchema, type AgreementMessage, type SignedMessage } from "../agreement/message.ts";
import { proposerOrder } from "../agreement/proposer-order.ts";
import type { ViewSchedule } from "../agreement/view-schedule.ts";
import type { BlockReference, OperatorSet } from "../epochs/oracle-chain.ts";
import type { EvidenceStore } from "../evidence/evidence-store.ts";
import { observe } from "../observations/observe.ts";
import { observationHash, type Observation } from "../observations/observation.ts";
import type { DefinitionLibrary, FindDocument } from "../scoring/definition-library.ts";
import { evaluateEpoch, type EpochFacts } from "../scoring/evaluate-epoch.ts";
import { reportDigest, type OperatorSigner } from "../signing/operator-signer.ts";
import type { StatementDatabase, StatementSlot } from "../signing/statement-database.ts";
import type { EpochWindow } from "../sources/reading.ts";
import type { ReadSource } from "../sources/read-source.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import type { OperatorMetrics } from "./operator-metrics.ts";

/** What an operator needs for every epoch alike. Keys, disk, sources and peers are ports, so that a simulation can bring its own. */
export interface RoundDependencies {
  readonly place: SigningPlace;
  readonly signer: OperatorSigner;
  readonly statements: Pick<StatementDatabase, "claim" | "statements">;
  readonly evidence: Pick<EvidenceStore, "saveCaptures" | "saveRecord" | "saveMessages">;
  readonly library: Pick<DefinitionLibrary, "known" | "load">;
  readonly findDocument: FindDocument;
  readonly readSource: ReadSource;
  readonly keccak: KeccakHasher;
  readonly logger: Logger;
  readonly metrics: OperatorMetrics;
  /** Sends messages to all peers; does not wait for them. */
  readonly publish: (epoch: number, messages: readonly SignedMessage[]) => void;
}

/** What was read on the chain when the epoch had closed. */
export interface RoundInput {
  readonly window: EpochWindow;
  readonly block: BlockReference;
  readonly set: OperatorSet;
  readonly schedule: ViewSchedule;
  readonly facts: EpochFacts;
}

/** Messages of others that are remembered so as not to be verified twice. */
const SEEN_LIMIT = 20_000;

/** One operator's part in agreeing on one epoch: connects the pure {@link Agreement} with keys, disk and peers. */
export class EpochRound {
  readonly input: RoundInput;
  readonly self: Hex;
  readonly order: readonly Hex[];
  readonly #dependencies: RoundDependencies;
  readonly #agreement: Agreement;
  readonly #messages: SignedMessage[] = [];
  readonly #seen = new Set<Hex>();
  readonly #logger: Logger;
  #work: Promise<void> = Promise.resolve();
  #chainSeconds = 0;
  #quorumSince: number | undefined;

  constructor(dependencies: RoundDependencies, input: RoundInput) {
    this.#dependencies = dependencies;
    this.input = input;
    this.self = dependencies.signer.operator;
    this.#logger = dependencies.logger.child({ epoch: input.window.epoch });
    this.order = proposerOrder(input.facts.configurationDigest, this.epoch, input.set.operators);
    this.#agreement = new Agreement({
      epoch: this.epoch,
      self: this.self,
      operators: input.set.operators,
      faults: input.set.faults,
      quorum: input.set.quorum,
      order: this.order,
      schedule: input.schedule,
      accepts: ({ observation }) => this.#isAboutThis(observation),
      evaluate: (included) => {
        const { library, keccak, place } = dependencies;
        const evaluation = evaluateEpoch(input.facts, included, library.known, keccak);
        return evaluation.ok
          ? { ok: true, evaluated: { digest: reportDigest(place, evaluation.report), evaluation } }
          : evaluation;
      },
    });
  }

  get epoch(): number {
    return this.input.window.epoch;
  }

  /** Everything that was said, with who said it. */
  get messages(): readonly SignedMessage[] {
    return this.#messages;
  }

  get decided(): EvaluatedReport | undefined {
    return this.#agreement.decided;
  }

  get signatures(): ReadonlyMap<Hex, Hex> {
    return this.#agreement.signatures;
  }

  get observers(): readonly Hex[] {
    return this.#agreement.observers;
  }

  /** Whether this operator has voted or signed in the epoch, and may take part on no other closing block. */
  get isBound(): boolean {
    return this.#dependencies.statements.statements(this.epoch).some(({ kind }) => kind !== "observation");
  }

  /** Chain time since which a quorum of signatures is held. */
  get quorumSince(): number | undefined {
    return this.#quorumSince;
  }

  /** Says again what was said before a restart, or observes. Runs beside the agreement: others need not wait for our sources. */
  async open(): Promise<void> {
    const stated = this.#dependencies.statements.statements(this.epoch);
    const messages = stated
      .filter(({ kind }) => kind !== "report")
      .map(({ content }) => signedMessageSchema.shape.message.parse(content))
      .filter((message) => message.kind !== "observation" || this.#isAboutThis(message.observation));
    // All of them before the first wait: what peers and the chain say meanwhile must not move this operator to a second vote.
    for (const message of messages) this.#perform(this.#agreement.receive(message).effects);
    for (const message of messages) await this.#say(message);
    for (const { kind, digest } of stated) if (kind === "report") await this.#sayReport(digest);
    if (stated.length > 0) this.#logger.info({ statements: stated.length }, "continues the epoch after a restart");
    if (messages.some(({ kind }) => kind === "observation")) return;
    // An observation of a closing block that is none any more speaks for no report: without a vote, this operator may observe anew.
    const observed = stated.filter(({ kind }) => kind === "observation").length;
    if (observed === 0 || !this.isBound) await this.#observe(observed);
  }

  /** Tells the time of the chain. */
  advanceTo(chainSeconds: number): void {
    this.#chainSeconds = Math.max(this.#chainSeconds, chainSeconds);
    this.#perform(this.#agreement.advanceTo(chainSeconds));
    this.#noteQuorum();
  }

  /** Takes messages from a peer. Each is believed only by its signature. */
  async take(messages: readonly SignedMessage[]): Promise<void> {
    const { signer, metrics } = this.#dependencies;
    for (const signed of messages) {
      if (this.#seen.has(signed.envelope) || this.#seen.size > SEEN_LIMIT) continue;
      if (signed.message.epoch !== this.epoch || !this.input.set.operators.includes(signed.message.operator)) continue;
      this.#seen.add(signed.envelope);
      if (!(await signer.isAuthentic(this.input.facts.configurationDigest, signed))) {
        metrics.rejectedMessages.inc();
        continue;
      }
      const { isNew, effects } = this.#agreement.receive(signed.message);
      const isEvidence = effects.some((each) => each.type === "conflict");
      if (isNew || isEvidence) this.#messages.push(signed);
      this.#perform(effects);
    }
    this.#noteQuorum();
  }

  /** Resolves when everything begun is done. */
  async idle(): Promise<void> {
    await this.#work;
  }

  #isAboutThis(observation: Observation): boolean {
    return (
      observation.epoch === this.epoch &&
      observation.configuration === this.input.facts.configurationDigest &&
      observation.block.hash === this.input.block.hash
    );
  }

  async #observe(observedBefore: number): Promise<void> {
    const { library, findDocument, readSource, evidence, statements, metrics } = this.#dependencies;
    const { facts, window, block } = this.input;
    const definitions = await library.load(
      facts.projects.map((each) => each.definition),
      findDocument,
    );
    const result = await observe({ configuration: facts.configurationDigest, window, block, definitions }, readSource);
    for (const failure of result.failures) {
      metrics.failedReadings.inc({ outcome: failure.outcome });
      this.#logger.warn(failure, "a source gave no value");
    }
    evidence.saveCaptures(this.epoch, result.captures);
    const { observation } = result;
    const message: AgreementMessage = { kind: "observation", epoch: this.epoch, operator: this.self, observation };
    const claim = statements.claim(this.#slot("observation", observedBefore), observationHash(observation), message);
    if (!claim.granted) return; // another round of this process observed in the meantime, and said so
    this.#perform(this.#agreement.receive(message).effects);
    await this.#say(message);
  }

  #slot(kind: StatementSlot["kind"], view = 0): StatementSlot {
    return { epoch: this.epoch, kind, view };
  }

  /** Carries out effects one after the other, in the order in which the agreement asked for them. */
  #perform(effects: readonly AgreementEffect[]): void {
    if (effects.length === 0) return;
    this.#work = this.#work.then(async () => {
      for (const effect of effects) {
        try {
          await this.#performOne(effect);
        } catch (error) {
          this.#logger.error({ err: error, effect: effect.type }, `agreement step failed: ${messageOf(error)}`);
        }
      }
    });
  }

  async #performOne(effect: AgreementEffect): Promise<void> {
    switch (effect.type) {
      case "vote":
        return this.#vote(effect.message);
      case "decided":
        return this.#sign(effect.report);
      case "need-definition": {
        const { library, findDocument } = this.#dependencies;
        const found = await library.load([effect.definition], findDocument);
        if (found.length > 0) this.#perform(this.#agreement.retry());
        return;
      }
      case "conflict":
        this.#dependencies.metrics.conflicts.inc();
        this.#logger.error(effect.conflict, "an operator contradicted itself; its messages are kept as evidence");
    }
  }

  async #vote(message: Vote): Promise<void> {
    const claim = this.#dependencies.statements.claim(this.#slot(message.kind, message.view), message.digest, message);
    if (!claim.granted) {
      this.#logger.error({ message, held: claim.held }, "the signing database refused a second statement");
      return;
    }
    await this.#say(message);
  }

  async #sign({ digest, evaluation }: EvaluatedReport): Promise<void> {
    const { evidence, statements } = this.#dependencies;
    const { report, manifest, tree } = evaluation;
    evidence.saveRecord({
      digest,
      report,
      manifest: { ...manifest, inclusion: [...manifest.inclusion] },
      leaves: tree.leaves,
    });
    const claim = statements.claim(this.#slot("report"), digest, { root: report.root, manifest: report.manifest });
    if (!claim.granted) {
      this.#logger.error({ digest, held: claim.held }, "the signing database refused a second report");
      return;
    }
    this.#logger.info(
      { digest, root: report.root, leaves: report.leafCount, scored: report.scored },
      "signs the report",
    );
    await this.#sayReport(digest);
  }

  async #sayReport(digest: Hex): Promise<void> {
    const signature = await this.#dependencies.signer.signReport(digest);
    const message: AgreementMessage = { kind: "signature", epoch: this.epoch, operator: this.self, digest, signature };
    this.#perform(this.#agreement.receive(message).effects);
    await this.#say(message);
    this.#noteQuorum();
  }

  async #say(message: AgreementMessage): Promise<void> {
    const { signer, publish } = this.#dependencies;
    const signed = await signer.seal(this.input.facts.configurationDigest, message);
    this.#seen.add(signed.envelope);
    this.#messages.push(signed);
    publish(this.epoch, [signed]);
  }

  #noteQuorum(): void {
    if (this.#quorumSince === undefined && this.signatures.size >= this.input.set.quorum) {
      this.#quorumSince = this.#chainSeconds;
    }
  }
}
