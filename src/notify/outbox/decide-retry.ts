export interface RetrySettings {
  /** Longest pause after the first failure. */
  readonly firstMs: number;
  /** Longest pause after any. */
  readonly longestMs: number;
}

/**
 * Pause before the next attempt, doubled with every failure up to a limit; between half of it and all of it, as `random` in
 * [0, 1) says, so that what failed together is not tried together. Pure.
 */
export function retryPauseMs(failures: number, settings: RetrySettings, random: number): number {
  const whole = Math.min(settings.longestMs, settings.firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.ceil(whole / 2 + (whole / 2) * random);
}
