import { compareWords, WORD_BYTES } from "./words.ts";

/** A kind of file: records that begin with a word, by which they ascend, and then name a definition by its number, in four bytes. */
export interface RecordFormat {
  /** First line of the file. */
  readonly kind: string;
  readonly recordBytes: number;
  /** Why what stands behind the definition of a record is not allowed. */
  readonly problemOf?: (records: Buffer, start: number) => string | undefined;
  readonly refusal: (problem: string) => Error;
}

export interface Records {
  readonly records: Buffer;
  /** Words, in the order in which records first name them. */
  readonly definitions: Buffer;
}

function headOf({ kind }: RecordFormat): Buffer {
  return Buffer.from(`${kind}\n`);
}

/** Kind and a newline, number of records, number of definitions (each four bytes, big-endian): before the definitions, and they before the records. */
export function headerOf(format: RecordFormat, records: number, definitions: number): Buffer {
  const counts = Buffer.alloc(8);
  counts.writeUInt32BE(records);
  counts.writeUInt32BE(definitions, 4);
  return Buffer.concat([headOf(format), counts]);
}

/** Reads such a file, without a copy. @throws the format's refusal where it is anything else. */
export function parseRecords(format: RecordFormat, bytes: Uint8Array): Records {
  const { recordBytes, problemOf, refusal } = format;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = headOf(format);
  const definitionsAt = head.length + 8;
  if (buffer.length < definitionsAt || !buffer.subarray(0, head.length).equals(head)) throw refusal("no header");
  const count = buffer.readUInt32BE(head.length);
  const words = buffer.readUInt32BE(head.length + 4);
  const recordsAt = definitionsAt + words * WORD_BYTES;
  if (buffer.length !== recordsAt + count * recordBytes) throw refusal("another length than its header says");
  const records = buffer.subarray(recordsAt);
  let named = 0;
  for (let index = 0; index < count; index += 1) {
    if (index > 0 && compareWords(records, recordBytes, index, index - 1) <= 0) {
      throw refusal("projects that do not ascend");
    }
    const start = index * recordBytes;
    const definition = records.readUInt32BE(start + WORD_BYTES);
    if (definition > named || definition >= words) throw refusal("definitions that are not in their order");
    if (definition === named) named += 1;
    const problem = problemOf?.(records, start);
    if (problem !== undefined) throw refusal(problem);
  }
  if (named !== words) throw refusal("a definition that nothing names");
  return { records, definitions: buffer.subarray(definitionsAt, recordsAt) };
}
