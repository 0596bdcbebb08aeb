/** Four operators of a real chain, and one project whose source answers something else each time that it is asked. */
import {
  operatorNames,
  serveText,
  startOracleNetwork,
  type OperatorName,
  type OperatorProcess,
  type OracleNetwork,
} from "../../test/support/oracle-network.ts";

/** The chain's clock is moved to each epoch's end: its length costs no time. */
const EPOCH_SECONDS = 120;

const POLL_MS = 150;

/** The chain of a soak never reorganizes: a block on top is enough, and a second less to wait in each epoch. */
export const settlement = { block: { confirmations: 1 }, seconds: 0 };

export interface SoakStage {
  readonly network: OracleNetwork;
  readonly operators: Map<OperatorName, OperatorProcess>;
  /** All lines that any process of an operator logged. */
  readonly logs: readonly (readonly string[])[];
  start(name: OperatorName, launch?: Parameters<OracleNetwork["start"]>[2]): Promise<OperatorProcess>;
  stop(): Promise<void>;
}

export interface SoakStageOptions {
  /** Six stages of agreement: what an epoch costs in which a proposer or a submitter is away. */
  readonly reportDeadlineSeconds: number;
  /** Those that run from the beginning; all where none is named. */
  readonly running?: readonly OperatorName[];
  /** Those that submit reports; all where none is named. */
  readonly submitting?: readonly OperatorName[];
}

/** Starts it; when this resolves, the operators have their seats and the running epoch is theirs to report. */
export async function startSoakStage({
  reportDeadlineSeconds,
  running = operatorNames,
  submitting = operatorNames,
}: SoakStageOptions): Promise<SoakStage> {
  let asked = 0;
  // Whoever measures again after a kill sees another value than it stated: a second statement could not be the first by chance.
  const source = await serveText(() => JSON.stringify({ served: (asked += 1) }));
  const network = await startOracleNetwork(
    { hosts: [source.host], repositories: {} },
    { epochSeconds: EPOCH_SECONDS, reportDeadlineSeconds },
    { settlement },
  );
  const operators = new Map<OperatorName, OperatorProcess>();
  const logs: (readonly string[])[] = [];
  const stage: SoakStage = {
    network,
    operators,
    logs,
    async start(name, launch = {}) {
      const operator = await network.start(
        name,
        { pollMs: POLL_MS, submit: submitting.includes(name) },
        {
          ...launch,
          onSpawn: (spawned) => {
            logs.push(spawned.log);
            launch.onSpawn?.(spawned);
          },
        },
      );
      operators.set(name, operator);
      return operator;
    },
    async stop() {
      await network.stop();
      source.server.close();
    },
  };
  try {
    await network.openProject(definitionOf(source.url));
    await Promise.all(running.map((name) => stage.start(name)));
    // The operators' set signs from the epoch after the one in which it was scheduled.
    await network.jumpTo(await network.endOf(await network.runningEpoch()));
    return stage;
  } catch (error) {
    await stage.stop();
    throw error;
  }
}

function definitionOf(url: string): unknown {
  const one = "1000000000000000000";
  const metric = {
    name: "served",
    source: { kind: "http-json", url, pointer: "/served" },
    decimals: 0,
    floor: "0",
    ceiling: "1000",
    weight: one,
    onFailure: { unreachable: "missing", declined: "refused" },
  };
  return {
    kind: "mandate.score-definition/1",
    title: "counts how often it was asked",
    dimensions: [{ name: "only", weight: one, metrics: [metric] }],
  };
}
