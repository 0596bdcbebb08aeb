import { hexOf, type Hex } from "../../core/hex.ts";
import { WORD_BYTES, writeWord } from "../tree/words.ts";

const SMALLEST = 64;

/** Projects of a vault in the order in which they were first seen, each once: 44 bytes each, of which a map of texts would take four times as many. */
export class OpenedProjects {
  #ids = Buffer.alloc(SMALLEST * WORD_BYTES);
  /** For each project the block in which it was first seen to have ended for good, plus one; 0 where it has not. */
  #ended = new Uint32Array(SMALLEST);
  /** Place of an id plus one, at the first free slot from where its first bytes lead; twice as many as there is room for ids. */
  #slots = new Uint32Array(2 * SMALLEST);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Takes a project, unless it has it. @throws {RangeError} where the id is not a word. */
  add(project: Hex): void {
    if (this.#count === this.#ended.length) this.#grow();
    // Written behind the others, it is compared there, and stays if it is new.
    writeWord(project, this.#ids, this.#count * WORD_BYTES);
    const slot = this.#slotOf(this.#count);
    if (this.#slots[slot] !== 0) return;
    this.#count += 1;
    this.#slots[slot] = this.#count;
  }

  has(project: Hex): boolean {
    if (this.#count === this.#ended.length) this.#grow();
    writeWord(project, this.#ids, this.#count * WORD_BYTES);
    return this.#slots[this.#slotOf(this.#count)] !== 0;
  }

  at(index: number): Hex {
    return hexOf(this.#ids.subarray(index * WORD_BYTES, (index + 1) * WORD_BYTES));
  }

  /** Block in which the project was first seen to have ended for good. */
  endedAt(index: number): number | undefined {
    const ended = this.#ended[index] ?? 0;
    return ended === 0 ? undefined : ended - 1;
  }

  setEndedAt(index: number, block: number | undefined): void {
    this.#ended[index] = block === undefined ? 0 : block + 1;
  }

  #slotOf(index: number): number {
    const mask = this.#slots.length - 1;
    const start = index * WORD_BYTES;
    let slot = this.#ids.readUInt32BE(start) & mask;
    for (;;) {
      const place = (this.#slots[slot] ?? 0) - 1;
      if (place === -1) return slot;
      const other = place * WORD_BYTES;
      if (this.#ids.compare(this.#ids, other, other + WORD_BYTES, start, start + WORD_BYTES) === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const room = 2 * this.#ended.length;
    this.#ids = Buffer.concat([this.#ids], room * WORD_BYTES);
    const ended = new Uint32Array(room);
    ended.set(this.#ended);
    this.#ended = ended;
    this.#slots = new Uint32Array(2 * room);
    for (let index = 0; index < this.#count; index += 1) this.#slots[this.#slotOf(index)] = index + 1;
  }
}
