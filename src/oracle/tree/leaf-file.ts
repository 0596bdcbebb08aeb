import { MandateError } from "../../core/errors/mandate-error.ts";
import { PackedLeaves, RECORD_BYTES } from "./packed-leaves.ts";
import { headerOf, parseRecords, type RecordFormat } from "./record-file.ts";
import { WORD_BYTES } from "./words.ts";

const LEAVES_A_PIECE = 10_000;

const format: RecordFormat = {
  kind: "mandate.leaves/1",
  recordBytes: RECORD_BYTES,
  problemOf: (records, start) => {
    const [outcome = 0, grade = 0] = records.subarray(start + WORD_BYTES + 4, start + WORD_BYTES + 6);
    return outcome < 1 || outcome > 3 || grade > 4 ? "an outcome or grade that does not exist" : undefined;
  },
  refusal: (problem) =>
    new MandateError("LeavesMalformed", `not a file of leaves: ${problem}`, {
      kind: "refused",
      remedy: "Remove the epoch's directory: its leaves are fetched from another operator.",
    }),
};

/**
 * Leaves as bytes: `mandate.leaves/1` and a newline, number of leaves, number of definitions (each four bytes, big-endian), the
 * definitions, then for each leaf its project id, number of its definition, outcome, grade and score. The same leaves give the same bytes.
 */
export function encodeLeaves(leaves: PackedLeaves): Buffer {
  return Buffer.concat([...leafFilePieces(leaves)]);
}

/** The same in pieces, of which one is in memory at a time. */
export function* leafFilePieces(leaves: PackedLeaves): Generator<Buffer> {
  const { count, definitions } = leaves;
  yield headerOf(format, count, definitions.length / WORD_BYTES);
  yield definitions;
  for (let start = 0; start < count; start += LEAVES_A_PIECE) {
    const piece = Buffer.alloc(Math.min(LEAVES_A_PIECE, count - start) * RECORD_BYTES);
    for (let at = 0; at < piece.length; at += RECORD_BYTES) leaves.copyRecord(start + at / RECORD_BYTES, piece, at);
    yield piece;
  }
}

/** Reads what {@link encodeLeaves} wrote, without a copy. @throws {MandateError} `LeavesMalformed` where it is anything else. */
export function parseLeaves(bytes: Uint8Array): PackedLeaves {
  const { records, definitions } = parseRecords(format, bytes);
  return PackedLeaves.ofRecords(records, definitions);
}
