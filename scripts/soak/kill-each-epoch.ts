import { SeededRandom } from "../../src/core/seeded-random.ts";
import { systemClock } from "../../src/core/clock.ts";
import { operatorNames, type OperatorName } from "../../test/support/oracle-network.ts";
import { outcomeOf } from "./epoch-outcome.ts";
import type { SoakStage } from "./soak-stage.ts";

/** Kills fall into these milliseconds after an epoch's end: about as long as operators need from there to an accepted report. */
const KILL_WITHIN_MS = 3_000;

/** What became of an epoch in which an operator was killed. */
export interface KilledEpoch {
  readonly epoch: number;
  readonly killed: OperatorName;
  /** After the epoch's end. */
  readonly killedAfterMs: number;
  readonly accepted: boolean;
  /** From the epoch's end until its report was seen, or the deadline had passed. */
  readonly tookMs: number;
}

export interface KillOptions {
  readonly epochs: number;
  /** What victims and moments are drawn from. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onEpoch: (outcome: KilledEpoch) => void;
}

/**
 * Ends epoch after epoch, kills one operator in each with SIGKILL at a drawn moment, and starts it again at once. The next epoch ends when
 * it is ready, so that never more than one is away: what four operators tolerate.
 */
export async function killEachEpoch(stage: SoakStage, options: KillOptions): Promise<readonly KilledEpoch[]> {
  const random = new SeededRandom(options.seed);
  const outcomes: KilledEpoch[] = [];
  while (outcomes.length < options.epochs) {
    options.signal.throwIfAborted();
    const killed = random.pick(operatorNames);
    const outcome = await killInEpoch(stage, killed, random.below(KILL_WITHIN_MS), options.signal);
    outcomes.push(outcome);
    options.onEpoch(outcome);
  }
  return outcomes;
}

async function killInEpoch(
  stage: SoakStage,
  killed: OperatorName,
  killedAfterMs: number,
  signal: AbortSignal,
): Promise<KilledEpoch> {
  const { network, operators } = stage;
  const epoch = await network.runningEpoch();
  await network.jumpTo(await network.endOf(epoch));
  const endedAtMs = systemClock.nowMs();
  const outcome = outcomeOf(stage, epoch, signal).then((accepted) => ({
    accepted,
    tookMs: systemClock.nowMs() - endedAtMs,
  }));
  const killing = (async () => {
    await systemClock.sleep(killedAfterMs, signal);
    signal.throwIfAborted();
    await operators.get(killed)?.end("SIGKILL");
    await stage.start(killed);
  })();
  const [found] = await Promise.all([outcome, killing]);
  return { epoch, killed, killedAfterMs, ...found };
}
