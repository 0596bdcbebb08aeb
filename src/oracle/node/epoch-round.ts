import type { Logger } from "pino";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { Agreement, type AgreementEffect, type EvaluatedReport, type Vote } from "../agreement/agreement.ts";
import { isCosigning, type AgreementMessage, type OperatorMessage, type SignedMessage } from "../agreement/message.ts";
import { proposerOrder } from "../agreement/proposer-order.ts";
import { Cosigner, type CosignerDependencies } from "../cosigning/cosigner.ts";
import type { AggregateSignature } from "../cosigning/session.ts";
import { agreedValues } from "../evidence/agreed-values.ts";
import type { MarkName } from "../evidence/message-journal.ts";
import { observe } from "../observations/observe.ts";
import type { Observation } from "../observations/observation.ts";
import { commitmentOf, revealHash } from "../observations/reveal.ts";
import { openDefinitions } from "../scoring/definition-library.ts";
import type { Report } from "../scoring/evaluate-epoch.ts";
import { statedReport } from "../report-schema.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import type { StatementSlot } from "../signing/statement-database.ts";
import { accusationOf } from "../suspension/double-signing.ts";
import { CommitmentWatch } from "./commitment-watch.ts";
import type { RoundDependencies, RoundInput } from "./round-dependencies.ts";
import { statedMessages, type CommittedObservation } from "./stated-messages.ts";

/** Messages of others that are remembered so as not to be verified twice. */
const SEEN_LIMIT = 20_000;

/** Contradictions of one operator that are kept of each kind: one proves that it lied, and nobody shall fill the disks of others. */
const CONFLICTS_KEPT = 16;

/** One operator's part in agreeing on one epoch: connects the pure {@link Agreement} with keys, disk and peers. */
export class EpochRound {
  readonly input: RoundInput;
  readonly self: Hex;
  readonly order: readonly Hex[];
  readonly #dependencies: RoundDependencies;
  readonly #agreement: Agreement;
  readonly #cosigner: Cosigner | undefined;
  readonly #watch: CommitmentWatch;
  readonly #journal: ReturnType<RoundDependencies["evidence"]["openJournal"]>;
  /** By envelope. */
  readonly #messages = new Map<Hex, SignedMessage>();
  readonly #conflicts = new Map<string, number>();
  readonly #seen = new Set<Hex>();
  readonly #logger: Logger;
  /** What stands in the signing database, and the signer could not be reached for. */
  readonly #unsaid: (() => Promise<void>)[] = [];
  /** Resolves when what was heard before a restart is heard again. */
  readonly #recalled = Promise.withResolvers<undefined>();
  #committed: CommittedObservation | undefined;
  #work: Promise<void> = Promise.resolve();
  #chainSeconds = 0;
  #quorumSince: number | undefined;

  constructor(dependencies: RoundDependencies, input: RoundInput) {
    this.#dependencies = dependencies;
    this.input = input;
    this.self = dependencies.signer.operator;
    this.#logger = dependencies.logger.child({ epoch: input.window.epoch });
    this.#journal = dependencies.evidence.openJournal(this.epoch, (err) =>
      this.#logger.error({ err }, `the journal of messages is not on the disk: ${messageOf(err)}`),
    );
    this.order = proposerOrder(input.facts.configurationDigest, this.epoch, input.set.operators);
    this.#agreement = new Agreement({
      epoch: this.epoch,
      self: this.self,
      operators: input.set.operators,
      faults: input.set.faults,
      quorum: input.set.quorum,
      order: this.order,
      schedule: input.schedule,
      accepts: (message) =>
        message.kind === "commitment" ? message.block === input.block.hash : this.#isAboutThis(message.observation),
      evaluate: (included) => {
        const { library, keccak, place } = dependencies;
        const evaluation = input.scoring.evaluate(input.facts, included, library.known, keccak);
        return evaluation.ok
          ? { ok: true, evaluated: { digest: reportDigest(place, evaluation.report), evaluation } }
          : evaluation;
      },
    });
    this.#watch = new CommitmentWatch(input.set, input.schedule, dependencies.metrics);
    this.#cosigner = dependencies.cosigner && this.#cosignerWith(dependencies.cosigner);
  }

  get epoch(): number {
    return this.input.window.epoch;
  }

  /** Everything that was said, with who said it. */
  get messages(): readonly SignedMessage[] {
    return [...this.#messages.values()];
  }

  get decided(): EvaluatedReport | undefined {
    return this.#agreement.decided;
  }

  get signatures(): ReadonlyMap<Hex, Hex> {
    return this.#agreement.signatures;
  }

  get committers(): readonly Hex[] {
    return this.#agreement.committers;
  }

  get observers(): readonly Hex[] {
    return this.#agreement.observers;
  }

  /** Names of the operators that committed late. */
  get late(): readonly Hex[] {
    return this.#watch.late;
  }

  /** Names of the operators that committed in time, and do not show what to. */
  get withheld(): readonly Hex[] {
    return this.#watch.withheld(this.#agreement.unrevealed, this.#chainSeconds);
  }

  /** Whether this operator has voted or signed in the epoch, and may take part on no other closing block. */
  get isBound(): boolean {
    const { statements } = this.#dependencies;
    return statements.statements(this.epoch).some(({ kind }) => kind !== "commitment" && kind !== "observation");
  }

  /** The operators' common signature of the report that was decided. */
  get aggregate(): AggregateSignature | undefined {
    return this.#cosigner?.aggregate;
  }

  /** Whether a common signature may still come. */
  get isSigningTogether(): boolean {
    return this.#cosigner?.isHopeful ?? false;
  }

  /** Chain time since which a quorum of signatures is held, be it before a restart. */
  get quorumSince(): number | undefined {
    return this.#quorumSince;
  }

  /**
   * Says again what was said before a restart and hears again what was heard, or observes. Runs beside the agreement: others need
   * not wait for our sources. Before the caller waits for anything it tells the time: what comes from then on is judged by it.
   */
  async open(): Promise<void> {
    try {
      await this.#resume();
    } finally {
      this.#recalled.resolve(undefined); // where the disk fails, the round goes on with what it hears
    }
  }

  async #resume(): Promise<void> {
    const { window, block, set, schedule, ruleset, scoring, facts } = this.input;
    const earlier = [...this.#journal.messages];
    const inTime = earlier.slice(0, this.#journal.marked("hearing-ended")?.messages);
    this.#dependencies.evidence.saveOpening({
      window,
      reportDeadlineSeconds: schedule.closesAt - window.endSeconds,
      block: { ...block },
      set: { ...set, operators: [...set.operators], seats: [...set.seats], names: [...set.names] },
      ruleset,
      facts,
      rules: scoring.versions,
    });
    const stated = this.#dependencies.statements.statements(this.epoch);
    const { messages, committed, observed } = statedMessages(stated, (each) => this.#isAboutThis(each));
    this.#committed = committed;
    // All of them before the first wait: what peers and the chain say meanwhile must not move this operator to a second vote.
    for (const message of messages) this.#perform(this.#agreement.receive(message, false).effects);
    await this.#take(inTime, true);
    await this.#take(earlier.slice(inTime.length), false);
    // What it committed to right before it ended was never said, and is in time if it is said now.
    for (const message of messages) this.#agreement.receive(message, this.#isHearing);
    this.#recalled.resolve(undefined);
    for (const message of messages) await this.#say(message);
    for (const { kind, digest } of stated) if (kind === "report") await this.#sayReportAgain(digest);
    if (stated.length > 0) this.#logger.info({ statements: stated.length }, "continues the epoch after a restart");
    if (this.#agreement.committers.includes(this.self)) return; // also where only the journal says so: a second one would contradict it
    // An observation of a closing block that is none any more speaks for no report: without a vote, this operator may observe anew.
    if (observed === 0 || !this.isBound) await this.#observe(observed);
  }

  /** Tells the time of the chain. What the signer did not sign before is asked of it again. */
  advanceTo(chainSeconds: number): void {
    for (const say of this.#unsaid.splice(0)) this.#work = this.#work.then(say);
    this.#chainSeconds = Math.max(this.#chainSeconds, chainSeconds);
    const effects = this.#agreement.advanceTo(chainSeconds);
    if (this.#agreement.isDeaf) this.#mark("hearing-ended");
    this.#perform(effects);
    this.#cosigner?.advanceTo(this.#chainSeconds);
    this.#noteQuorum();
  }

  /** Takes messages from a peer, once those are taken that were heard before a restart. Each is believed only by its signature. */
  async take(messages: readonly SignedMessage[]): Promise<void> {
    await this.#recalled.promise;
    await this.#take(messages);
  }

  /** @param wasInTime Of messages that were heard before a restart, whether it was before hearing had ended. */
  async #take(messages: readonly SignedMessage[], wasInTime?: boolean): Promise<void> {
    const { signer, metrics } = this.#dependencies;
    for (const signed of messages) {
      if (this.#seen.has(signed.envelope) || this.#seen.size > SEEN_LIMIT) continue;
      if (signed.message.epoch !== this.epoch || !this.input.set.operators.includes(signed.message.operator)) continue;
      this.#seen.add(signed.envelope);
      if (!(await signer.isAuthentic(this.input.facts.configurationDigest, signed))) {
        metrics.rejectedMessages.inc();
        continue;
      }
      if (isCosigning(signed.message)) {
        if (this.#cosigner?.receive(signed.message) === true) this.#keep(signed);
        continue;
      }
      const { isNew, effects } = this.#agreement.receive(signed.message, wasInTime ?? this.#isHearing);
      const isLate = signed.message.kind === "commitment" && !(wasInTime ?? this.#isHearing);
      if (isLate && isNew) this.#watch.noteLate(signed.message.operator, { isRecalled: wasInTime !== undefined });
      const isEvidence = effects.some((each) => each.type === "conflict") && this.#countConflict(signed.message);
      if (isEvidence) this.#noteDoubleSigning(signed);
      if (isNew || isEvidence) this.#keep(signed);
      this.#perform(effects);
    }
    this.#noteQuorum();
  }

  /** Whether a commitment that comes now is in time. Once that was over it stays so, also where an endpoint is behind after a restart. */
  get #isHearing(): boolean {
    return !this.#agreement.isDeaf && this.#journal.marked("hearing-ended") === undefined;
  }

  /** Resolves when everything begun is done. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** The round is over; resolves when what was said in it is on the disk. */
  async close(): Promise<void> {
    this.#watch.close(this.#agreement.unrevealed, this.#chainSeconds);
    await this.idle();
    await this.#journal.close();
  }

  #countConflict({ operator, kind }: AgreementMessage): boolean {
    const key = `${operator} ${kind}`;
    const count = (this.#conflicts.get(key) ?? 0) + 1;
    this.#conflicts.set(key, count);
    return count <= CONFLICTS_KEPT;
  }

  /** Each other operator has a turn, a stage apart, so that usually only one pays. A disk that is full ends no agreement. */
  #noteDoubleSigning(second: SignedMessage): void {
    const { self, order, input } = this;
    const accusation = accusationOf(this.#messages.values(), second, { self, order, set: input.set });
    if (accusation === undefined) return;
    const { evidence, turn } = accusation;
    try {
      this.#dependencies.onDoubleSigning(evidence, this.#chainSeconds + turn * input.schedule.stageSeconds);
    } catch (err) {
      const { operator } = evidence;
      this.#logger.error({ err, operator }, `evidence of double signing is not kept: ${messageOf(err)}`);
    }
  }

  /** Evidence must not end the agreement: where the disk is full, the report still counts. */
  #keep(signed: SignedMessage): void {
    this.#messages.set(signed.envelope, signed);
    try {
      this.#journal.append(signed);
    } catch (err) {
      this.#logger.error({ err }, `a message is not kept as evidence: ${messageOf(err)}`);
    }
  }

  /** Keeps when this first was, for a restart. */
  #mark(name: MarkName): void {
    try {
      this.#journal.mark(name, this.#chainSeconds);
    } catch (err) {
      this.#logger.error({ err, mark: name }, `a moment is not kept for a restart: ${messageOf(err)}`);
    }
  }

  #isAboutThis(observation: Observation): boolean {
    return (
      observation.epoch === this.epoch &&
      observation.configuration === this.input.facts.configurationDigest &&
      observation.block.hash === this.input.block.hash
    );
  }

  async #observe(observedBefore: number): Promise<void> {
    const { library, findDocument, readSource, drawSalt, evidence, statements, metrics } = this.#dependencies;
    const { facts, window, block } = this.input;
    const definitions = await openDefinitions(library, facts.projects.definitions, this.epoch, findDocument);
    const result = await observe({ configuration: facts.configurationDigest, window, block, definitions }, readSource);
    for (const failure of result.failures) {
      const { outcome, definition, metric } = failure;
      metrics.failedReadings.inc({ outcome, definition: definition.slice(0, 10), metric });
      this.#logger.warn(failure, "a source gave no value");
    }
    evidence.saveCaptures(this.epoch, result.captures);
    const { observation } = result;
    const salt = drawSalt();
    const commitment = commitmentOf(this.self, observation, salt);
    const place = { epoch: this.epoch, operator: this.self, block: block.hash };
    const message: AgreementMessage = { kind: "commitment", ...place, commitment };
    const claim = statements.claim(this.#slot("commitment", observedBefore), commitment, {
      message,
      observation,
      salt,
    });
    if (!claim.granted) return; // another round of this process observed in the meantime, and said so
    this.#committed = { observation, salt, view: observedBefore };
    if (!this.#isHearing) this.#watch.noteLate(this.self);
    this.#perform(this.#agreement.receive(message).effects);
    await this.#say(message);
  }

  /**
   * What was heard is claimed with the observation: after a restart the operator shows the same again. After a restart before that it is what
   * it had heard before, so that it waits until it has heard that again.
   */
  async #reveal(): Promise<void> {
    await this.#recalled.promise;
    if (this.#committed === undefined) {
      this.#logger.warn("what was committed to is not in the signing database; it is not revealed");
      return;
    }
    const { observation, salt, view } = this.#committed;
    const revealed = { observation, salt, heard: this.#agreement.heard };
    const message: AgreementMessage = { kind: "observation", epoch: this.epoch, operator: this.self, ...revealed };
    const claim = this.#dependencies.statements.claim(this.#slot("observation", view), revealHash(revealed), message);
    if (!claim.granted) {
      this.#logger.error({ held: claim.held }, "the signing database refused a second reveal");
      return;
    }
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
      case "reveal":
        return this.#reveal();
      case "vote":
        return this.#vote(effect.message);
      case "decided":
        return this.#sign(effect.report);
      case "need-definition": {
        const { library, findDocument } = this.#dependencies;
        await library.load([effect.definition], findDocument);
        const { definitions, heldOut } = library.known;
        const isFound = definitions.has(effect.definition) || heldOut.has(effect.definition);
        if (isFound) this.#perform(this.#agreement.retry());
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
    const { evidence, statements, metrics } = this.#dependencies;
    const { report, manifest, tree } = evaluation;
    evidence.saveAgreed(report.epoch, agreedValues(digest, evaluation.assessments));
    evidence.saveRecord({ digest, report, manifest, leaves: tree.packed });
    const claim = statements.claim(this.#slot("report"), digest, { root: report.root, manifest: report.manifest });
    if (!claim.granted) {
      this.#logger.error({ digest, held: claim.held }, "the signing database refused a second report");
      return;
    }
    this.#logger.info(
      { digest, root: report.root, leaves: report.leafCount, scored: report.scored },
      "signs the report",
    );
    metrics.decidedRounds.inc();
    metrics.decisionSeconds.observe(Math.max(this.#chainSeconds - this.input.window.endSeconds, 0));
    await this.#sayReport(digest, report);
  }

  /** Signs once more what was signed before a restart: the same report, which stands in the disk's record of the epoch. */
  async #sayReportAgain(digest: Hex): Promise<void> {
    const head = this.#dependencies.evidence.head(this.epoch);
    if (head?.digest === digest) await this.#sayReport(digest, head.report);
    else this.#logger.warn({ digest }, "a report was signed whose leaves are not on this disk; it is not signed again");
  }

  async #sayReport(digest: Hex, report: Report): Promise<void> {
    const signature = await this.#signed(
      () => this.#dependencies.signer.signReport(digest, report),
      () => this.#sayReport(digest, report),
    );
    if (signature === undefined) return;
    const said = { epoch: this.epoch, operator: this.self, digest, report: statedReport(report), signature };
    const message: AgreementMessage = { kind: "signature", ...said };
    this.#perform(this.#agreement.receive(message).effects);
    await this.#say(message);
    this.#noteQuorum();
    this.#cosigner?.begin(digest, this.#chainSeconds);
  }

  /** What it says is sealed in the order in which it was said, behind what the agreement says. */
  #cosignerWith(dependencies: CosignerDependencies): Cosigner {
    const { epoch, self, order, input } = this;
    const { statements, metrics } = this.#dependencies;
    return new Cosigner(dependencies, {
      ...{ epoch, self, order, metrics, set: input.set, schedule: input.schedule, logger: this.#logger },
      said: this.#journal.messages.flatMap(({ message }) =>
        isCosigning(message) && message.operator === self ? [message] : [],
      ),
      hasSigned: (digest) =>
        statements.statements(epoch).some((each) => each.kind === "report" && each.digest === digest),
      say: (message) => {
        this.#work = this.#work.then(() => this.#say(message));
      },
    });
  }

  async #say(message: OperatorMessage): Promise<void> {
    const { signer, publish } = this.#dependencies;
    const signed = await this.#signed(
      () => signer.seal(this.input.facts.configurationDigest, message),
      () => this.#say(message),
    );
    if (signed === undefined) return;
    this.#seen.add(signed.envelope);
    this.#keep(signed);
    publish(this.epoch, [signed]);
  }

  /** What the signer gives; where it fails, undefined, and `again` is tried at the next look at the chain. */
  async #signed<Signed>(sign: () => Promise<Signed>, again: () => Promise<void>): Promise<Signed | undefined> {
    try {
      return await sign();
    } catch (error) {
      this.#unsaid.push(again);
      this.#dependencies.metrics.failedSignatures.inc();
      this.#logger.error({ err: error }, `the signer failed: ${messageOf(error)}`);
      return undefined;
    }
  }

  #noteQuorum(): void {
    if (this.#quorumSince !== undefined || this.signatures.size < this.input.set.quorum) return;
    this.#mark("quorum");
    this.#quorumSince = this.#journal.marked("quorum")?.chainSeconds ?? this.#chainSeconds;
  }
}
