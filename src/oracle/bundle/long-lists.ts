import { isAscii } from "node:buffer";
import type { Leaf } from "../../core/merkle/leaf.ts";
import type { ActiveProject } from "../epochs/project-list.ts";
import type { EpochFacts } from "../scoring/evaluate-epoch.ts";
import { bundleText } from "./bundle.ts";
import type { Part } from "./part.ts";

/** Entries in one piece of text. */
const ENTRIES_A_PIECE = 1_000;

/** What stands before the list in the canonical text of facts, which name no other list. */
const PROJECTS = '"projects":[';

/** Canonical text of a leaf, as `bundleText` makes it. */
export function leafText({ project, definition, outcome, grade, score }: Leaf): string {
  return `{"definition":"${definition}","grade":${grade},"outcome":"${outcome}","project":"${project}","score":"${score}"}`;
}

/** Canonical text of a project, as `bundleText` makes it. */
export function projectText({ project, definition }: ActiveProject): string {
  return `{"definition":"${definition}","project":"${project}"}`;
}

/** Leaves as a part. */
export function leavesPart(leaves: Iterable<Leaf>): Part {
  return { pieces: () => listText("[", leaves, leafText, "]") };
}

/** What the outcome function takes besides observations and definitions, as a part. */
export function factsPart(facts: EpochFacts): Part {
  const around = bundleText({ ...facts, projects: [] });
  const at = around.indexOf(PROJECTS) + PROJECTS.length;
  return { pieces: () => listText(around.slice(0, at), facts.projects, projectText, around.slice(at)) };
}

function* listText<Entry>(
  before: string,
  entries: Iterable<Entry>,
  textOf: (entry: Entry) => string,
  after: string,
): Generator<string> {
  let piece = before;
  let count = 0;
  for (const entry of entries) {
    piece += count === 0 ? textOf(entry) : `,${textOf(entry)}`;
    count += 1;
    if (count % ENTRIES_A_PIECE !== 0) continue;
    yield piece;
    piece = "";
  }
  yield piece + after;
}

/** Most bytes of an entry, and of what stands before and behind a list: far above what any has, so that no text fills the memory. */
const MAXIMUM_ENTRY_BYTES = 4_096;

/** Reads a text with a list of flat objects as its bytes arrive, an entry at a time. */
export class ListReader {
  readonly #before: string;
  readonly #onEntry: (text: string) => void;
  #state: "before" | "within" | "behind" = "before";
  #isEmpty = true;
  #around = "";
  #rest = "";

  /** @param what the list is of; `onEntry` takes the text of each entry. */
  constructor(what: "leaves" | "facts", onEntry: (text: string) => void) {
    this.#before = what === "leaves" ? "[" : PROJECTS;
    this.#onEntry = onEntry;
  }

  /** @throws {SyntaxError} where something else stands between entries. */
  push(bytes: Buffer): void {
    if (!isAscii(bytes)) throw new SyntaxError("an entry of words and numbers has no such letters");
    this.#rest += bytes.toString("latin1");
    if (this.#state === "before") this.#begin();
    if (this.#state === "within") this.#takeEntries();
    if (this.#state === "behind") {
      this.#around += this.#rest;
      this.#rest = "";
    }
    if (this.#rest.length > MAXIMUM_ENTRY_BYTES || this.#around.length > MAXIMUM_ENTRY_BYTES)
      throw new SyntaxError("an entry has no end");
  }

  /** The text around the list, with an empty one in its place. @throws {SyntaxError} where the list has no end. */
  end(): string {
    if (this.#state !== "behind") throw new SyntaxError("the list has no end");
    return this.#around;
  }

  #begin(): void {
    const found = this.#rest.indexOf(this.#before);
    if (found === -1) return;
    this.#around = this.#rest.slice(0, found + this.#before.length);
    this.#rest = this.#rest.slice(this.#around.length);
    this.#state = "within";
  }

  #takeEntries(): void {
    const text = this.#rest;
    let at = 0;
    for (;;) {
      const next = text[at];
      if (next === "]") {
        this.#state = "behind";
        break;
      }
      const start = this.#isEmpty ? at : at + 1;
      const end = text.indexOf("}", start) + 1;
      if (end === 0) break; // more is to come
      if (end - start > MAXIMUM_ENTRY_BYTES) break; // however it arrives
      if (!this.#isEmpty && next !== ",") throw new SyntaxError("entries are parted by commas");
      this.#onEntry(text.slice(start, end));
      this.#isEmpty = false;
      at = end;
    }
    this.#rest = text.slice(at);
  }
}
