import { MandateError } from "../../core/errors/mandate-error.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { compareWords, sortRecords, WORD_BYTES, writeWord } from "../tree/words.ts";

/** A project that is scored, and the hash of the definition by which it is. */
export interface ActiveProject {
  readonly project: Hex;
  readonly definition: Hex;
}

const DEFINITION_AT = WORD_BYTES;

/** Project id, number of the definition. A leaf's record begins with the same. */
export const PROJECT_BYTES = DEFINITION_AT + 4;

/**
 * Projects ascending by id in one buffer: as objects, a million would take half a gigabyte. The same projects have the same bytes,
 * whatever order they came in.
 */
export class ProjectList {
  readonly length: number;
  /** {@link PROJECT_BYTES} a project; must not be changed. */
  readonly records: Buffer;
  /** Each once, in the order in which the projects first name them, which is by what records number them. */
  readonly definitions: readonly Hex[];

  /** For those who know that both are as described; others use {@link ProjectList.of} or {@link ProjectPacker}. */
  constructor(records: Buffer, definitions: readonly Hex[]) {
    this.length = records.length / PROJECT_BYTES;
    this.records = records;
    this.definitions = definitions;
  }

  /** @throws {MandateError} `DuplicateProject` where one stands twice. */
  static of(projects: Iterable<ActiveProject>): ProjectList {
    const packer = new ProjectPacker();
    for (const each of projects) packer.add(each);
    return packer.pack();
  }

  /** @throws {RangeError} where there is no such project. */
  at(index: number): ActiveProject {
    const definition = this.definitions[this.numberAt(index)];
    if (definition === undefined) throw new RangeError(`project ${index} has no definition`);
    const start = index * PROJECT_BYTES;
    return { project: hexOf(this.records.subarray(start, start + WORD_BYTES)), definition };
  }

  /** Number of the definition of the project at `index`. @throws {RangeError} where there is no such project. */
  numberAt(index: number): number {
    return this.records.readUInt32BE(index * PROJECT_BYTES + DEFINITION_AT);
  }

  /** The projects as objects, made one after the other. */
  *[Symbol.iterator](): Iterator<ActiveProject> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }

  /** As documents have it: an array of all. */
  toJSON(): readonly ActiveProject[] {
    return [...this];
  }
}

/** Takes projects in any order, one at a time. */
export class ProjectPacker {
  readonly #numbers = new Map<string, number>();
  readonly #definitions: Hex[] = [];
  #records = Buffer.alloc(64 * PROJECT_BYTES);
  #count = 0;
  #isAscending = true;

  /** @throws {RangeError} where one of the two is not a word. */
  add({ project, definition }: ActiveProject): void {
    const start = this.#count * PROJECT_BYTES;
    if (start === this.#records.length) this.#records = Buffer.concat([this.#records, Buffer.alloc(start)]);
    writeWord(project, this.#records, start);
    this.#records.writeUInt32BE(this.#numberOf(definition), start + DEFINITION_AT);
    if (this.#isAscending && this.#count > 0) {
      this.#isAscending = compareWords(this.#records, PROJECT_BYTES, this.#count, this.#count - 1) > 0;
    }
    this.#count += 1;
  }

  /** Ends the packing: the list takes over the packer's buffer. @throws {MandateError} `DuplicateProject` where one stands twice. */
  pack(): ProjectList {
    const taken = this.#records.subarray(0, this.#count * PROJECT_BYTES);
    if (!this.#isAscending) sort(taken);
    const isSnug = this.#records.length - taken.length < this.#records.length / 8;
    const records = isSnug ? taken : Buffer.from(taken); // a list is held for an epoch
    const renumbered = new Int32Array(this.#definitions.length).fill(-1);
    const definitions: Hex[] = [];
    for (let at = DEFINITION_AT; at < records.length; at += PROJECT_BYTES) {
      const old = records.readUInt32BE(at);
      let number = renumbered[old] ?? -1;
      if (number === -1) {
        number = definitions.length;
        renumbered[old] = number;
        definitions.push(...this.#definitions.slice(old, old + 1));
      }
      records.writeUInt32BE(number, at);
    }
    return new ProjectList(records, definitions);
  }

  #numberOf(definition: Hex): number {
    const known = this.#numbers.get(definition);
    if (known !== undefined) return known;
    const word = Buffer.alloc(WORD_BYTES);
    writeWord(definition, word, 0);
    const lower = hexOf(word);
    const number = this.#numbers.get(lower) ?? this.#definitions.push(lower) - 1;
    this.#numbers.set(lower, number);
    return number;
  }
}

function sort(records: Buffer): void {
  const twice = sortRecords(records, PROJECT_BYTES);
  if (twice === undefined) return;
  const project = hexOf(records.subarray(twice * PROJECT_BYTES, twice * PROJECT_BYTES + WORD_BYTES));
  throw new MandateError("DuplicateProject", `project ${project} stands twice among those that are scored`, {
    kind: "defect",
    data: { project },
  });
}
