import { MandateError } from "../../core/errors/mandate-error.ts";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import { outcomes, type Leaf, type Outcome } from "../../core/merkle/leaf.ts";
import { PROJECT_BYTES, type ProjectList } from "../epochs/project-list.ts";
import { compareWords, sortRecords, WORD_BYTES, writeWord } from "./words.ts";

/** Project id, number of the definition, outcome, grade, score. */
export const RECORD_BYTES = WORD_BYTES + 4 + 1 + 1 + 8;
/** Outcome, grade, score. */
const RESULT_BYTES = RECORD_BYTES - PROJECT_BYTES;
/** Bytes of a leaf that is encoded as the contract hashes it. */
export const LEAF_BYTES = 5 * WORD_BYTES;

const DEFINITION_AT = WORD_BYTES;
/** Within a result, which begins with the outcome. */
const GRADE_AT = 1;
const SCORE_AT = GRADE_AT + 1;

const outcomeNames = new Map<number, Outcome>(
  (Object.keys(outcomes) as Outcome[]).map((name) => [outcomes[name], name]),
);

/** Records of a buffer that lie `stride` bytes apart. */
interface Column {
  readonly bytes: Buffer;
  readonly stride: number;
}

/**
 * The leaves of a report, ascending by project id, as bytes: an object a leaf would take ten times the memory. The same leaves have the same
 * bytes, whatever order they came in. Where leaves are computed, projects lie where their list has them, and only results are new.
 */
export class PackedLeaves {
  readonly count: number;
  /** Words that records name by number, in the order in which the leaves first name them. */
  readonly definitions: Buffer;
  readonly #projects: Column;
  readonly #results: Column;

  private constructor(projects: Column, results: Column, definitions: Buffer) {
    this.count = projects.bytes.length / projects.stride;
    this.definitions = definitions;
    this.#projects = projects;
    this.#results = results;
  }

  /** Leaves of records of {@link RECORD_BYTES}. For those who know that both are as described; others use {@link LeafPacker} or `parseLeaves`. */
  static ofRecords(records: Buffer, definitions: Buffer): PackedLeaves {
    const results = records.subarray(PROJECT_BYTES);
    return new PackedLeaves(
      { bytes: records, stride: RECORD_BYTES },
      { bytes: results, stride: RECORD_BYTES },
      definitions,
    );
  }

  /** Leaves of a list's projects, which is not copied, and a result of {@link RESULT_BYTES} for each. */
  static ofProjects({ records, definitions: hashes }: ProjectList, results: Buffer): PackedLeaves {
    const definitions = Buffer.alloc(hashes.length * WORD_BYTES);
    for (const [number, definition] of hashes.entries()) writeWord(definition, definitions, number * WORD_BYTES);
    return new PackedLeaves(
      { bytes: records, stride: PROJECT_BYTES },
      { bytes: results, stride: RESULT_BYTES },
      definitions,
    );
  }

  /** @throws {RangeError} where there is no such leaf. */
  at(index: number): Leaf {
    const result = this.resultAt(index);
    const outcome = outcomeNames.get(result[0] ?? 0);
    if (outcome === undefined) throw new RangeError(`leaf ${index} has no outcome`);
    return {
      project: hexOf(this.projectAt(index)),
      definition: hexOf(this.definitionAt(index)),
      outcome,
      grade: result[GRADE_AT] ?? 0,
      score: result.readBigUInt64BE(SCORE_AT),
    };
  }

  /** The id's bytes, which must not be changed. */
  projectAt(index: number): Buffer {
    const start = this.#startOf(index, this.#projects);
    return this.#projects.bytes.subarray(start, start + WORD_BYTES);
  }

  /** Outcome, grade and score of a leaf as they lie in its record. */
  resultAt(index: number): Buffer {
    const start = this.#startOf(index, this.#results);
    return this.#results.bytes.subarray(start, start + RESULT_BYTES);
  }

  /** The definition's bytes, which must not be changed. */
  definitionAt(index: number): Buffer {
    const at = WORD_BYTES * this.numberAt(index);
    return this.definitions.subarray(at, at + WORD_BYTES);
  }

  /** Number of the leaf's definition. */
  numberAt(index: number): number {
    return this.#projects.bytes.readUInt32BE(this.#startOf(index, this.#projects) + DEFINITION_AT);
  }

  /** Copies the leaf's record of {@link RECORD_BYTES} to `target`. */
  copyRecord(index: number, target: Buffer, at: number): void {
    const [project, result] = [this.#startOf(index, this.#projects), this.#startOf(index, this.#results)];
    this.#projects.bytes.copy(target, at, project, project + PROJECT_BYTES);
    this.#results.bytes.copy(target, at + PROJECT_BYTES, result, result + RESULT_BYTES);
  }

  /** Writes `abi.encode(project, definition, outcome, grade, score)` into the first 160 bytes of `target`. */
  encode(index: number, target: Buffer): void {
    const [project, result] = [this.#startOf(index, this.#projects), this.#startOf(index, this.#results)];
    const definition = WORD_BYTES * this.numberAt(index);
    const { bytes: results } = this.#results;
    target.fill(0, 2 * WORD_BYTES, LEAF_BYTES);
    this.#projects.bytes.copy(target, 0, project, project + WORD_BYTES);
    this.definitions.copy(target, WORD_BYTES, definition, definition + WORD_BYTES);
    target[3 * WORD_BYTES - 1] = results[result] ?? 0;
    target[4 * WORD_BYTES - 1] = results[result + GRADE_AT] ?? 0;
    results.copy(target, LEAF_BYTES - 8, result + SCORE_AT, result + RESULT_BYTES);
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

  #startOf(index: number, { stride }: Column): number {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw new RangeError(`no leaf ${index} of ${this.count}`);
    }
    return index * stride;
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
    writeResult({ outcome, grade, score }, records, start + PROJECT_BYTES);
    this.#counted();
  }

  /** Takes over a leaf that is packed already. */
  addFrom(source: PackedLeaves, index: number): void {
    const start = this.#reserve();
    const records = this.#records;
    source.copyRecord(index, records, start);
    const theirs = source.numberAt(index);
    const numbers = this.#numbersOf(source);
    const known = numbers[theirs] ?? -1;
    const number = known === -1 ? this.#numberOf(hexOf(source.definitionAt(index))) : known;
    numbers[theirs] = number;
    records.writeUInt32BE(number, start + DEFINITION_AT);
    this.#counted();
  }

  /** Not sorted, and perhaps with two leaves of a project: to be held against those of a report, never to be one. */
  inOrderTaken(): PackedLeaves {
    return this.#inOrder(this.#records.subarray(0, this.#count * RECORD_BYTES));
  }

  /** @throws {MandateError} `DuplicateLeaf` where a project has two leaves. */
  pack(): PackedLeaves {
    const records = this.#records.subarray(0, this.#count * RECORD_BYTES);
    if (!this.#isAscending) sort(records);
    return this.#inOrder(records);
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
    return PackedLeaves.ofRecords(records, definitions);
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
export function packScored(projects: ProjectList, results: readonly LeafResult[]): PackedLeaves {
  const known = Buffer.alloc(results.length * RESULT_BYTES);
  for (const [number, result] of results.entries()) writeResult(result, known, number * RESULT_BYTES);
  const all = Buffer.alloc(projects.length * RESULT_BYTES);
  for (let index = 0; index < projects.length; index += 1) {
    const from = projects.numberAt(index) * RESULT_BYTES;
    known.copy(all, index * RESULT_BYTES, from, from + RESULT_BYTES);
  }
  return PackedLeaves.ofProjects(projects, all);
}

type LeafResult = Pick<Leaf, "outcome" | "grade" | "score">;

/** @throws {RangeError} where a number does not fit its field. */
function writeResult({ outcome, grade, score }: LeafResult, target: Buffer, at: number): void {
  target[at] = outcomes[outcome];
  target.writeUInt8(grade, at + GRADE_AT);
  target.writeBigUInt64BE(score, at + SCORE_AT);
}

function sort(records: Buffer): void {
  const twice = sortRecords(records, RECORD_BYTES);
  if (twice === undefined) return;
  const project = hexOf(records.subarray(twice * RECORD_BYTES, twice * RECORD_BYTES + WORD_BYTES));
  throw new MandateError("DuplicateLeaf", `project ${project} has two leaves`, {
    kind: "defect",
    data: { project },
  });
}
