import { mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hexOf } from "../../src/core/hex.ts";
import type { ActiveProject } from "../../src/oracle/epochs/project-list.ts";
import { WORD_BYTES, writeWord } from "../../src/oracle/tree/words.ts";

/** Project id, hash of its definition. */
const ENTRY_BYTES = 2 * WORD_BYTES;
const ENTRIES_AT_ONCE = 1_000;

/** Writes projects to a file without a name, and reads them again one at a time: an operator does not hold the chain's answers either. */
export function storedProjects(projects: Iterable<ActiveProject>): Iterable<ActiveProject> {
  const directory = mkdtempSync(join(tmpdir(), "mandate-bench-"));
  const file = openSync(join(directory, "projects"), "w+");
  rmSync(directory, { recursive: true }); // what is open stays until the process ends
  const entries = Buffer.alloc(ENTRIES_AT_ONCE * ENTRY_BYTES);
  let used = 0;
  for (const { project, definition } of projects) {
    writeWord(project, entries, used);
    writeWord(definition, entries, used + WORD_BYTES);
    used += ENTRY_BYTES;
    if (used < entries.length) continue;
    writeSync(file, entries);
    used = 0;
  }
  writeSync(file, entries, 0, used);
  return { [Symbol.iterator]: () => entriesOf(file) };
}

function* entriesOf(file: number): Generator<ActiveProject> {
  const entries = Buffer.alloc(ENTRIES_AT_ONCE * ENTRY_BYTES);
  for (let position = 0; ; position += entries.length) {
    const length = readSync(file, entries, 0, entries.length, position);
    for (let at = 0; at < length; at += ENTRY_BYTES) {
      const [project, definition] = [at, at + WORD_BYTES].map((start) =>
        hexOf(entries.subarray(start, start + WORD_BYTES)),
      );
      if (project !== undefined && definition !== undefined) yield { project, definition };
    }
    if (length < entries.length) return;
  }
}
