import { MandateError } from "../../src/core/errors/mandate-error.ts";
import { checkRecord } from "./check-record.ts";
import { killEachEpoch, type KilledEpoch } from "./kill-each-epoch.ts";
import { killEachStep, victim, witnesses, type KilledStep } from "./kill-each-step.ts";
import { startSoakStage, type SoakStage, type SoakStageOptions } from "./soak-stage.ts";

export interface SoakRun {
  /** Ends it early, with everything that it started. */
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

export interface SoakResult<Outcome> {
  readonly ok: boolean;
  readonly accepted: number;
  /** What chain and disks contradict, a sentence each. */
  readonly problems: readonly string[];
  readonly outcomes: readonly Outcome[];
}

/** Kills one of four operators in each of `epochs` epochs. */
export async function soakEpochs(
  run: SoakRun,
  { epochs, seed }: { readonly epochs: number; readonly seed: number },
): Promise<SoakResult<KilledEpoch>> {
  return soak(run, { reportDeadlineSeconds: 24, mayMiss: 0 }, (stage) =>
    killEachEpoch(stage, {
      epochs,
      seed,
      signal: run.signal,
      onEpoch: ({ epoch, killed, killedAfterMs, accepted, tookMs }) =>
        run.say(
          `epoch ${epoch}: ${killed} killed after ${killedAfterMs} ms, ${accepted ? "accepted" : "MISSED"} after ${tookMs} ms`,
        ),
    }),
  );
}

/** Kills one operator before each `every`-th step of its start and of an epoch. */
export async function soakSteps(run: SoakRun, { every }: { readonly every: number }): Promise<SoakResult<KilledStep>> {
  // Only the victim submits: longer than with four that do, as a process of it has to start before the deadline. Where it comes back too
  // late for that, the next epoch must be accepted.
  const options = { reportDeadlineSeconds: 84, running: witnesses, submitting: [victim], mayMiss: Infinity };
  return soak(run, options, (stage) =>
    killEachStep(stage, {
      stride: every,
      signal: run.signal,
      onKill: ({ epoch, step, name, accepted }) => {
        const when = epoch === 0 ? "starting" : `epoch ${epoch}`;
        run.say(`${when}: killed before step ${step}, ${name}${accepted ? "" : ": MISSED"}`);
      },
    }),
  );
}

async function soak<Outcome extends { readonly epoch: number; readonly accepted: boolean }>(
  { signal, say }: SoakRun,
  options: SoakStageOptions & { readonly mayMiss: number },
  work: (stage: SoakStage) => Promise<readonly Outcome[]>,
): Promise<SoakResult<Outcome>> {
  const stage = await startSoakStage(options);
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => undefined); // it is raced below
  const stop = (): void => stopped.reject(new MandateError("Stopped", "stopped before the end", { kind: "refused" }));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const first = await stage.network.runningEpoch();
    const working = work(stage);
    working.catch(() => undefined); // where the race is lost, it ends by the signal
    const outcomes = await Promise.race([working, stopped.promise]);
    const missed = outcomes.filter((each) => !each.accepted).map(({ epoch }) => epoch);
    const problems = await checkRecord(stage.network, stage.logs, first, missed);
    const accepted = outcomes.length - missed.length;
    const isEnough = missed.length <= options.mayMiss && !missed.some((epoch) => missed.includes(epoch + 1));
    say(
      [`${accepted} of ${outcomes.length} kills survived, ${problems.length} contradictions`, ...problems].join("\n"),
    );
    return { ok: isEnough && problems.length === 0, accepted, problems, outcomes };
  } finally {
    signal.removeEventListener("abort", stop);
    await stage.stop();
  }
}
