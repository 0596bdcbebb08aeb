import type { Hex } from "../../core/hex.ts";
import type { SeededRandom } from "../../core/seeded-random.ts";

/** Seconds after the epoch's end. */
export interface Span {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** How liars lie. All of an epoch's liars act together, hear everything at once and know the other faults. */
export const tactics = ["silence", "equivocation", "withholding", "nonsense", "copying"] as const;
export type Tactic = (typeof tactics)[number];

export interface Crash extends Span {
  readonly operator: Hex;
  /** Where given, it is this statement of the epoch, from 1, in whose writing the operator dies after `fromSeconds`. */
  readonly inStatement?: { readonly count: number; readonly isWritten: boolean };
}

/** `dead`: no answer. `lagging`: shows the chain some blocks ago. `lying`: another chain, whose head is ahead. */
export type EndpointFault =
  { readonly kind: "dead" } | { readonly kind: "lying" } | { readonly kind: "lagging"; readonly blocks: number };

/** What goes wrong in one epoch. */
export interface EpochFaults {
  readonly liars: readonly Hex[];
  readonly tactic: Tactic;
  /** The honest operators in two camps: sides of a partition, and audiences of liars. */
  readonly camps: readonly [readonly Hex[], readonly Hex[]];
  /** Until then messages are lost, late and repeated; afterwards they take at most {@link CALM_DELAY_MS}. */
  readonly stormUntilSeconds: number;
  readonly lossShare: number;
  readonly repeatShare: number;
  readonly delayMs: number;
  readonly partition: Span | undefined;
  readonly crashes: readonly Crash[];
  readonly endpoints: ReadonlyMap<Hex, EndpointFault & Span>;
  /** Transactions are not mined in it. */
  readonly gasSpike: Span | undefined;
  readonly penniless: readonly Hex[];
  /** Difference of the operator's clock from the chain's, and how long its second is. */
  readonly skews: ReadonlyMap<Hex, { readonly offsetMs: number; readonly rate: number }>;
  /** Share of readings that find no value. */
  readonly failedReadings: number;
}

/** Probabilities by epoch, or by epoch and operator where so named; bounds are inclusive. */
export interface FaultRates {
  readonly liars: number;
  readonly storm: number;
  readonly worstLoss: number;
  readonly worstDelayMs: number;
  readonly partition: number;
  readonly crashOfOperator: number;
  readonly endpointOfOperator: number;
  readonly gasSpike: number;
  readonly pennilessOperator: number;
  readonly skewOfOperator: number;
  readonly failedReadings: number;
  /** One of them is drawn for an epoch. */
  readonly tactics: readonly Tactic[];
}

export const faultProfiles = {
  none: {
    liars: 0,
    storm: 0,
    worstLoss: 0,
    worstDelayMs: 0,
    partition: 0,
    crashOfOperator: 0,
    endpointOfOperator: 0,
    gasSpike: 0,
    pennilessOperator: 0,
    skewOfOperator: 0,
    failedReadings: 0,
    tactics,
  },
  default: {
    liars: 0.5,
    storm: 0.4,
    worstLoss: 0.6,
    worstDelayMs: 20_000,
    partition: 0.4,
    crashOfOperator: 0.05,
    endpointOfOperator: 0.03,
    gasSpike: 0.2,
    pennilessOperator: 0.05,
    skewOfOperator: 0.3,
    failedReadings: 0.1,
    tactics,
  },
  harsh: {
    liars: 0.9,
    storm: 0.9,
    worstLoss: 0.9,
    worstDelayMs: 60_000,
    partition: 0.8,
    crashOfOperator: 0.3,
    endpointOfOperator: 0.15,
    gasSpike: 0.5,
    pennilessOperator: 0.3,
    skewOfOperator: 0.8,
    failedReadings: 0.3,
    tactics,
  },
  copying: {
    liars: 1,
    storm: 0,
    worstLoss: 0,
    worstDelayMs: 0,
    partition: 0,
    crashOfOperator: 0,
    endpointOfOperator: 0,
    gasSpike: 0,
    pennilessOperator: 0,
    skewOfOperator: 0.3,
    failedReadings: 0,
    tactics: ["copying"],
  },
} as const satisfies Record<string, FaultRates>;

export type FaultProfile = keyof typeof faultProfiles;

/** Longest way of a message when the network is calm. */
export const CALM_DELAY_MS = 500;

const WORST_SKEW_MS = 3_600_000;
/** An operator's second is at most this much longer or shorter. */
export const WORST_DRIFT = 0.2;
const MOST_BLOCKS_BEHIND = 30;

/** Draws an epoch's faults. Every choice comes from `random`, so that a seed gives the same ones again. */
export function drawFaults(
  random: SeededRandom,
  rates: FaultRates,
  network: {
    readonly operators: readonly Hex[];
    /** Seats that a suspension took. */
    readonly vacant: number;
    readonly faults: number;
    readonly quorum: number;
    readonly deadlineSeconds: number;
  },
): EpochFaults {
  const { operators, vacant, faults, quorum, deadlineSeconds } = network;
  const span = (): Span => {
    const fromSeconds = random.below(deadlineSeconds);
    return { fromSeconds, untilSeconds: fromSeconds + 1 + random.below(deadlineSeconds) };
  };
  const shuffled = shuffle(random, operators);
  // A vacant seat is one that is silent: what the network bears beside it is the rest. It stays safe with more.
  const tolerated = random.chance(0.5) ? faults : Math.max(faults - vacant, 0);
  const count = random.chance(0.5) ? tolerated : random.below(tolerated + 1); // all that are tolerated are the hardest
  const liars = random.chance(rates.liars) ? shuffled.slice(0, count) : [];
  const honest = shuffled.slice(liars.length);
  // Half of the time the first camp and the liars are just a quorum: the division that hurts most.
  const first = random.chance(0.5) ? quorum - liars.length : 1 + random.below(Math.max(honest.length - 1, 1));
  const isStorm = random.chance(rates.storm);
  const hasPartition = random.chance(rates.partition);
  const partition = hasPartition
    ? { fromSeconds: random.below(120), untilSeconds: 60 + random.below(deadlineSeconds) }
    : undefined;
  const chosen = (probability: number): readonly Hex[] => operators.filter(() => random.chance(probability));
  return {
    liars,
    tactic: random.pick(rates.tactics),
    camps: [honest.slice(0, first), honest.slice(first)],
    stormUntilSeconds: isStorm ? random.below(deadlineSeconds) : 0,
    lossShare: isStorm ? random.next() * rates.worstLoss : 0,
    repeatShare: isStorm ? random.next() / 2 : 0,
    delayMs: isStorm ? CALM_DELAY_MS + random.below(rates.worstDelayMs) : CALM_DELAY_MS,
    partition,
    crashes: chosen(rates.crashOfOperator).map((operator): Crash => {
      const inStatement = { count: 1 + random.below(6), isWritten: random.chance(0.5) };
      return random.chance(0.5) ? { operator, ...span() } : { operator, ...span(), fromSeconds: 0, inStatement };
    }),
    endpoints: new Map(
      chosen(rates.endpointOfOperator).map((operator): [Hex, EndpointFault & Span] => {
        const kind = random.pick(["dead", "lagging", "lying"] as const);
        const blocks = 1 + random.below(MOST_BLOCKS_BEHIND);
        return [operator, { ...(kind === "lagging" ? { kind, blocks } : { kind }), ...span() }];
      }),
    ),
    gasSpike: random.chance(rates.gasSpike) ? span() : undefined,
    penniless: chosen(rates.pennilessOperator),
    skews: new Map(
      chosen(rates.skewOfOperator).map((operator) => [
        operator,
        {
          offsetMs: random.below(2 * WORST_SKEW_MS + 1) - WORST_SKEW_MS,
          rate: 1 + WORST_DRIFT * (2 * random.next() - 1),
        },
      ]),
    ),
    failedReadings: rates.failedReadings,
  };
}

/** The same items in an order that `random` chooses. */
export function shuffle<T>(random: SeededRandom, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, rank: random.next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
