import type { Hex } from "../../core/hex.ts";
import type { Settlement } from "../epochs/settlement.ts";

/** When views begin, in seconds of chain time. Operators share the chain's clock, so that views need no messages of their own. */
export interface ViewSchedule {
  /** End of the epoch: operators commit to what they observe, and the first view begins. */
  readonly opensAt: number;
  /** End of the window in which the report is accepted. */
  readonly closesAt: number;
  /** After it no commitment is heard in time any more. */
  readonly commitSeconds: number;
  /** Then nobody hears and nobody reveals yet: longer than operators' views of the chain's time differ. */
  readonly quietSeconds: number;
  /** Then operators reveal; after it the first proposer no longer waits for reveals beyond 2f+1. */
  readonly revealSeconds: number;
  /** Length of the first views; it doubles each time that every operator has had its turn. */
  readonly stageSeconds: number;
  readonly operators: number;
  /** In the views below it, reports take only observations that were committed to in time. */
  readonly strictViews: number;
}

/** Longest first stage: enough for any healthy network, and short against any production deadline. */
const MAXIMUM_STAGE_SECONDS = 60;

/**
 * A schedule that fits several proposers into the report deadline, from what every operator reads on the chain. A seventh of the deadline
 * is for commitments, one for the quiet time and the reveals, and five for the stages of views.
 */
export function viewScheduleOf(input: {
  readonly opensAt: number;
  readonly reportDeadlineSeconds: number;
  readonly operators: number;
  readonly faults: number;
}): ViewSchedule {
  const seventh = Math.min(Math.floor(input.reportDeadlineSeconds / 7), MAXIMUM_STAGE_SECONDS); // rounded down: five stages fit
  const half = Math.max(Math.floor(seventh / 2), 1); // rounded down for the same reason
  const schedule = {
    opensAt: input.opensAt,
    closesAt: input.opensAt + input.reportDeadlineSeconds,
    commitSeconds: Math.max(seventh, 1),
    quietSeconds: half,
    revealSeconds: half,
    stageSeconds: Math.max(seventh, 2),
    operators: input.operators,
    strictViews: 0,
  };
  const last = viewAt(schedule, schedule.closesAt - 1);
  const views = last.open ? last.view + 1 : 1;
  // Until an honest proposer had its turn, but not so long that a network which was slow to commit has no view left.
  return { ...schedule, strictViews: Math.max(Math.min(input.faults + 1, Math.floor(views / 2)), 1) };
}

/** The schedule of an epoch's operators: what settlement takes of the report deadline is no time for views. */
export function epochScheduleOf(input: {
  readonly endSeconds: number;
  readonly settlement: Settlement;
  readonly reportDeadlineSeconds: number;
  readonly set: { readonly operators: readonly Hex[]; readonly faults: number };
}): ViewSchedule {
  const { endSeconds, settlement, reportDeadlineSeconds, set } = input;
  return viewScheduleOf({
    opensAt: endSeconds + settlement.seconds,
    reportDeadlineSeconds: reportDeadlineSeconds - settlement.seconds,
    operators: set.operators.length,
    faults: set.faults,
  });
}

/** Chain time from which on operators reveal, whoever has not committed. */
export function revealsAt({ opensAt, commitSeconds, quietSeconds }: ViewSchedule): number {
  return opensAt + commitSeconds + quietSeconds;
}

/** Chain time from which on the first proposer waits for nobody. */
export function proposesAt(schedule: ViewSchedule): number {
  return revealsAt(schedule) + schedule.revealSeconds;
}

export type ViewAt =
  { readonly open: true; readonly view: number } | { readonly open: false; readonly reason: "early" | "late" };

/** The view at a chain time. The first one begins at `opensAt` and ends a stage after {@link proposesAt}, then stage by stage. */
export function viewAt(schedule: ViewSchedule, chainSeconds: number): ViewAt {
  if (chainSeconds < schedule.opensAt) return { open: false, reason: "early" };
  if (chainSeconds >= schedule.closesAt) return { open: false, reason: "late" };
  let view = 0;
  let endsAt = proposesAt(schedule) + schedule.stageSeconds;
  while (chainSeconds >= endsAt) {
    view += 1;
    endsAt += schedule.stageSeconds * 2 ** Math.floor(view / schedule.operators);
  }
  return { open: true, view };
}
