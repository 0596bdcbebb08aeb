import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What an operator exposes at `/metrics`. */
export interface OperatorMetrics {
  readonly registry: Registry;
  readonly lastAcceptedEpoch: Gauge;
  readonly chainSeconds: Gauge;
  readonly signatures: Gauge;
  readonly decidedRounds: Counter;
  readonly decisionSeconds: Histogram;
  readonly failedReadings: Counter<"outcome" | "definition" | "metric">;
  /** What became of reports that it was this operator's turn to submit. */
  readonly submissions: Counter<"result">;
  readonly submits: Gauge;
  readonly rejectedMessages: Counter;
  /** Commitments that came when this operator counted none as heard in time any more, by the name of who committed. */
  readonly lateCommitments: Counter<"operator">;
  /** Rounds that ended without the observation of an operator that had committed in time. */
  readonly withheldReveals: Counter<"operator">;
  readonly conflicts: Counter;
  /** What became of evidence that an operator signed two reports of an epoch. */
  readonly suspensions: Counter<"result">;
  /** 1 where a ruleset cannot be followed: of the epoch that is due, of the running one, or a scheduled one. */
  readonly rulesetProblem: Gauge<"of">;
  readonly skippedEpochs: Counter;
  /** Projects that the running epoch's list lacks, where that are more than the oracle takes without tripping. */
  readonly missingProjects: Gauge;
  /** Projects of the last report that the endpoints' logs leave out, and that a vault has. */
  readonly unlistedProjects: Counter;
  readonly failedTicks: Counter;
  readonly rpcErrors: Counter;
  readonly failedSignatures: Counter;
  readonly rpcDisagreements: Counter<"endpoint">;
  /** Attempts of the operators to sign a report together. */
  readonly cosigningAttempts: Counter<"result">;
  readonly badShares: Counter;
  readonly aggregateSubmissions: Counter;
}

/** Metrics in a registry of their own, so that several operators can live in one process. */
export function createOperatorMetrics(): OperatorMetrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `mandate_oracle_${name}`, help, registers });
  const counter = (name: string, help: string): Counter =>
    new Counter({ name: `mandate_oracle_${name}_total`, help, registers });
  return {
    registry,
    lastAcceptedEpoch: gauge("last_accepted_epoch", "epoch of the last accepted report"),
    chainSeconds: gauge("chain_seconds", "time of the latest block, seconds since the Unix epoch"),
    signatures: gauge("signatures", "signatures of the running epoch's report that are held"),
    decidedRounds: counter("decided_rounds", "epochs whose report this operator has agreed on and signed"),
    decisionSeconds: new Histogram({
      name: "mandate_oracle_decision_seconds",
      help: "chain time from an epoch's end until its report was agreed on and signed",
      buckets: [5, 10, 20, 40, 60, 120, 240, 480, 960, 1_920, 3_840],
      registers,
    }),
    failedReadings: new Counter({
      name: "mandate_oracle_failed_readings_total",
      help: "sources that gave no value",
      labelNames: ["outcome", "definition", "metric"],
      registers,
    }),
    submissions: new Counter({
      name: "mandate_oracle_submissions_total",
      help: "reports handed to the outbox, or withheld because `submit` is false",
      labelNames: ["result"],
      registers,
    }),
    submits: gauge("submits", "1 where reports are submitted, 0 in a dry run"),
    rejectedMessages: counter("rejected_messages", "messages whose signature was not the sender's"),
    lateCommitments: new Counter({
      name: "mandate_oracle_late_commitments_total",
      help: "commitments of operators to their observations that came too late to be heard",
      labelNames: ["operator"],
      registers,
    }),
    withheldReveals: new Counter({
      name: "mandate_oracle_withheld_reveals_total",
      help: "rounds that ended without the observation of an operator that had committed to one in time",
      labelNames: ["operator"],
      registers,
    }),
    conflicts: counter("conflicts", "contradictions of operators that were seen"),
    suspensions: new Counter({
      name: "mandate_oracle_suspensions_total",
      help: "operators that signed two reports of an epoch: calls handed to the outbox, or withheld because `submit` is false",
      labelNames: ["result"],
      registers,
    }),
    rulesetProblem: new Gauge({
      name: "mandate_oracle_ruleset_problem",
      help: "1 where this operator cannot follow the ruleset that the chain names: of the epoch that is due, of the running one, or a scheduled one",
      labelNames: ["of"],
      registers,
    }),
    skippedEpochs: counter("skipped_epochs", "epochs whose deadline passed without a report"),
    missingProjects: gauge(
      "missing_projects",
      "projects by which the epoch's list is shorter than the last report, where the oracle would trip by it, else 0",
    ),
    unlistedProjects: counter(
      "unlisted_projects",
      "projects of the last report that the endpoints' logs leave out, and that a vault has",
    ),
    failedTicks: counter("failed_ticks", "rounds of the loop that ended with an error"),
    rpcErrors: counter(
      "rpc_errors",
      "rounds of the loop and readings of the balance that the chain's endpoint let fail",
    ),
    failedSignatures: counter("failed_signatures", "times that the signer of messages and reports gave no signature"),
    rpcDisagreements: new Counter({
      name: "mandate_oracle_rpc_disagreements_total",
      help: "answers of an endpoint that contradict those of the quorum",
      labelNames: ["endpoint"],
      registers,
    }),
    cosigningAttempts: new Counter({
      name: "mandate_oracle_cosigning_attempts_total",
      help: "attempts of the operators to sign a report together, as this operator saw them end",
      labelNames: ["result"],
      registers,
    }),
    badShares: counter("bad_shares", "shares of operators in a common signature that were wrong"),
    aggregateSubmissions: counter("aggregate_submissions", "common signatures of a report handed to the outbox"),
  };
}
