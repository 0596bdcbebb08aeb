import { ONE } from "../../../core/fixed-point.ts";
import { SeededRandom } from "../../../core/seeded-random.ts";
import { runCheck, type IntegrityCheck } from "../../scoring/integrity-check.ts";
import type { PartOfWhole } from "../activity.ts";
import { countBurst } from "../count-burst.ts";
import { countLockstep } from "../count-lockstep.ts";
import { countActive } from "../count-low-activity.ts";
import { countLargestParty, countSelfDealing } from "../count-self-dealing.ts";
import { isBurst, isDivergent } from "../series.ts";
import { gamedHistory, gamedKinds, type GamedKind } from "./gamed-history.ts";
import { honestHistory, honestKinds, type History, type HonestKind } from "./honest-history.ts";
import { wilsonRate, type Rate } from "./wilson.ts";

const share = (percent: bigint): string => ((ONE * percent) / 100n).toString();

/** The parameters that the manual recommends, and that its figures hold for. */
export const detectors: Readonly<Record<string, (history: History) => boolean>> = {
  burst: ({ events }) => exceeds(countBurst(events, 21_600), { atMost: share(30n) }),
  lockstep: ({ events }) => exceeds(countLockstep(events, { bucketSeconds: 60, shared: 3 }), { atMost: share(10n) }),
  "low-activity": ({ events }) => exceeds(countActive(events, 2), { atLeast: share(35n) }),
  "self-dealing": ({ events }) => exceeds(countSelfDealing(events), { atMost: share(25n) }),
  "one-party": ({ events }) => exceeds(countLargestParty(events), { atMost: share(50n) }),
  "burst-over-epochs": ({ counts }) => isBurst(counts.map(BigInt), { over: 8, factor: 2n * ONE, from: 50n }),
  divergence: ({ counts, paired }) =>
    isDivergent(counts.map(BigInt), paired.map(BigInt), { over: 8, factor: (ONE * 8n) / 5n, from: 50n }),
};

export interface DetectorEvaluation {
  readonly seed: number;
  /** Histories of each kind. */
  readonly runs: number;
  /** How often each detector raised an alarm, by kind of history. `any`: at least one of them. */
  readonly honest: Readonly<Record<HonestKind | "all", Readonly<Record<string, Rate>>>>;
  readonly gamed: Readonly<Record<GamedKind, Readonly<Record<string, Rate>>>>;
  /** Acts bought in the judged epoch, on average over the histories of a kind, rounded down. */
  readonly bought: Readonly<Record<GamedKind, number>>;
}

/** Runs every detector over seeded histories of every kind. The same seed and number give the same figures. */
export function evaluateDetectors(seed: number, runs: number): DetectorEvaluation {
  const honest = Object.fromEntries(
    honestKinds.map((kind, place) => {
      const random = new SeededRandom(seedOf(seed, place));
      return [kind, alarmsIn(Array.from({ length: runs }, () => honestHistory(kind, random)))] as const;
    }),
  );
  const all = new Map<string, number>();
  for (const alarms of Object.values(honest)) {
    for (const [name, count] of alarms) all.set(name, (all.get(name) ?? 0) + count);
  }
  const gamed = gamedKinds.map((kind, place) => {
    const random = new SeededRandom(seedOf(seed, honestKinds.length + place));
    const made = Array.from({ length: runs }, () => gamedHistory(kind, random));
    const bought = Math.floor(made.reduce((sum, each) => sum + each.bought, 0) / runs);
    return { kind, alarms: alarmsIn(made.map((each) => each.history)), bought };
  });
  const rates = (alarms: ReadonlyMap<string, number>, of: number): Readonly<Record<string, Rate>> =>
    Object.fromEntries([...alarms].map(([name, count]) => [name, wilsonRate(count, of)]));
  return {
    seed,
    runs,
    honest: {
      ...(Object.fromEntries(Object.entries(honest).map(([kind, alarms]) => [kind, rates(alarms, runs)])) as Readonly<
        Record<HonestKind, Readonly<Record<string, Rate>>>
      >),
      all: rates(all, runs * honestKinds.length),
    },
    gamed: Object.fromEntries(
      gamed.map(({ kind, alarms }) => [kind, rates(alarms, runs)]),
    ) as DetectorEvaluation["gamed"],
    bought: Object.fromEntries(gamed.map(({ kind, bought }) => [kind, bought])) as DetectorEvaluation["bought"],
  };
}

/** A seed of its own for each kind of history, so that no two seeds share any. */
function seedOf(seed: number, place: number): number {
  return seed * 1_009 + place;
}

/** Histories in which each detector raised an alarm. */
function alarmsIn(histories: readonly History[]): ReadonlyMap<string, number> {
  const alarms = new Map([...Object.keys(detectors), "any"].map((name) => [name, 0]));
  for (const history of histories) {
    const raised = Object.entries(detectors).flatMap(([name, detect]) => (detect(history) ? [name] : []));
    for (const name of raised.length > 0 ? [...raised, "any"] : []) alarms.set(name, (alarms.get(name) ?? 0) + 1);
  }
  return alarms;
}

/** By the rule that operators apply to the two numbers of a source. */
function exceeds({ part, whole }: PartOfWhole, limit: IntegrityCheck["limit"]): boolean {
  const number = (value: bigint) => ({ outcome: { outcome: "value", value }, decimals: 0 }) as const;
  const check: IntegrityCheck = { name: "x", detects: "burst", part: "part", whole: "whole", limit, from: "20" };
  return (
    runCheck(
      check,
      new Map([
        ["part", number(part)],
        ["whole", number(whole)],
      ]),
    ) !== undefined
  );
}
