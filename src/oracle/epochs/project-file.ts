import { MandateError } from "../../core/errors/mandate-error.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { headerOf, parseRecords, type RecordFormat } from "../tree/record-file.ts";
import { WORD_BYTES, writeWord } from "../tree/words.ts";
import { PROJECT_BYTES, ProjectList } from "./project-list.ts";

const format: RecordFormat = {
  kind: "mandate.projects/1",
  recordBytes: PROJECT_BYTES,
  refusal: (problem) =>
    new MandateError("ProjectsMalformed", `not a file of projects: ${problem}`, {
      kind: "refused",
      remedy:
        "Remove the epoch's directory: what was measured in it is lost, and its report is fetched from another operator.",
    }),
};

/**
 * Projects as bytes: `mandate.projects/1` and a newline, number of projects, number of definitions (each four bytes, big-endian), the
 * definitions, then for each project its id and the number of its definition. The same projects give the same bytes.
 */
export function encodeProjects(projects: ProjectList): Buffer {
  return Buffer.concat(projectFilePieces(projects));
}

/** The same in pieces, so that the list is not copied. */
export function projectFilePieces({ length, records, definitions }: ProjectList): readonly Buffer[] {
  const words = Buffer.alloc(definitions.length * WORD_BYTES);
  for (const [number, definition] of definitions.entries()) writeWord(definition, words, number * WORD_BYTES);
  return [headerOf(format, length, definitions.length), words, records];
}

/** Reads what {@link encodeProjects} wrote, without a copy. @throws {MandateError} `ProjectsMalformed` where it is anything else. */
export function parseProjects(bytes: Uint8Array): ProjectList {
  const { records, definitions } = parseRecords(format, bytes);
  const words: Hex[] = [];
  for (let at = 0; at < definitions.length; at += WORD_BYTES)
    words.push(hexOf(definitions.subarray(at, at + WORD_BYTES)));
  return new ProjectList(records, words);
}
