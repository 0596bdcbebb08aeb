export const WORD_BYTES = 32;

/** More than there are records in any buffer here; times 2^24 still an exact number. */
const PLACES = 2 ** 29;

/** Writes a word of 32 bytes. @throws {RangeError} where `hex` is none. */
export function writeWord(hex: string, target: Buffer, offset: number): void {
  if (hex.length !== 2 + 2 * WORD_BYTES || target.write(hex.slice(2), offset, "hex") !== WORD_BYTES) {
    throw new RangeError(`not a ${WORD_BYTES}-byte word: ${hex.slice(0, 80)}`);
  }
}

/** Order of the words with which the records at two places begin, as unsigned numbers: negative, zero or positive. */
export function compareWords(records: Buffer, recordBytes: number, one: number, other: number): number {
  const [a, b] = [one * recordBytes, other * recordBytes];
  return records.compare(records, b, b + WORD_BYTES, a, a + WORD_BYTES);
}

/**
 * Puts records of `recordBytes` bytes in ascending order of the words with which they begin, where they lie: a second buffer would be as large.
 * Returns the place of one whose word stands twice; undefined where none does.
 */
export function sortRecords(records: Buffer, recordBytes: number): number | undefined {
  const places = ascendingPlaces(records, recordBytes);
  const held = Buffer.alloc(recordBytes);
  for (let start = 0; start < places.length; start += 1) {
    // Each place takes the record that belongs there, until the round is back where it began.
    let to = start;
    let from = places[to] ?? to;
    if (from === start) continue;
    records.copy(held, 0, start * recordBytes, (start + 1) * recordBytes);
    while (from !== start) {
      records.copyWithin(to * recordBytes, from * recordBytes, (from + 1) * recordBytes);
      places[to] = to;
      to = from;
      from = places[to] ?? start;
    }
    held.copy(records, to * recordBytes);
    places[to] = to;
  }
  for (let place = 1; place < places.length; place += 1) {
    if (compareWords(records, recordBytes, place - 1, place) === 0) return place;
  }
  return undefined;
}

/** Places of records of `recordBytes` bytes in ascending order of the words with which they begin. */
function ascendingPlaces(records: Buffer, recordBytes: number): Uint32Array {
  const count = records.length / recordBytes;
  // The word's first three bytes and the place are one number: numbers are sorted without a call for each comparison.
  const keys = new Float64Array(count);
  for (let place = 0; place < count; place += 1) {
    keys[place] = records.readUIntBE(place * recordBytes, 3) * PLACES + place;
  }
  keys.sort();
  const places = new Uint32Array(count);
  let start = 0;
  let prefix = -1;
  const finish = (end: number): void => {
    if (end - start > 1) places.subarray(start, end).sort((a, b) => compareWords(records, recordBytes, a, b));
    start = end;
  };
  for (const [index, key] of keys.entries()) {
    const next = Math.floor(key / PLACES);
    if (next !== prefix) finish(index);
    prefix = next;
    places[index] = key % PLACES;
  }
  finish(count);
  return places;
}
