/** When views begin, in seconds of chain time. Operators share the chain's clock, so that views need no messages of their own. */
export interface ViewSchedule {
  /** End of the epoch: the first view begins. */
  readonly opensAt: number;
  /** End of the window in which the report is accepted. */
  readonly closesAt: number;
  /** After it the first proposer no longer waits for observations beyond 2f+1. */
  readonly observeSeconds: number;
  /** Length of the first views; it doubles each time that every operator has had its turn. */
  readonly stageSeconds: number;
  readonly operators: number;
}

/** Longest first stage: enough for any healthy network, and short against any production deadline. */
const MAXIMUM_STAGE_SECONDS = 60;

/** A schedule that fits several proposers into the report deadline, from what every operator reads on the chain. */
export function viewScheduleOf(input: {
  readonly opensAt: number;
  readonly reportDeadlineSeconds: number;
  readonly operators: number;
}): ViewSchedule {
  const sixth = Math.floor(input.reportDeadlineSeconds / 6); // rounded down: at least five stages fit
  return {
    opensAt: input.opensAt,
    closesAt: input.opensAt + input.reportDeadlineSeconds,
    observeSeconds: Math.min(Math.max(sixth, 1), MAXIMUM_STAGE_SECONDS),
    stageSeconds: Math.min(Math.max(sixth, 2), MAXIMUM_STAGE_SECONDS),
    operators: input.operators,
  };
}

export type ViewAt =
  { readonly open: true; readonly view: number } | { readonly open: false; readonly reason: "early" | "late" };

/** The view at a chain time. Views begin at `opensAt`, then after `observeSeconds + stageSeconds`, then stage by stage. */
export function viewAt(schedule: ViewSchedule, chainSeconds: number): ViewAt {
  if (chainSeconds < schedule.opensAt) return { open: false, reason: "early" };
  if (chainSeconds >= schedule.closesAt) return { open: false, reason: "late" };
  let view = 0;
  let endsAt = schedule.opensAt + schedule.observeSeconds + schedule.stageSeconds;
  while (chainSeconds >= endsAt) {
    view += 1;
    endsAt += schedule.stageSeconds * 2 ** Math.floor(view / schedule.operators);
  }
  return { open: true, view };
}
