import type { Hex } from "../../core/hex.ts";
import type { SeededRandom } from "../../core/seeded-random.ts";
import { CALM_DELAY_MS, type EpochFaults, type Span } from "./faults.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Messages arrive at multiples of it: fewer instants, and the same disorder. */
const GRAIN_MS = 100;

/** Carries messages from one operator to another as an epoch's faults allow. */
export class Network {
  readonly #time: VirtualTime;
  readonly #random: SeededRandom;
  readonly #faults: EpochFaults;
  readonly #openedAtMs: number;
  readonly #muted = new Set<Hex>();

  constructor(time: VirtualTime, random: SeededRandom, faults: EpochFaults, openedAtMs: number) {
    this.#time = time;
    this.#random = random;
    this.#faults = faults;
    this.#openedAtMs = openedAtMs;
  }

  /** Seconds since the epoch's end. */
  get seconds(): number {
    return (this.#time.nowMs - this.#openedAtMs) / 1_000;
  }

  /** Lets nobody hear the operator until the network is calm; it still hears the others. */
  mute(operator: Hex): void {
    this.#muted.add(operator);
  }

  /** Calls `arrive` when a message has made its way: once, repeatedly, or never. */
  carry(from: Hex, to: Hex, arrive: () => void): void {
    if (!this.#reaches(from, to)) return;
    const { stormUntilSeconds, lossShare, repeatShare, delayMs } = this.#faults;
    const isStorm = this.seconds < stormUntilSeconds;
    if (isStorm && this.#random.chance(lossShare)) return;
    const copies = isStorm && this.#random.chance(repeatShare) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const steps = 1 + this.#random.below((isStorm ? delayMs : CALM_DELAY_MS) / GRAIN_MS);
      const atMs = (Math.floor(this.#time.nowMs / GRAIN_MS) + steps) * GRAIN_MS;
      this.#time.at(atMs, () => {
        if (this.#reaches(from, to)) arrive();
      });
    }
  }

  #reaches(from: Hex, to: Hex): boolean {
    const { partition, camps } = this.#faults;
    if (this.#muted.has(from) && this.seconds < calmSeconds(this.#faults)) return false;
    if (partition === undefined || !isWithin(partition, this.seconds)) return true;
    const isSplit = (a: Hex, b: Hex): boolean => camps[0].includes(a) && camps[1].includes(b);
    return !isSplit(from, to) && !isSplit(to, from); // liars are in no camp, and reach both
  }
}

export function isWithin({ fromSeconds, untilSeconds }: Span, seconds: number): boolean {
  return seconds >= fromSeconds && seconds < untilSeconds;
}

/** From when on every message arrives, within {@link CALM_DELAY_MS}; seconds after the epoch's end. */
export function calmSeconds({ stormUntilSeconds, partition }: EpochFaults): number {
  return Math.max(stormUntilSeconds, partition?.untilSeconds ?? 0);
}
