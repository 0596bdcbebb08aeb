import type { Logger } from "pino";
import type { Outbox } from "../../chain/outbox/outbox.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import { typedCauseOf } from "../../core/errors/typed-cause.ts";
import type { Clock } from "../../core/clock.ts";
import type { Hex } from "../../core/hex.ts";
import { epochScheduleOf } from "../agreement/view-schedule.ts";
import type { SignedMessage } from "../agreement/message.ts";
import type { EpochSealer } from "../bundle/epoch-sealer.ts";
import { losesMany, type SanityBounds } from "../../org/sanity-bounds.ts";
import { configurationDigest } from "../configuration/configuration-digest.ts";
import { epochWindow, reportDuty, type EpochCalendar } from "../epochs/epoch-clock.ts";
import type { BlockReference, OracleChain, OraclePosition } from "../epochs/oracle-chain.ts";
import type { PeerClient } from "../peers/peer-client.ts";
import type { RulesetsStatus, RulesetWatch } from "../rulesets/ruleset-watch.ts";
import { decideSubmission, packSignatures } from "../submission/decide-submission.ts";
import { reportIntent, type SubmissionStatus } from "../submission/report-intent.ts";
import type { LateSignatures } from "../suspension/late-signatures.ts";
import type { Suspender } from "../suspension/suspender.ts";
import type { SignedReport } from "../submission/signed-report.ts";
import { EpochRound } from "./epoch-round.ts";
import type { RoundDependencies } from "./round-dependencies.ts";
import { isRpcFailure } from "./rpc-failure.ts";
import type { AcceptedReports } from "./accepted-reports.ts";

/** What an operator asks of another one in each round of its loop. */
export type AgreementPeer = Pick<PeerClient, "url" | "messages" | "forget">;

/** What an operator does with an {@link Outbox}: hands a report to it once. */
export interface ReportOutbox extends Pick<Outbox, "enqueue" | "tick"> {
  /** Undefined where nothing with this id was handed over. */
  status(id: string): SubmissionStatus | undefined;
}

/** Chain, peers, outbox and clock are ports, so that a simulation can bring its own. */
export interface OperatorNodeOptions {
  readonly chain: Pick<
    OracleChain,
    | "position"
    | "settledHead"
    | "isCanonical"
    | "operatorSet"
    | "closingBlock"
    | "findUnlisted"
    | "activeProjects"
    | "threshold"
  >;
  readonly calendar: EpochCalendar;
  readonly bounds: SanityBounds;
  readonly rulesets: Pick<RulesetWatch, "of" | "look" | "status">;
  readonly round: RoundDependencies;
  readonly accepted: Pick<AcceptedReports, "settle" | "accepted" | "leaves">;
  readonly sealer: Pick<EpochSealer, "settle">;
  readonly suspender: Pick<Suspender, "settle">;
  readonly late: Pick<LateSignatures, "advanceTo" | "forget" | "messages" | "take" | "gather">;
  readonly outbox: ReportOutbox;
  /** Whether reports are handed to the outbox; otherwise it is only said that they would be. */
  readonly submits: boolean;
  /** Through which it submits; the oracle itself where there is none. */
  readonly fund?: Hex | undefined;
  readonly peers: readonly AgreementPeer[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What an operator is doing. */
export interface OperatorStatus {
  readonly operator: Hex;
  readonly block: number | null;
  readonly chainSeconds: number | null;
  readonly lastAcceptedEpoch: number | null;
  readonly lastError: string | null;
  /** Whether it submits reports, rather than saying when it would. */
  readonly submits: boolean;
  readonly rulesets: RulesetsStatus;
  readonly round: {
    readonly epoch: number;
    /** Who has committed to an observation. */
    readonly committers: readonly Hex[];
    /** Whose observation is held. */
    readonly observers: readonly Hex[];
    /** Names of those whose commitment came too late to be heard. */
    readonly late: readonly Hex[];
    /** Names of those that committed in time and, the time for it being over, do not show what to. */
    readonly withheld: readonly Hex[];
    readonly digest: Hex | null;
    readonly signatures: readonly Hex[];
    readonly quorum: number;
  } | null;
}

/** The operator: looks at the chain, takes part in the epoch that is due, submits, keeps what was accepted. */
export class OperatorNode {
  readonly #options: OperatorNodeOptions;
  readonly #pulling = new Set<AgreementPeer>();
  #round: EpochRound | undefined;
  /** Of the last round that was over. */
  #closed: Promise<void> = Promise.resolve();
  #position: OraclePosition | undefined;
  #lastError: string | null = null;
  #skippedEpoch = 0;
  #withheldEpoch = 0;
  #comparedEpoch = 0;
  /** The last one before whose list of projects those of the last report were asked for by name. */
  #askedEpoch = 0;
  #tickedAtMs: number;

  constructor(options: OperatorNodeOptions) {
    this.#options = options;
    this.#tickedAtMs = options.clock.nowMs();
  }

  /** Age of the last look at the chain that succeeded. */
  sinceLastTickMs(): number {
    return this.#options.clock.nowMs() - this.#tickedAtMs;
  }

  get status(): OperatorStatus {
    const round = this.#round;
    return {
      operator: this.#options.round.signer.operator,
      block: this.#position?.block.number ?? null,
      chainSeconds: this.#position?.chainSeconds ?? null,
      lastAcceptedEpoch: this.#position?.lastEpoch ?? null,
      lastError: this.#lastError,
      submits: this.#options.submits,
      rulesets: this.#options.rulesets.status,
      round:
        round === undefined
          ? null
          : {
              epoch: round.epoch,
              committers: round.committers,
              observers: round.observers,
              late: round.late,
              withheld: round.withheld,
              digest: round.decided?.digest ?? null,
              signatures: [...round.signatures.keys()],
              quorum: round.input.set.quorum,
            },
    };
  }

  /** What this operator holds of an epoch's agreement; of one that is over, the signatures, as long as two of them are evidence. */
  messages(epoch: number): readonly SignedMessage[] {
    return this.#round?.epoch === epoch ? this.#round.messages : this.#options.late.messages(epoch);
  }

  /** The epoch's report with a quorum of signatures, as anyone may submit it; undefined where this operator has none. */
  signedReport(epoch: number): SignedReport | undefined {
    const round = this.#round;
    if (round?.epoch !== epoch || round.decided === undefined) return undefined;
    const { seats, quorum } = round.input.set;
    const packed = packSignatures(seats, round.signatures, quorum);
    return packed === undefined ? undefined : { report: round.decided.evaluation.report, ...packed };
  }

  /**
   * Takes messages that a peer sent. Of an epoch that is not due here they are dropped: they can be had again. Of one that is over, signatures
   * can be evidence.
   */
  async take(epoch: number, messages: readonly SignedMessage[]): Promise<void> {
    if (this.#round?.epoch === epoch) await this.#round.take(messages);
    else await this.#options.late.take(epoch, messages);
  }

  /** Looks, acts, pauses, until `signal` aborts. An error ends a round of the loop, not the operator. */
  async run(pollMs: number, signal: AbortSignal): Promise<void> {
    const { clock, logger, round } = this.#options;
    while (!signal.aborted) {
      try {
        await this.tick();
        this.#lastError = null;
        this.#tickedAtMs = clock.nowMs();
      } catch (thrown) {
        const error = typedCauseOf(thrown);
        round.metrics.failedTicks.inc();
        if (isRpcFailure(error)) round.metrics.rpcErrors.inc();
        this.#lastError = messageOf(error);
        const isExpected = error instanceof MandateError && error.retryable;
        logger[isExpected ? "warn" : "error"]({ err: error }, messageOf(error));
      }
      await clock.sleep(pollMs, signal);
    }
    this.#close();
    await this.#closed;
  }

  /** One round of the loop. */
  async tick(): Promise<void> {
    const { chain, calendar, outbox, accepted, late, round: dependencies } = this.#options;
    const position = await chain.position();
    this.#position = position;
    dependencies.metrics.chainSeconds.set(position.chainSeconds);
    dependencies.metrics.lastAcceptedEpoch.set(position.lastEpoch);
    late.advanceTo(position.chainSeconds);

    const duty = reportDuty(calendar, position.chainSeconds, position.lastEpoch);
    if (this.#round !== undefined && (!duty.due || this.#round.epoch !== duty.epoch)) this.#close();
    if (!duty.due && duty.reason === "deadline-passed" && this.#skippedEpoch !== duty.epoch) {
      this.#skippedEpoch = duty.epoch;
      dependencies.metrics.skippedEpochs.inc();
      this.#options.logger.warn(
        { epoch: duty.epoch },
        "the epoch's deadline has passed without a report; it is skipped",
      );
    }
    if (this.#round !== undefined && (await this.#isReplaced(this.#round))) this.#close();
    if (duty.due && this.#round === undefined) this.#round = await this.#openRound(duty.epoch, position);
    if (this.#round !== undefined) {
      this.#round.advanceTo(position.chainSeconds);
      this.#pull(this.#round);
      this.#submit(this.#round, position);
    }
    this.#options.suspender.settle(position.chainSeconds);
    await outbox.tick();
    await accepted.settle(position.lastEpoch);
    if (this.#round !== undefined) this.#compareProjects(this.#round, position.lastEpoch);
    await this.#options.sealer.settle(position);
    await this.#options.rulesets.look(position);
  }

  async #openRound(epoch: number, position: OraclePosition): Promise<EpochRound | undefined> {
    const { chain, calendar, rulesets, late, round: dependencies, logger } = this.#options;
    const window = epochWindow(calendar, epoch);
    const set = await chain.operatorSet(epoch, position.block);
    const self = dependencies.signer.operator;
    if (!set.operators.includes(self)) {
      logger.debug({ epoch, self }, "this operator is not in the set of the epoch");
      return undefined;
    }
    const followed = await rulesets.of(epoch, position.block);
    if (followed === undefined) return undefined;
    const { ruleset, scoring } = followed;
    const { settlement, vaults } = ruleset;
    // Before that its closing block, set and ruleset could still be others.
    const settled = await chain.settledHead(settlement);
    if (settled.chainSeconds < window.endSeconds) return undefined;
    const block = await chain.closingBlock(calendar, epoch, settled.number);
    await this.#findUnlisted(epoch, block, vaults, position.lastEpoch);
    const [projects, threshold] = await Promise.all([
      chain.activeProjects(block, vaults),
      chain.threshold(position.block),
    ]);
    const { chainId, verifyingContract: oracle } = dependencies.place;
    const { configuration, operators, quorum, faults } = set;
    const digest = configurationDigest({
      ...{ chainId, oracle, configuration, operators, quorum },
      ruleset: followed.hash,
      versions: scoring.versions,
    });
    const round = new EpochRound(dependencies, {
      window,
      block,
      set,
      schedule: epochScheduleOf({ ...calendar, endSeconds: window.endSeconds, settlement, set }),
      ruleset,
      scoring,
      facts: { epoch, configuration, configurationDigest: digest, faults, threshold, projects },
    });
    // An endpoint that falls back behind the epoch's end and recovers opens a second round, which holds nothing yet.
    for (const peer of this.#options.peers) peer.forget();
    late.forget(epoch);
    late.gather(epoch);
    logger.info({ epoch, block: block.number, projects: projects.length }, "the epoch has closed");
    round
      .open()
      .catch((error: unknown) => logger.error({ err: error, epoch }, `observing failed: ${messageOf(error)}`));
    round.advanceTo(position.chainSeconds); // before anything is waited for: what comes now may be late
    return round;
  }

  /** Endpoints that leave out logs must not make this operator sign away a project that a report had, and that the vault still has. */
  async #findUnlisted(epoch: number, block: BlockReference, vaults: readonly Hex[], lastEpoch: number): Promise<void> {
    const { chain, accepted, logger, round } = this.#options;
    const reported = accepted.leaves(lastEpoch);
    if (reported === undefined) return;
    const unlisted = await chain.findUnlisted(block, vaults, reported);
    this.#askedEpoch = epoch;
    if (unlisted === 0) return;
    round.metrics.unlistedProjects.inc(unlisted);
    logger.error(
      { epoch, unlisted },
      `the endpoints' logs leave out ${unlisted} projects of the last report, which the vaults have; they are read all the same`,
    );
  }

  /**
   * Says it, once an epoch, where the list of projects is so much shorter than the last report that the oracle will trip by it. Where each that
   * is gone was asked for by name it has ended; where the last report's leaves are not here, endpoints may leave some out.
   */
  #compareProjects({ epoch, input }: EpochRound, lastEpoch: number): void {
    const { accepted, bounds, logger, round } = this.#options;
    const before = accepted.accepted(lastEpoch)?.leafCount;
    if (before === undefined || this.#comparedEpoch === epoch) return;
    this.#comparedEpoch = epoch;
    const { length: projects } = input.facts.projects;
    const isShort = losesMany(bounds, before, projects);
    round.metrics.missingProjects.set(isShort ? before - projects : 0);
    if (!isShort) return;
    const isAsked = this.#askedEpoch === epoch;
    logger.error(
      { epoch, projects, before, isAsked },
      `only ${projects} of ${before} projects are left since the last report, which trips the oracle: ${isAsked ? "the vaults say of each that is gone that it is not scored any more" : "compare the chain's endpoints"}`,
    );
  }

  /**
   * Whether a reorganization replaced the round's closing block while nothing but observations binds this operator to it. With a
   * vote it stays: what it helped to decide on the old block must not be contradicted.
   */
  async #isReplaced(round: EpochRound): Promise<boolean> {
    if (round.isBound || (await this.#options.chain.isCanonical(round.input.block))) return false;
    this.#options.logger.warn({ epoch: round.epoch, block: round.input.block }, "the closing block was replaced");
    return true;
  }

  #pull(round: EpochRound): void {
    for (const peer of this.#options.peers) {
      if (this.#pulling.has(peer)) continue; // a slow peer is asked once at a time
      this.#pulling.add(peer);
      void peer
        .messages(round.epoch)
        .then((answer) => (answer.ok ? round.take(answer.value) : undefined))
        .catch((error: unknown) => this.#options.logger.error({ err: error, peer: peer.url }, messageOf(error)))
        .finally(() => this.#pulling.delete(peer));
    }
  }

  #submit(round: EpochRound, position: OraclePosition): void {
    const { outbox, submits, logger, round: dependencies } = this.#options;
    const { set, schedule } = round.input;
    const { decided, signatures, quorumSince } = round;
    dependencies.metrics.signatures.set(signatures.size);
    if (decided === undefined || quorumSince === undefined) return;
    const place = round.order.filter((operator) => signatures.has(operator)).indexOf(round.self);
    const decision = decideSubmission({
      chainSeconds: position.chainSeconds,
      closesAt: schedule.closesAt,
      isAccepted: position.lastEpoch >= round.epoch,
      signatures: signatures.size,
      quorum: set.quorum,
      quorumSince,
      position: place === -1 ? undefined : place,
      stageSeconds: schedule.stageSeconds,
      faults: set.faults,
      aggregate: round.aggregate !== undefined ? "held" : round.isSigningTogether ? "awaited" : "none",
    });
    if (!decision.submit) return;
    if (!submits) {
      if (this.#withheldEpoch === round.epoch) return;
      this.#withheldEpoch = round.epoch;
      dependencies.metrics.submissions.inc({ result: "withheld" });
      logger.info({ epoch: round.epoch, reason: decision.reason }, "would submit the report; `submit` is false");
      return;
    }
    const signed = this.signedReport(round.epoch);
    if (signed === undefined) return;
    const next = reportIntent({
      oracle: dependencies.place.verifyingContract,
      fund: this.#options.fund,
      signed,
      aggregate: round.aggregate,
      statusOf: (id) => outbox.status(id),
      closesAt: schedule.closesAt,
    });
    if (next === undefined) return;
    const { intent, isAggregate } = next;
    logger.info({ epoch: round.epoch, reason: decision.reason, isAggregate }, "submits the report");
    dependencies.metrics.submissions.inc({ result: "handed-over" });
    if (isAggregate) dependencies.metrics.aggregateSubmissions.inc();
    outbox.enqueue(intent);
  }

  /** Nobody waits for a round that is over: what it still does may ask peers that do not answer. */
  #close(): void {
    const round = this.#round;
    if (round === undefined) return;
    this.#round = undefined;
    this.#options.late.forget(round.epoch);
    this.#closed = round
      .close()
      .catch((error: unknown) => this.#options.logger.error({ err: error, epoch: round.epoch }, messageOf(error)));
  }
}
