import { MandateError } from "../../core/errors/mandate-error.ts";
import { PackedLeaves, RECORD_BYTES } from "./packed-leaves.ts";
import { WORD_BYTES } from "./words.ts";

const MAGIC = Buffer.from("mandate.leaves/1\n");
const HEADER_BYTES = MAGIC.length + 8;

/**
 * Leaves as bytes: `mandate.leaves/1` and a newline, number of leaves, number of definitions (each four bytes, big-endian), the
 * definitions, then for each leaf its project id, number of its definition, outcome, grade and score. The same leaves give the same bytes.
 */
export function encodeLeaves({ count, records, definitions }: PackedLeaves): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(count, MAGIC.length);
  header.writeUInt32BE(definitions.length / WORD_BYTES, MAGIC.length + 4);
  return Buffer.concat([header, definitions, records]);
}

/** Reads what {@link encodeLeaves} wrote, without a copy. @throws {MandateError} `LeavesMalformed` where it is anything else. */
export function parseLeaves(bytes: Uint8Array): PackedLeaves {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < HEADER_BYTES || !buffer.subarray(0, MAGIC.length).equals(MAGIC)) throw malformed("no header");
  const count = buffer.readUInt32BE(MAGIC.length);
  const words = buffer.readUInt32BE(MAGIC.length + 4);
  const recordsAt = HEADER_BYTES + words * WORD_BYTES;
  if (buffer.length !== recordsAt + count * RECORD_BYTES) throw malformed("another length than its header says");
  const records = buffer.subarray(recordsAt);
  let named = 0;
  for (let start = 0; start < records.length; start += RECORD_BYTES) {
    const previous = start - RECORD_BYTES;
    if (start > 0 && records.compare(records, start, start + WORD_BYTES, previous, previous + WORD_BYTES) >= 0) {
      throw malformed("projects that do not ascend");
    }
    const definition = records.readUInt32BE(start + WORD_BYTES);
    if (definition > named || definition >= words) throw malformed("definitions that are not in their order");
    if (definition === named) named += 1;
    const [outcome = 0, grade = 0] = records.subarray(start + WORD_BYTES + 4, start + WORD_BYTES + 6);
    if (outcome < 1 || outcome > 3 || grade > 4) throw malformed("an outcome or grade that does not exist");
  }
  if (named !== words) throw malformed("a definition that no leaf names");
  return new PackedLeaves(records, buffer.subarray(HEADER_BYTES, recordsAt));
}

function malformed(what: string): MandateError {
  return new MandateError("LeavesMalformed", `not a file of leaves: ${what}`, {
    kind: "refused",
    remedy: "Remove the epoch's directory: its leaves are fetched from another operator.",
  });
}
