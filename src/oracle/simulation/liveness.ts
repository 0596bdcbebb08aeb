import type { Hex } from "../../core/hex.ts";
import { proposesAt, revealsAt, viewAt, type ViewSchedule } from "../agreement/view-schedule.ts";
import { CALM_DELAY_MS, WORST_DRIFT, type EpochFaults } from "./faults.ts";
import { BLOCK_SECONDS } from "./model-chain.ts";
import { calmSeconds } from "./network.ts";
import { PEER_TIMEOUT_MS, POLL_MS } from "./pace.ts";

/** Longest pause between two looks of an operator. */
const LOOK = (POLL_MS * (1 + WORST_DRIFT)) / 1_000;
/** After so long in a calm network everybody has what one had: the next pull, there and back. */
const SPREAD = LOOK + (2 * CALM_DELAY_MS) / 1_000;
/** After so long everybody knows that a view has begun: the next block, and the next look at it. */
const NOTICE = BLOCK_SECONDS + LOOK;
/** A pull from before the calm keeps its peer from being asked again for so long. */
const STUCK = PEER_TIMEOUT_MS / 1_000;
/** Proposal, prepares, commits, signatures. */
const STEPS = 4;

export interface LivenessTerms {
  readonly operators: readonly Hex[];
  readonly quorum: number;
  /** That the set tolerates. */
  readonly faults: number;
  readonly order: readonly Hex[];
  /** With `opensAt` 0. */
  readonly schedule: ViewSchedule;
  /** Operators whose endpoint lied in the epoch before: they may have taken this one for over, and observed another chain. */
  readonly misled: readonly Hex[];
}

/**
 * Whether an epoch with these faults must be accepted. *Sound* operators tell the truth, stay up, and see the chain in it
 * and did in the epoch before. Required are
 *
 * 1. a quorum of sound operators;
 * 2. a view of a sound proposer whose time from the proposal on holds `NOTICE + 4 · SPREAD`, and by whose proposal everybody has what sound
 *    operators revealed: `SPREAD` after they did, which is `NOTICE` after the quiet time or `STUCK + SPREAD` after the calm. A strict view
 *    counts where commitments were heard in time: noticed, and spread in the calm, before the time for them ends;
 * 3. a sound operator with funds, in place p of the order, with
 *    `end of the view + SPREAD + p · stage + NOTICE + 2 blocks`, counted from a gas spike's end where one is in the way, before the
 *    deadline; a stage later where operators wait for a common signature: where they hold a quorum of single ones by f + 2 stages before it.
 */
export function mustBeAccepted(faults: EpochFaults, terms: LivenessTerms): boolean {
  const { operators, quorum, faults: tolerated, order, schedule, misled } = terms;
  const crashed = faults.crashes.map((each) => each.operator);
  const unsound = new Set([...faults.liars, ...crashed, ...faults.endpoints.keys(), ...misled]);
  const sound = operators.filter((each) => !unsound.has(each));
  if (sound.length < quorum) return false;
  const calmAt = calmSeconds(faults);
  const spreadAt = calmAt === 0 ? 0 : calmAt + STUCK + SPREAD;
  const areHeard = Math.max(spreadAt, NOTICE + SPREAD) <= schedule.commitSeconds;
  const revealedAt = Math.max(spreadAt, revealsAt(schedule) + NOTICE) + SPREAD;
  const view = viewsOf(schedule).find(({ view, fromSeconds, untilSeconds }) => {
    const from = view === 0 ? proposesAt(schedule) : fromSeconds;
    const proposer = order[view % order.length];
    return (
      proposer !== undefined &&
      sound.includes(proposer) &&
      (areHeard || view >= schedule.strictViews) &&
      revealedAt <= from &&
      from + NOTICE + STEPS * SPREAD <= untilSeconds
    );
  });
  if (view === undefined) return false;
  const place = order.findIndex((each) => sound.includes(each) && !faults.penniless.includes(each));
  if (place === -1) return false;
  const { stageSeconds, closesAt } = schedule;
  const heldAt = view.untilSeconds + SPREAD; // everybody holds a quorum of signatures, at the latest
  const waitsUntil = Math.min(heldAt, closesAt - (tolerated + 2) * stageSeconds) + stageSeconds;
  const sentAt = Math.max(heldAt, waitsUntil) + place * stageSeconds + NOTICE;
  const { gasSpike } = faults;
  const isHeldUp = gasSpike !== undefined && gasSpike.fromSeconds < sentAt + BLOCK_SECONDS;
  return (isHeldUp ? Math.max(sentAt, gasSpike.untilSeconds) : sentAt) + 2 * BLOCK_SECONDS <= closesAt;
}

/** All views of a schedule, in seconds from its opening. */
export function viewsOf(
  schedule: ViewSchedule,
): readonly { readonly view: number; readonly fromSeconds: number; readonly untilSeconds: number }[] {
  const views: { view: number; fromSeconds: number; untilSeconds: number }[] = [];
  for (let seconds = schedule.opensAt; seconds < schedule.closesAt; seconds += 1) {
    const at = viewAt(schedule, seconds);
    if (!at.open) continue;
    const last = views.at(-1);
    if (last?.view === at.view) last.untilSeconds = seconds + 1 - schedule.opensAt;
    else
      views.push({
        view: at.view,
        fromSeconds: seconds - schedule.opensAt,
        untilSeconds: seconds + 1 - schedule.opensAt,
      });
  }
  return views;
}
