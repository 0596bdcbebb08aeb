import { COSIGNING_ATTEMPTS } from "../agreement/message.ts";
import type { ViewSchedule } from "../agreement/view-schedule.ts";

/** How long operators try to sign together, in seconds of chain time from when each has signed the report alone. */
export interface CosigningSchedule {
  readonly attemptSeconds: number;
  /** In an attempt, how long its coordinator waits for the nonces of more than a quorum. */
  readonly waitSeconds: number;
}

/** Two attempts within a stage, which is all that a submission waits for them. */
export function cosigningScheduleOf({ stageSeconds }: Pick<ViewSchedule, "stageSeconds">): CosigningSchedule {
  const attemptSeconds = Math.floor(stageSeconds / 2); // a stage has at least 2 seconds
  return { attemptSeconds, waitSeconds: Math.floor(attemptSeconds / 2) };
}

/** The attempt that runs `elapsedSeconds` after attempt `first` began; undefined after the last one. */
export function attemptAfter(schedule: CosigningSchedule, first: number, elapsedSeconds: number): number | undefined {
  const attempt = first + Math.floor(elapsedSeconds / schedule.attemptSeconds);
  return attempt < COSIGNING_ATTEMPTS ? attempt : undefined;
}
