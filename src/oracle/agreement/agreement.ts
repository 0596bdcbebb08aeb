import type { Hex } from "../../core/hex.ts";
import type { EpochEvaluation, IncludedObservation } from "../scoring/evaluate-epoch.ts";
import type { Heard } from "../observations/reveal.ts";
import { inclusionKey, Ledger, type Certificate, type Conflict } from "./ledger.ts";
import type { AgreementMessage, Inclusion, MessageOf } from "./message.ts";
import type { HeldReveal } from "./observation-ledger.ts";
import { proposesAt, revealsAt, viewAt, type ViewSchedule } from "./view-schedule.ts";

/** A report with everything that it was computed from. */
export interface EvaluatedReport {
  readonly digest: Hex;
  readonly evaluation: Extract<EpochEvaluation, { readonly ok: true }>;
}

export type InclusionEvaluation =
  | { readonly ok: true; readonly evaluated: EvaluatedReport }
  | { readonly ok: false; readonly reason: "definition-unknown"; readonly definition: Hex };

export interface AgreementContext {
  readonly epoch: number;
  /** This operator; lower case, like all addresses here. */
  readonly self: Hex;
  readonly operators: readonly Hex[];
  readonly faults: number;
  readonly quorum: number;
  /** Who proposes in view v: `order[v mod n]`. */
  readonly order: readonly Hex[];
  readonly schedule: ViewSchedule;
  /** Whether an observation, or a commitment to one, is about this epoch, configuration and closing block. */
  readonly accepts: (message: MessageOf<"commitment"> | MessageOf<"observation">) => boolean;
  /** The outcome function, and the EIP-712 digest of its report. Pure. */
  readonly evaluate: (included: readonly IncludedObservation[]) => InclusionEvaluation;
}

export type Vote = MessageOf<"proposal"> | MessageOf<"prepare"> | MessageOf<"commit">;

/** What the caller must do. A `vote` or a reveal is made durable before it leaves, so that a restart cannot contradict it. */
export type AgreementEffect =
  /** It is time to show the observation that this operator committed to, with what it heard ({@link Agreement.heard}). */
  | { readonly type: "reveal" }
  | { readonly type: "vote"; readonly message: Vote }
  | { readonly type: "decided"; readonly report: EvaluatedReport }
  | { readonly type: "need-definition"; readonly definition: Hex }
  | { readonly type: "conflict"; readonly conflict: Conflict };

export interface Received {
  /** Whether the message said something new, and is worth keeping and relaying. */
  readonly isNew: boolean;
  readonly effects: readonly AgreementEffect[];
}

/**
 * Agreement of operators on one report for one epoch, of whom at most f = ⌊(n−1)/3⌋ lie and any may be slow, restart or
 * lose messages. No clock, no network, no keys: messages are authenticated before they come here.
 *
 *   commitment ── all, or after a time 2f+1 ─▶ observation (with what was heard) ── all, or after a time 2f+1 heard ─▶ proposal(0)
 *
 *   proposal(view) ─▶ prepare(view, digest) ── quorum ─▶ commit(view, digest) ── quorum ─▶ decided ─▶ signature
 *        ▲                                     (lock)                                        (once per epoch)
 *        └── the next view's proposer proposes the digest again that it knows a lock on
 *
 * Safety: an operator that knows a certificate (a quorum of prepares) prepares nothing else in later views unless it sees
 * a certificate of a higher view, and commits only in the view in which it is. Two quorums share an honest operator, so that two
 * digests are never both decided, and no honest operator signs two reports. Liveness: once messages arrive within a
 * stage, the first honest proposer that knows the highest lock ends the agreement.
 */
export class Agreement {
  readonly #context: AgreementContext;
  readonly #ledger = new Ledger();
  readonly #evaluations = new Map<string, EvaluatedReport>();
  readonly #reports = new Map<Hex, EvaluatedReport>();
  /** The first commitment of each operator that came in time. */
  readonly #heard = new Map<Hex, Hex>();
  #hasRevealed = false;
  #chainSeconds = 0;
  #decided: EvaluatedReport | undefined;

  constructor(context: AgreementContext) {
    this.#context = context;
  }

  /** The report that was decided. */
  get decided(): EvaluatedReport | undefined {
    return this.#decided;
  }

  /** Operators that have committed to an observation, as far as is known. */
  get committers(): readonly Hex[] {
    return [...this.#ledger.observations.committers()];
  }

  /** Operators whose observation is held. */
  get observers(): readonly Hex[] {
    return this.#ledger.observations.consistentReveals().map(({ message }) => message.operator);
  }

  /** Commitments that came in time, ascending by operator: what this operator's reveal says that it heard. */
  get heard(): Heard {
    return [...this.#heard]
      .map(([operator, commitment]) => ({ operator, commitment }))
      .sort((a, b) => (a.operator < b.operator ? -1 : 1)); // operators are distinct
  }

  /** Operators that have committed, and of which no observation is held, not even one that contradicts another. */
  get unrevealed(): readonly Hex[] {
    return this.committers.filter((each) => !this.#ledger.observations.hasRevealed(each));
  }

  /** Whether a commitment that comes now is late. */
  get isDeaf(): boolean {
    const { opensAt, commitSeconds } = this.#context.schedule;
    return this.#chainSeconds >= opensAt + commitSeconds;
  }

  get signatures(): ReadonlyMap<Hex, Hex> {
    return this.#decided === undefined ? new Map() : this.#ledger.signaturesOf(this.#decided.digest);
  }

  /** Tells the time of the chain. Time never runs back here, even where a reorganization turns the chain's back. */
  advanceTo(chainSeconds: number): readonly AgreementEffect[] {
    this.#chainSeconds = Math.max(this.#chainSeconds, chainSeconds);
    return this.#advance();
  }

  /**
   * Takes an authenticated message, a peer's or one of this operator's own that was stored before a restart.
   * @param isInTime Whether a commitment counts as heard: by the time that was told last, or, after a restart, by when it came before it.
   */
  receive(message: AgreementMessage, isInTime = !this.isDeaf): Received {
    if (!this.#concernsThis(message)) return { isNew: false, effects: [] };
    const recorded = this.#ledger.record(message);
    const isHeard = isInTime && message.kind === "commitment" && recorded.status !== "surplus";
    if (isHeard && !this.#heard.has(message.operator)) this.#heard.set(message.operator, message.commitment);
    if (recorded.status === "known" || recorded.status === "surplus") return { isNew: false, effects: [] };
    const effects: AgreementEffect[] =
      recorded.status === "conflict" ? [{ type: "conflict", conflict: recorded.conflict }] : [];
    // A second reveal may be the one that a proposal names; any other second statement is only evidence.
    const isNew = recorded.status === "new" || message.kind === "observation";
    if (isNew) effects.push(...this.#advance());
    return { isNew, effects };
  }

  /** Tries again after a definition was found. */
  retry(): readonly AgreementEffect[] {
    return this.#advance();
  }

  #concernsThis(message: AgreementMessage): boolean {
    const { epoch, operators, order, accepts } = this.#context;
    if (message.epoch !== epoch || !operators.includes(message.operator)) return false;
    if (message.kind === "commitment" || message.kind === "observation") return accepts(message);
    if (message.kind === "signature") return true;
    if (message.view > this.#lastView()) return false;
    return message.kind !== "proposal" || order[message.view % order.length] === message.operator;
  }

  #lastView(): number {
    const at = viewAt(this.#context.schedule, this.#context.schedule.closesAt - 1);
    return at.open ? at.view : 0;
  }

  #advance(): readonly AgreementEffect[] {
    const effects: AgreementEffect[] = [];
    const emit = (message: Vote): void => {
      this.#ledger.record(message);
      effects.push({ type: "vote", message });
    };
    const at = viewAt(this.#context.schedule, this.#chainSeconds);
    if (at.open) {
      this.#reveal(effects);
      const view = Math.max(at.view, this.#ledger.highestViewOf(this.#context.self));
      const lock = this.#ledger.highestCertificate(this.#context.quorum, this.#context.self);
      this.#propose(view, lock, emit, effects);
      this.#prepare(view, lock, emit, effects);
      this.#commit(view, emit, effects);
    }
    this.#decide(effects);
    return effects;
  }

  #propose(
    view: number,
    lock: Certificate | undefined,
    emit: (message: Vote) => void,
    effects: AgreementEffect[],
  ): void {
    const { self, order, epoch } = this.#context;
    if (order[view % order.length] !== self || this.#ledger.proposal(view) !== undefined) return;
    const inclusion = lock === undefined ? this.#freshInclusion(view) : this.#inclusionOf(lock.digest);
    if (inclusion === undefined) return;
    const evaluated = this.#evaluate(inclusion, effects); // after a restart it may have none of the definitions
    if (evaluated === undefined) return;
    emit({ kind: "proposal", epoch, operator: self, view, inclusion, digest: evaluated.digest });
  }

  /** Once it holds everybody's commitment, or in the time for it those of 2f + 1: then f + 1 honest ones are bound. */
  #reveal(effects: AgreementEffect[]): void {
    const { self, operators, faults, schedule } = this.#context;
    const { observations } = this.#ledger;
    const isMade = this.#hasRevealed || observations.hasRevealed(self);
    if (isMade || observations.committedBy(self).size === 0) return;
    const needed = this.#chainSeconds < revealsAt(schedule) ? operators.length : 2 * faults + 1;
    if (observations.committers().size < needed) return;
    this.#hasRevealed = true;
    effects.push({ type: "reveal" });
  }

  /** All that were heard in time and, in later views, all others too: at least 2f+1. The first proposer waits for who may still reveal. */
  #freshInclusion(view: number): Inclusion | undefined {
    const { operators, faults, schedule } = this.#context;
    const { observations } = this.#ledger;
    const expected = this.#chainSeconds < revealsAt(schedule) ? operators : observations.committers();
    const isTime = view > 0 || this.#chainSeconds >= proposesAt(schedule);
    if (!isTime && !observations.isComplete(expected)) return undefined;
    const held = observations.consistentReveals();
    const included = view < schedule.strictViews ? observations.heardInTime(held, faults) : held;
    if (included.length < 2 * faults + 1) return undefined;
    return included.map(({ message, hash }) => ({ operator: message.operator, observation: hash }));
  }

  #inclusionOf(digest: Hex): Inclusion | undefined {
    for (const proposal of this.#ledger.proposals()) if (proposal.digest === digest) return proposal.inclusion;
    return undefined;
  }

  #prepare(
    view: number,
    lock: Certificate | undefined,
    emit: (message: Vote) => void,
    effects: AgreementEffect[],
  ): void {
    const { self, epoch } = this.#context;
    const proposal = this.#ledger.proposal(view);
    if (proposal === undefined || this.#ledger.vote("prepare", view, self) !== undefined) return;
    if (lock !== undefined && lock.digest !== proposal.digest) return;
    if (!this.#isAdmissible(proposal.inclusion, view)) return;
    if (this.#evaluate(proposal.inclusion, effects)?.digest !== proposal.digest) return;
    emit({ kind: "prepare", epoch, operator: self, view, digest: proposal.digest });
  }

  /** Only in the view in which this operator is: a late commit could add up to a decision that later views do not know of. */
  #commit(view: number, emit: (message: Vote) => void, effects: AgreementEffect[]): void {
    const { self, epoch, quorum } = this.#context;
    const digest = this.#ledger.preparedIn(view, quorum);
    if (digest === undefined || this.#ledger.vote("commit", view, self) !== undefined) return;
    if (this.#reportOf(digest, effects) === undefined) return; // commits only what it holds every leaf of
    emit({ kind: "commit", epoch, operator: self, view, digest });
  }

  #decide(effects: AgreementEffect[]): void {
    if (this.#decided !== undefined) return;
    const digest = this.#ledger.decidedDigest(this.#context.quorum, this.#context.faults);
    if (digest === undefined) return;
    const report = this.#reportOf(digest, effects);
    if (report === undefined) return;
    this.#decided = report;
    effects.push({ type: "decided", report });
  }

  #reportOf(digest: Hex, effects: AgreementEffect[]): EvaluatedReport | undefined {
    const known = this.#reports.get(digest);
    if (known !== undefined) return known;
    for (const proposal of this.#ledger.proposals()) {
      if (proposal.digest === digest) this.#evaluate(proposal.inclusion, effects);
    }
    return this.#reports.get(digest);
  }

  /** The report of an inclusion set, or undefined while it is invalid or something that it needs has not arrived. */
  #evaluate(inclusion: Inclusion, effects: AgreementEffect[]): EvaluatedReport | undefined {
    const key = inclusionKey(inclusion);
    const known = this.#evaluations.get(key);
    if (known !== undefined) return known;
    const included = this.#included(inclusion);
    if (included === undefined) return undefined;
    const result = this.#context.evaluate(included);
    if (!result.ok) {
      effects.push({ type: "need-definition", definition: result.definition });
      return undefined;
    }
    this.#evaluations.set(key, result.evaluated);
    this.#reports.set(result.evaluated.digest, result.evaluated);
    return result.evaluated;
  }

  /**
   * Whether a view may be asked to prepare the set: in strict views, where each observation in it was heard in time. What one view may, later
   * ones may as well, so that a set on which there is a lock can be proposed again.
   */
  #isAdmissible(inclusion: Inclusion, view: number): boolean {
    const { schedule, faults } = this.#context;
    if (view >= schedule.strictViews) return true;
    const reveals = this.#revealsIn(inclusion) ?? [];
    return reveals.length > 0 && this.#ledger.observations.heardInTime(reveals, faults).length === reveals.length;
  }

  #included(inclusion: Inclusion): readonly IncludedObservation[] | undefined {
    if (inclusion.length < 2 * this.#context.faults + 1) return undefined;
    return this.#revealsIn(inclusion)?.map(({ message, hash }) => ({
      operator: message.operator,
      hash,
      observation: message.observation,
    }));
  }

  /** What an inclusion set names, where all of it is held and it names operators once, in ascending order. */
  #revealsIn(inclusion: Inclusion): readonly HeldReveal[] | undefined {
    const reveals: HeldReveal[] = [];
    let previous = "";
    for (const { operator, observation: hash } of inclusion) {
      if (operator <= previous || !this.#context.operators.includes(operator)) return undefined;
      const reveal = this.#ledger.observations.reveal(operator, hash);
      if (reveal === undefined) return undefined;
      reveals.push(reveal);
      previous = operator;
    }
    return reveals;
  }
}
