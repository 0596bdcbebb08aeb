import { keccak256Text } from "../../core/keccak.ts";
import type { Hex } from "../../core/hex.ts";
import type { SeededRandom } from "../../core/seeded-random.ts";
import type { ModelChain } from "./model-chain.ts";
import type { ModelSets } from "./model-sets.ts";
import { calendar } from "./pace.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Probability, by epoch, that an operator begins to rotate its signing key. */
const ROTATES = 0.1;

export interface RotationsTerms {
  readonly random: SeededRandom;
  readonly time: VirtualTime;
  readonly sets: ModelSets;
  readonly chain: Pick<ModelChain, "govern">;
  /** The operator's node starts with the delegate's key. */
  readonly onSwitch: (name: Hex, delegate: Hex) => void;
  readonly onRotated: (name: Hex, delegate: Hex) => void;
}

/**
 * Operators that rotate their signing keys: they name a delegate and have it seated, both in one block while a report is due, and switch
 * their node between the report of the next epoch, which the old key signs, and that of the one after it.
 */
export class Rotations {
  readonly #terms: RotationsTerms;
  #count = 0;
  /** Until which epoch a rotation is under way. */
  #busyUntil = 0;

  constructor(terms: RotationsTerms) {
    this.#terms = terms;
  }

  /** An epoch is over; its set is `names` with `seats`. @param endMs When it ended. */
  begin(epoch: number, endMs: number): void {
    const { random, time, sets, chain, onSwitch, onRotated } = this.#terms;
    const isBegun = random.chance(ROTATES);
    const name = random.pick(sets.find(epoch).names);
    const share = random.next();
    if (!isBegun || epoch <= this.#busyUntil || sets.out.includes(name)) return;
    this.#busyUntil = epoch + 2;
    const delegate: Hex = `0x${keccak256Text(`delegate ${(this.#count += 1)} of ${name}`).slice(-40)}`;
    chain.govern((chainSeconds) => {
      sets.delegate(name, delegate);
      if (sets.rotate(name, chainSeconds) !== undefined) return; // suspended in this block: the delegate is seated when it comes back
      onRotated(name, delegate);
    });
    const { epochSeconds, reportDeadlineSeconds } = calendar;
    const pauseSeconds = epochSeconds - reportDeadlineSeconds - 1;
    const atSeconds = epochSeconds + reportDeadlineSeconds + 1 + Math.floor(share * (pauseSeconds - 1));
    time.at(endMs + atSeconds * 1_000, () => onSwitch(name, delegate));
  }
}
