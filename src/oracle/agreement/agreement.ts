import type { Hex } from "../../core/hex.ts";
import type { EpochEvaluation, IncludedObservation } from "../scoring/evaluate-epoch.ts";
import { inclusionKey, Ledger, type Certificate, type Conflict } from "./ledger.ts";
import type { AgreementMessage, Inclusion, MessageOf } from "./message.ts";
import { viewAt, type ViewSchedule } from "./view-schedule.ts";

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
  /** Whether an observation is about this epoch, configuration and closing block. */
  readonly accepts: (message: MessageOf<"observation">) => boolean;
  /** The outcome function, and the EIP-712 digest of its report. Pure. */
  readonly evaluate: (included: readonly IncludedObservation[]) => InclusionEvaluation;
}

export type Vote = MessageOf<"proposal"> | MessageOf<"prepare"> | MessageOf<"commit">;

/** What the caller must do. A `vote` is made durable before it leaves, so that a restart cannot contradict it. */
export type AgreementEffect =
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
  #chainSeconds = 0;
  #decided: EvaluatedReport | undefined;

  constructor(context: AgreementContext) {
    this.#context = context;
  }

  /** The report that was decided. */
  get decided(): EvaluatedReport | undefined {
    return this.#decided;
  }

  /** Operators whose observation is held. */
  get observers(): readonly Hex[] {
    return [...this.#ledger.consistentObservations().keys()];
  }

  get signatures(): ReadonlyMap<Hex, Hex> {
    return this.#decided === undefined ? new Map() : this.#ledger.signaturesOf(this.#decided.digest);
  }

  /** Tells the time of the chain. Time never runs back here, even where a reorganization turns the chain's back. */
  advanceTo(chainSeconds: number): readonly AgreementEffect[] {
    this.#chainSeconds = Math.max(this.#chainSeconds, chainSeconds);
    return this.#advance();
  }

  /** Takes an authenticated message, a peer's or one of this operator's own that was stored before a restart. */
  receive(message: AgreementMessage): Received {
    if (!this.#isAdmissible(message)) return { isNew: false, effects: [] };
    const recorded = this.#ledger.record(message);
    if (recorded.status === "known" || recorded.status === "surplus") return { isNew: false, effects: [] };
    const effects: AgreementEffect[] =
      recorded.status === "conflict" ? [{ type: "conflict", conflict: recorded.conflict }] : [];
    // A second observation may be the one that a proposal names; any other second statement is only evidence.
    const isNew = recorded.status === "new" || message.kind === "observation";
    if (isNew) effects.push(...this.#advance());
    return { isNew, effects };
  }

  /** Tries again after a definition was found. */
  retry(): readonly AgreementEffect[] {
    return this.#advance();
  }

  #isAdmissible(message: AgreementMessage): boolean {
    const { epoch, operators, order, accepts } = this.#context;
    if (message.epoch !== epoch || !operators.includes(message.operator)) return false;
    if (message.kind === "observation") return accepts(message);
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
      const view = Math.max(at.view, this.#ledger.highestViewOf(this.#context.self));
      const lock = this.#ledger.highestCertificate(this.#context.quorum, this.#context.self);
      this.#propose(view, lock, emit);
      this.#prepare(view, lock, emit, effects);
      this.#commit(view, emit, effects);
    }
    this.#decide(effects);
    return effects;
  }

  #propose(view: number, lock: Certificate | undefined, emit: (message: Vote) => void): void {
    const { self, order, epoch } = this.#context;
    if (order[view % order.length] !== self || this.#ledger.proposal(view) !== undefined) return;
    const inclusion = lock === undefined ? this.#freshInclusion(view) : this.#inclusionOf(lock.digest);
    if (inclusion === undefined) return;
    const evaluated = this.#evaluate(inclusion, []);
    if (evaluated === undefined) return;
    emit({ kind: "proposal", epoch, operator: self, view, inclusion, digest: evaluated.digest });
  }

  /** Everybody's observation, or after the observation time at least 2f+1. */
  #freshInclusion(view: number): Inclusion | undefined {
    const { operators, faults, schedule } = this.#context;
    const observations = this.#ledger.consistentObservations();
    const mayStillCome = view === 0 && this.#chainSeconds < schedule.opensAt + schedule.observeSeconds;
    if (observations.size < (mayStillCome ? operators.length : 2 * faults + 1)) return undefined;
    return [...observations]
      .map(([operator, observation]) => ({ operator, observation }))
      .sort((a, b) => (a.operator < b.operator ? -1 : 1)); // operators are distinct
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

  #included(inclusion: Inclusion): readonly IncludedObservation[] | undefined {
    const { operators, faults } = this.#context;
    if (inclusion.length < 2 * faults + 1) return undefined;
    const included: IncludedObservation[] = [];
    let previous = "";
    for (const { operator, observation: hash } of inclusion) {
      if (operator <= previous || !operators.includes(operator)) return undefined;
      const observation = this.#ledger.observation(operator, hash);
      if (observation === undefined) return undefined;
      included.push({ operator, hash, observation });
      previous = operator;
    }
    return included;
  }
}
