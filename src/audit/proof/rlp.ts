import { MandateError } from "../../core/errors/mandate-error.ts";

/** What RLP encodes: bytes, or a list of such items. */
export type RlpItem = Uint8Array | readonly RlpItem[];

const SHORT = 55;
const STRING = 0x80;
const LIST = 0xc0;

function bigEndian(value: number): Uint8Array {
  const digits = value.toString(16);
  return Uint8Array.from(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex"));
}

function withPrefix(offset: number, payload: Uint8Array): Uint8Array {
  if (payload.length <= SHORT) return Buffer.concat([Uint8Array.of(offset + payload.length), payload]);
  const length = bigEndian(payload.length);
  return Buffer.concat([Uint8Array.of(offset + SHORT + length.length), length, payload]);
}

/** Recursive length prefix encoding of `item`. */
export function encodeRlp(item: RlpItem): Uint8Array {
  if (!(item instanceof Uint8Array)) return withPrefix(LIST, Buffer.concat(item.map(encodeRlp)));
  const single = item.length === 1 ? item[0] : undefined;
  return single !== undefined && single < STRING ? item : withPrefix(STRING, item);
}

interface Decoded {
  readonly item: RlpItem;
  readonly end: number;
}

function invalid(problem: string): MandateError {
  return new MandateError("RlpInvalid", `not RLP: ${problem}`, { kind: "refused" });
}

function payloadRange(bytes: Uint8Array, start: number, offset: number): { from: number; to: number } {
  const prefix = bytes[start];
  if (prefix === undefined) throw invalid("it ends early");
  const size = prefix - offset;
  if (size <= SHORT) return { from: start + 1, to: start + 1 + size };
  const lengthBytes = size - SHORT;
  if (lengthBytes > 6 || start + 1 + lengthBytes > bytes.length) throw invalid("a length of lengths is too large");
  if (bytes[start + 1] === 0) throw invalid("a length has a leading zero");
  const length = Buffer.from(bytes.buffer, bytes.byteOffset).readUIntBE(start + 1, lengthBytes);
  if (length <= SHORT) throw invalid("a short payload has the long form");
  return { from: start + 1 + lengthBytes, to: start + 1 + lengthBytes + length };
}

function decodeAt(bytes: Uint8Array, start: number): Decoded {
  const prefix = bytes[start];
  if (prefix === undefined) throw invalid("it ends early");
  if (prefix < STRING) return { item: bytes.subarray(start, start + 1), end: start + 1 };
  const isList = prefix >= LIST;
  const { from, to } = payloadRange(bytes, start, isList ? LIST : STRING);
  if (to > bytes.length) throw invalid("it ends early");
  if (!isList) {
    const only = to - from === 1 ? bytes[from] : undefined;
    if (only !== undefined && only < STRING) throw invalid("a single byte has the long form");
    return { item: bytes.subarray(from, to), end: to };
  }
  const items: RlpItem[] = [];
  let position = from;
  while (position < to) {
    const next = decodeAt(bytes, position);
    if (next.end > to) throw invalid("an item leaves its list");
    items.push(next.item);
    position = next.end;
  }
  return { item: items, end: to };
}

/**
 * The item that `bytes` encode, canonical form only: two encodings of one item would be two hashes of one node.
 * @throws {MandateError} `RlpInvalid`.
 */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  const { item, end } = decodeAt(bytes, 0);
  if (end !== bytes.length) throw invalid(`${bytes.length - end} bytes follow it`);
  return item;
}
