import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";

export interface Timed<Result> {
  readonly result: Result;
  readonly seconds: number;
  /** For which nothing else had its turn: an operator's messages wait so long. */
  readonly longestDelayMs: number;
}

/** How long `work` takes, and for how long of it at a time everything else waits. */
export async function timed<Result>(work: () => Result | Promise<Result>): Promise<Timed<Result>> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await setTimeout(10);
  delays.reset(); // what came before
  await setTimeout(10); // a delay is counted from the turn before it, which a reset forgets
  const started = performance.now();
  const result = await work();
  const seconds = Math.round(performance.now() - started) / 1_000;
  await setTimeout(10); // a delay is known when it is over
  delays.disable();
  return { result, seconds, longestDelayMs: Math.round(delays.max / 1e6) };
}
