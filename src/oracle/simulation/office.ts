import type { Hex } from "../../core/hex.ts";
import type { SeededRandom } from "../../core/seeded-random.ts";
import type { ModelChain } from "./model-chain.ts";
import type { ModelSets } from "./model-sets.ts";

/** Probability, by epoch, that the office has looked into a suspension: seats are vacant for some eight epochs on average. */
const REINSTATES = 0.125;

export interface OfficeTerms {
  readonly random: SeededRandom;
  readonly sets: ModelSets;
  readonly chain: Pick<ModelChain, "govern">;
  readonly onReinstated: (names: readonly Hex[]) => void;
}

/** Who governs the sets: reinstates whom evidence took out, after some epochs, all that are out at once. */
export class Office {
  readonly #terms: OfficeTerms;

  constructor(terms: OfficeTerms) {
    this.#terms = terms;
  }

  /** An epoch is over. */
  begin(): void {
    const { random, sets, chain, onReinstated } = this.#terms;
    if (!random.chance(REINSTATES) || sets.out.length === 0) return;
    chain.govern((chainSeconds) => onReinstated(sets.reinstateAll(chainSeconds)));
  }
}
