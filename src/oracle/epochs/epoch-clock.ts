import type { EpochWindow } from "../sources/reading.ts";

/** The oracle's calendar, fixed for life by its contract; seconds. */
export interface EpochCalendar {
  readonly genesis: number;
  readonly epochSeconds: number;
  readonly reportDeadlineSeconds: number;
}

/** Epoch `e`, from 1, is `[genesis + (e−1)·length, genesis + e·length)`. */
export function epochWindow(calendar: EpochCalendar, epoch: number): EpochWindow {
  const startSeconds = calendar.genesis + (epoch - 1) * calendar.epochSeconds;
  return { epoch, startSeconds, endSeconds: startSeconds + calendar.epochSeconds };
}

/** The epoch that closed last before `chainSeconds`; 0 where none has. */
export function closedEpoch(calendar: EpochCalendar, chainSeconds: number): number {
  if (chainSeconds < calendar.genesis) return 0;
  return Math.floor((chainSeconds - calendar.genesis) / calendar.epochSeconds);
}

export type ReportDuty =
  | { readonly due: true; readonly epoch: number }
  | {
      readonly due: false;
      readonly reason: "no-epoch-closed" | "already-accepted" | "deadline-passed";
      readonly epoch: number;
    };

/** Whether a report is due now, for which epoch. A missed epoch is skipped, never filled in later. Pure. */
export function reportDuty(calendar: EpochCalendar, chainSeconds: number, lastAcceptedEpoch: number): ReportDuty {
  const epoch = closedEpoch(calendar, chainSeconds);
  if (epoch === 0) return { due: false, reason: "no-epoch-closed", epoch };
  if (lastAcceptedEpoch >= epoch) return { due: false, reason: "already-accepted", epoch };
  const closesAt = epochWindow(calendar, epoch).endSeconds + calendar.reportDeadlineSeconds;
  return chainSeconds < closesAt ? { due: true, epoch } : { due: false, reason: "deadline-passed", epoch };
}
