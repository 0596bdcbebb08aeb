import type { SeededRandom } from "../../../core/seeded-random.ts";
import type { ActivityEvent } from "../activity.ts";

export const EPOCH_SECONDS = 604_800;
export const HISTORY_EPOCHS = 16;
const DAY = 86_400;
const DAYS = EPOCH_SECONDS / DAY;

/** What a project shows: counts of each epoch, and each act of the last one. */
export interface History {
  /** Acts in each epoch; the last is the one that is judged. */
  readonly counts: number[];
  /** What should move with them, from another origin. */
  readonly paired: number[];
  /** Acts of the last epoch. */
  readonly events: ActivityEvent[];
}

/**
 * Honest projects, the ordinary one and those that look like gaming. `quiet` is judged in the second of two weeks in which next to nothing
 * happens, as over holidays; `after-quiet` in the first week after two such.
 */
export const honestKinds = [
  "ordinary",
  "growing",
  "seasonal",
  "launch",
  "small-team",
  "scheduled-jobs",
  "quiet",
  "after-quiet",
] as const;
export type HonestKind = (typeof honestKinds)[number];

/** An honest history: trend, season, noise, launches that both series show, accounts of which few do much. */
export function honestHistory(kind: HonestKind, random: SeededRandom): History {
  const base = 60 + random.below(400);
  const perAct = 2 + random.next() * 4;
  const trend = kind === "growing" ? 1.04 + random.next() * 0.08 : 0.99 + random.next() * 0.03;
  const season = kind === "seasonal" ? 0.3 + random.next() * 0.3 : random.next() * 0.1;
  const counts: number[] = [];
  const paired: number[] = [];
  let launch = 0;
  for (let epoch = 0; epoch < HISTORY_EPOCHS; epoch += 1) {
    const isLast = epoch === HISTORY_EPOCHS - 1;
    launch *= 0.4;
    if (kind === "launch" && isLast) launch = 1 + random.next() * 4;
    else if (random.chance(0.04)) launch = 0.5 + random.next() * 2;
    const level = base * trend ** epoch * (1 + season * Math.sin((2 * Math.PI * epoch) / 4)) * (1 + launch);
    const isQuiet = quietEpochs(kind).includes(epoch);
    // What should move with the acts falls with them, but not to the same part: people are away, machines go on.
    const rest = isQuiet ? 0.03 + random.next() * 0.3 : 1;
    const pairedRest = isQuiet ? rest * (0.7 + random.next() * 0.9) : 1;
    counts.push(Math.max(1, Math.round(level * rest * noise(random, 0.2))));
    paired.push(Math.max(1, Math.round(level * pairedRest * perAct * noise(random, 0.25))));
  }
  return { counts, paired, events: honestEvents(kind, counts.at(-1) ?? 0, random) };
}

function quietEpochs(kind: HonestKind): readonly number[] {
  if (kind === "quiet") return [HISTORY_EPOCHS - 2, HISTORY_EPOCHS - 1];
  return kind === "after-quiet" ? [HISTORY_EPOCHS - 3, HISTORY_EPOCHS - 2] : [];
}

function noise(random: SeededRandom, part: number): number {
  return 1 + part * (random.next() + random.next() - 1);
}

/** Acts by day and night, of accounts with a long tail; a launch crowds its first day. */
function honestEvents(kind: HonestKind, count: number, random: SeededRandom): ActivityEvent[] {
  const team = 4 + random.below(4);
  const accounts = kind === "small-team" ? team : Math.max(8, Math.round(count * (0.25 + random.next() * 0.25)));
  const events: ActivityEvent[] = [];
  while (events.length < count) {
    const isLaunch = kind === "launch" && random.chance(0.5);
    const day = isLaunch ? 2 : random.below(DAYS);
    const second = day * DAY + (isLaunch ? random.below(DAY) : daytime(random));
    const rank = Math.floor(accounts * random.next() ** 2);
    events.push({ second, actor: `account-${rank}`, counterparty: `customer-${random.below(accounts * 3)}` });
  }
  if (kind === "scheduled-jobs") scheduleJobs(events, random);
  return events;
}

/** A second of a day, in three of four cases in its working half. */
function daytime(random: SeededRandom): number {
  return random.chance(0.75) ? DAY / 3 + random.below(DAY / 2) : random.below(DAY);
}

/** A few accounts are machines that act each day at the same minute, several of them at the full hour. */
function scheduleJobs(events: ActivityEvent[], random: SeededRandom): void {
  const jobs = 2 + random.below(3);
  for (let job = 0; job < jobs; job += 1) {
    const hour = random.below(4) * 6;
    for (let day = 0; day < DAYS; day += 1) {
      events.push({
        second: day * DAY + hour * 3_600 + random.below(60),
        actor: `job-${job}`,
        counterparty: "service",
      });
    }
  }
}
