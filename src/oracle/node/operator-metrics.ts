import { Counter, Gauge, Registry } from "prom-client";

/** What an operator exposes at `/metrics`. */
export interface OperatorMetrics {
  readonly registry: Registry;
  readonly lastAcceptedEpoch: Gauge;
  readonly chainSeconds: Gauge;
  readonly signatures: Gauge;
  readonly gasBalanceEther: Gauge;
  readonly outboxAlerts: Gauge<"type">;
  readonly failedReadings: Counter<"outcome">;
  readonly rejectedMessages: Counter;
  readonly conflicts: Counter;
  readonly skippedEpochs: Counter;
  readonly failedTicks: Counter;
  readonly rpcDisagreements: Counter<"endpoint">;
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
    gasBalanceEther: gauge("gas_balance_ether", "coin of the account that pays for submissions"),
    outboxAlerts: new Gauge({
      name: "mandate_oracle_outbox_alert",
      help: "1 while something keeps transactions from being sent",
      labelNames: ["type"],
      registers,
    }),
    failedReadings: new Counter({
      name: "mandate_oracle_failed_readings_total",
      help: "sources that gave no value",
      labelNames: ["outcome"],
      registers,
    }),
    rejectedMessages: counter("rejected_messages", "messages whose signature was not the sender's"),
    conflicts: counter("conflicts", "contradictions of operators that were seen"),
    skippedEpochs: counter("skipped_epochs", "epochs whose deadline passed without a report"),
    failedTicks: counter("failed_ticks", "rounds of the loop that ended with an error"),
    rpcDisagreements: new Counter({
      name: "mandate_oracle_rpc_disagreements_total",
      help: "answers of an endpoint that contradict those of the quorum",
      labelNames: ["endpoint"],
      registers,
    }),
  };
}
