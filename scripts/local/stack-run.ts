import { systemClock } from "../../src/core/clock.ts";
import { MandateError, messageOf } from "../../src/core/errors/mandate-error.ts";
import { RunningRecord } from "../../src/stack/supervisor/running-record.ts";
import { lockState } from "../../src/stack/supervisor/state-lock.ts";
import { Supervisor } from "../../src/stack/supervisor/supervisor.ts";

/** The reason of an end that somebody asked for. */
export class Asked extends MandateError {
  constructor(signal: string) {
    super("Stopped", `stopped by ${signal}`, { kind: "refused", data: { signal } });
  }
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(messageOf(reason));
}

/**
 * Runs `work` on a state directory that no other process uses, and stops everything that it started: when it is done,
 * when a part fails, when somebody presses Ctrl-C. A second Ctrl-C does not cut that short: it takes seconds at most.
 * @throws what ended the work, unless that was asked for.
 */
export async function runStack(
  options: { directory: string; onProgress: (text: string) => void },
  work: (supervisor: Supervisor) => Promise<void>,
): Promise<"done" | "asked"> {
  const lock = lockState(options.directory);
  const record = new RunningRecord(options.directory);
  const supervisor = new Supervisor(record);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const handlers = signals.map((signal) => ({ signal, interrupt: () => supervisor.interrupt(new Asked(signal)) }));
  for (const { signal, interrupt } of handlers) process.on(signal, interrupt);
  try {
    for (const title of await record.endLeftovers(systemClock))
      options.onProgress(`Ended ${title}, left over from a start that was killed`);
    let reason: unknown;
    const aborted = supervisor.interrupted().then((why) => Promise.reject(errorOf(why)));
    try {
      await Promise.race([work(supervisor), aborted]);
    } catch (thrown) {
      reason = supervisor.signal.aborted ? supervisor.signal.reason : thrown;
    }
    aborted.catch(() => undefined); // reported through `reason`
    if (reason !== undefined) options.onProgress("Stopping everything");
    for (const problem of await supervisor.stop()) options.onProgress(`Not stopped cleanly: ${problem}`);
    if (reason instanceof Asked) return "asked";
    if (reason !== undefined) throw errorOf(reason);
    return "done";
  } finally {
    for (const { signal, interrupt } of handlers) process.off(signal, interrupt);
    lock.release();
  }
}
