import { MandateError } from "../../core/errors/mandate-error.ts";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import { outcomes, type Leaf, type Outcome } from "../../core/merkle/leaf.ts";
import { PROJECT_BYTES, type ProjectList } from "../epochs/project-list.ts";
import { ascendingPlaces, compareWords, WORD_BYTES, writeWord } from "./words.ts";

/** Project id, number of the definition, outcome, grade, score. */
export const RECORD_BYTES = WORD_BYTES + 4 + 1 + 1 + 8;
/** Outcome, grade, score. */
const RESULT_BYTES = RECORD_BYTES - PROJECT_BYTES;
/** Bytes of a leaf that is encoded as the contract hashes it. */
export const LEAF_BYTES = 5 * WORD_BYTES;

const DEFINITION_AT = WORD_BYTES;
const OUTCOME_AT = DEFINITION_AT + 4;
const GRADE_AT = OUTCOME_AT + 1;
const SCORE_AT = GRADE_AT + 1;

const outcomeNames = new Map<number, Outcome>(
  (Object.keys(outcomes) as Outcome[]).map((name) => [outcomes[name], name]),
);

/**
 * The leaves of a report, ascending by project id, in two buffers: an object a leaf would take ten times the memory. The same leaves
 * have the same bytes, whatever order they came in.
 */
export class PackedLeaves {
  readonly count: number;
  /** {@link RECORD_BYTES} a leaf. */
  readonly records: Buffer;
  /** Words that records name by number, in the order in which the leaves first name them. */
  readonly definitions: Buffer;

  /** For those who know that the buffers are as described; others use {@link LeafPacker} or `parseLeaves`. */
  constructor(records: Buffer, definitions: Buffer) {
    this.count = records.length / RECORD_BYTES;
    this.records = records;
    this.definitions = definitions;
  }

  /** @throws {RangeError} where there is no such leaf. */
  at(index: number): Leaf {
    const start = this.#startOf(index);
    const outcome = outcomeNames.get(this.records[start + OUTCOME_AT] ?? 0);
    if (outcome === undefined) throw new RangeError(`leaf ${index} has no outcome`);
    return {
      project: hexOf(this.projectAt(index)),
      definition: hexOf(this.#definitionAt(start)),
      outcome,
      grade: this.records[start + GRADE_AT] ?? 0,
      score: this.records.readBigUInt64BE(start + SCORE_AT),
    };
  }

  /** The id's bytes, which must not be changed. */
  projectAt(index: number): Buffer {
    const start = this.#startOf(index);
    return this.records.subarray(start, start + WORD_BYTES);
  }

  /** Outcome, grade and score of a leaf as they lie in its record. */
  resultAt(index: number): Buffer {
    const start = this.#startOf(index);
    return this.records.subarray(start + OUTCOME_AT, start + RECORD_BYTES);
  }

  /** The definition's bytes, which must not be changed. */
  definitionAt(index: number): Buffer {
    return this.#definitionAt(this.#startOf(index));
  }

  /** Writes `abi.encode(project, definition, outcome, grade, score)` into the first 160 bytes of `target`. */
  encode(index: number, target: Buffer): void {
    const start = this.#startOf(index);
    const { records } = this;
    const definition = WORD_BYTES * records.readUInt32BE(start + DEFINITION_AT);
    target.fill(0, 2 * WORD_BYTES, LEAF_BYTES);
    records.copy(target, 0, start, start + WORD_BYTES);
    this.definitions.copy(target, WORD_BYTES, definition, definition + WORD_BYTES);
    target[3 * WORD_BYTES - 1] = records[start + OUTCOME_AT] ?? 0;
    target[4 * WORD_BYTES - 1] = records[start + GRADE_AT] ?? 0;
    records.copy(target, LEAF_BYTES - 8, start + SCORE_AT, start + RECORD_BYTES);
  }

  /** Index of the first leaf whose project id is not below `project`; their number where all are. */
  lowerBound(project: Uint8Array): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.projectAt(middle).compare(project) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of a project's leaf, or undefined. */
  indexOf(project: Hex): number | undefined {
    const id = bytesOf(project);
    const index = this.lowerBound(id);
    return index < this.count && this.projectAt(index).compare(id) === 0 ? index : undefined;
  }

  /** The leaves as objects, made one after the other. */
  *[Symbol.iterator](): Iterator<Leaf> {
    for (let index = 0; index < this.count; index += 1) yield this.at(index);
  }

  #startOf(index: number): number {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw new RangeError(`no leaf ${index} of ${this.count}`);
    }
    return index * RECORD_BYTES;
  }

  #definitionAt(start: number): Buffer {
    const at = WORD_BYTES * this.records.readUInt32BE(start + DEFINITION_AT);
    return this.definitions.subarray(at, at + WORD_BYTES);
  }
}

/** Takes leaves in any order. */
export class LeafPacker {
  readonly #definitions = new Map<string, number>();
  /** For each source of packed leaves, the number here of each of its definitions; -1 where it has none yet. */
  readonly #sources = new Map<PackedLeaves, Int32Array>();
  #records: Buffer;
  #count = 0;
  #isAscending = true;

  /** @param expected number of leaves, as far as it is known. */
  constructor(expected: number) {
    this.#records = Buffer.alloc(Math.max(1, expected) * RECORD_BYTES);
  }

  /** @throws {RangeError} where an id is not a word, or a number does not fit its field. */
  add({ project, definition, outcome, grade, score }: Leaf): void {
    const start = this.#reserve();
    const records = this.#records;
    writeWord(project, records, start);
    records.writeUInt32BE(this.#numberOf(definition), start + DEFINITION_AT);
    records[start + OUTCOME_AT] = outcomes[outcome];
    records.writeUInt8(grade, start + GRADE_AT);
    records.writeBigUInt64BE(score, start + SCORE_AT);
    this.#counted();
  }

  /** Takes over a leaf that is packed already. */
  addFrom(source: PackedLeaves, index: number): void {
    const start = this.#reserve();
    const records = this.#records;
    const from = index * RECORD_BYTES;
    source.records.copy(records, start, from, from + RECORD_BYTES);
    const theirs = source.records.readUInt32BE(from + DEFINITION_AT);
    const numbers = this.#numbersOf(source);
    const known = numbers[theirs] ?? -1;
    const number = known === -1 ? this.#numberOf(hexOf(source.definitionAt(index))) : known;
    numbers[theirs] = number;
    records.writeUInt32BE(number, start + DEFINITION_AT);
    this.#counted();
  }

  /** @throws {MandateError} `DuplicateLeaf` where a project has two leaves. */
  pack(): PackedLeaves {
    const records = this.#records.subarray(0, this.#count * RECORD_BYTES);
    return this.#inOrder(this.#isAscending ? records : sorted(records));
  }

  /** Numbers the definitions anew, in the order in which the sorted leaves name them. */
  #inOrder(records: Buffer): PackedLeaves {
    const words = [...this.#definitions.keys()];
    const renumbered = new Int32Array(words.length).fill(-1);
    const definitions = Buffer.alloc(words.length * WORD_BYTES);
    let next = 0;
    for (let at = DEFINITION_AT; at < records.length; at += RECORD_BYTES) {
      const old = records.readUInt32BE(at);
      let number = renumbered[old] ?? -1;
      if (number === -1) {
        number = next;
        next += 1;
        renumbered[old] = number;
        writeWord(words[old] ?? "", definitions, number * WORD_BYTES);
      }
      records.writeUInt32BE(number, at);
    }
    return new PackedLeaves(records, definitions);
  }

  #reserve(): number {
    const start = this.#count * RECORD_BYTES;
    if (start === this.#records.length) this.#records = Buffer.concat([this.#records, Buffer.alloc(start)]);
    return start;
  }

  #counted(): void {
    if (this.#isAscending && this.#count > 0) {
      this.#isAscending = compareWords(this.#records, RECORD_BYTES, this.#count, this.#count - 1) > 0;
    }
    this.#count += 1;
  }

  #numbersOf(source: PackedLeaves): Int32Array {
    const known = this.#sources.get(source);
    if (known !== undefined) return known;
    const numbers = new Int32Array(source.definitions.length / WORD_BYTES).fill(-1);
    this.#sources.set(source, numbers);
    return numbers;
  }

  #numberOf(definition: Hex): number {
    const known = this.#definitions.get(definition);
    if (known !== undefined) return known;
    const lower = definition.toLowerCase();
    const number = this.#definitions.get(lower) ?? this.#definitions.size;
    writeWord(lower, Buffer.alloc(WORD_BYTES), 0);
    this.#definitions.set(lower, number);
    return number;
  }
}

/** Packs leaves that come in any order. @throws {MandateError} `DuplicateLeaf` where a project has two. */
export function packLeaves(leaves: Iterable<Leaf>, expected = 0): PackedLeaves {
  const packer = new LeafPacker(expected);
  for (const leaf of leaves) packer.add(leaf);
  return packer.pack();
}

/**
 * The leaves of projects by what their definitions amount to: `results` has one for each definition of the list, in its order. Nothing is
 * sorted or looked up, as the list is in the order of the leaves.
 */
export function packScored(
  projects: ProjectList,
  results: readonly Omit<Leaf, "project" | "definition">[],
): PackedLeaves {
  const known = Buffer.alloc(results.length * RESULT_BYTES);
  for (const [number, { outcome, grade, score }] of results.entries()) {
    const start = number * RESULT_BYTES;
    known[start] = outcomes[outcome];
    known.writeUInt8(grade, start + 1);
    known.writeBigUInt64BE(score, start + 2);
  }
  const records = Buffer.alloc(projects.length * RECORD_BYTES);
  for (let index = 0; index < projects.length; index += 1) {
    const [from, to] = [index * PROJECT_BYTES, index * RECORD_BYTES];
    const result = projects.numberAt(index) * RESULT_BYTES;
    projects.records.copy(records, to, from, from + PROJECT_BYTES);
    known.copy(records, to + PROJECT_BYTES, result, result + RESULT_BYTES);
  }
  const definitions = Buffer.alloc(projects.definitions.length * WORD_BYTES);
  for (const [number, definition] of projects.definitions.entries()) {
    writeWord(definition, definitions, number * WORD_BYTES);
  }
  return new PackedLeaves(records, definitions);
}

function sorted(records: Buffer): Buffer {
  const result = Buffer.alloc(records.length);
  for (const [to, from] of ascendingPlaces(records, RECORD_BYTES).entries()) {
    records.copy(result, to * RECORD_BYTES, from * RECORD_BYTES, (from + 1) * RECORD_BYTES);
    if (to > 0 && compareWords(result, RECORD_BYTES, to - 1, to) === 0) {
      const project = hexOf(records.subarray(from * RECORD_BYTES, from * RECORD_BYTES + WORD_BYTES));
      throw new MandateError("DuplicateLeaf", `project ${project} has two leaves`, {
        kind: "defect",
        data: { project },
      });
    }
  }
  return result;
}
