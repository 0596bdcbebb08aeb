/** Choices that the same seed makes again, on every machine: good enough to choose, not to keep a secret. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number in [0, 1), by Weyl sequence and mixing. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** A whole number in [0, below), of any size. */
  belowBig(below: bigint): bigint {
    const digits = BigInt(Math.floor(this.next() * 2 ** 30)) * 2n ** 30n + BigInt(Math.floor(this.next() * 2 ** 30));
    return (below * digits) >> 60n;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const index = this.below(list.length);
    if (list.length === 0) throw new RangeError("nothing to pick from");
    return list[index] as T;
  }
}
