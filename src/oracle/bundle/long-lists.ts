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

/** Where the list in the text of a part begins and ends; undefined where there is none. */
export function listWithin(
  bytes: Buffer,
  what: "leaves" | "facts",
): { readonly start: number; readonly end: number } | undefined {
  const before = what === "leaves" ? "[" : PROJECTS;
  const found = bytes.indexOf(before);
  const start = found + before.length;
  const end = bytes.lastIndexOf("]");
  return found === -1 || end < start ? undefined : { start, end };
}

/** Texts of the flat objects in a list, one after the other. @throws {SyntaxError} where something else stands between them. */
export function* entriesIn(list: Buffer): Generator<string, undefined> {
  if (!isAscii(list)) throw new SyntaxError("an entry of words and numbers has no such letters");
  for (let start = 0; start < list.length;) {
    const end = list.indexOf("}", start) + 1;
    if (end === 0) throw new SyntaxError("an entry has no end");
    yield list.toString("latin1", start, end);
    if (end < list.length && list[end] !== 0x2c) throw new SyntaxError("entries are parted by commas");
    if (end === list.length - 1) throw new SyntaxError("nothing follows the last comma");
    start = end + 1;
  }
}
