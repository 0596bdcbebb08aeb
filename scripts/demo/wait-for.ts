import { systemClock } from "../../src/core/clock.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";

const POLL_MS = 150;

/**
 * Asks again and again until there is an answer.
 * @throws {MandateError} `WaitedTooLong`; or the reason of `signal`.
 */
export async function waitFor<T>(
  what: string,
  options: { timeoutMs: number; signal: AbortSignal },
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const endMs = systemClock.nowMs() + options.timeoutMs;
  while (systemClock.nowMs() < endMs) {
    options.signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    await systemClock.sleep(POLL_MS, options.signal);
  }
  throw new MandateError("WaitedTooLong", `${what} did not happen within ${options.timeoutMs / 1_000} seconds`, {
    kind: "retry",
  });
}
