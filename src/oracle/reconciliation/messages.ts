import { ByteReader, ByteWriter, malformed } from "./byte-stream.ts";

/** Most bytes of a request and of an answer. */
export const REQUEST_BYTES = 64 * 1024;
export const ANSWER_BYTES = 1024 * 1024;

/** A leaf of the answering side: its place in a bucket of the finest level. */
export interface LeafPlace {
  readonly bucket: number;
  readonly position: number;
}

/** What one operator asks another about the leaves of a report. */
export type LeafRequest =
  /** Digests of the buckets of the next level in each of these of `level`. */
  | { readonly kind: "digests"; readonly level: number; readonly buckets: readonly number[] }
  /** For each of these of the finest level its number of leaves, and the fingerprint of each. */
  | { readonly kind: "fingerprints"; readonly buckets: readonly number[] }
  /** Hint, outcome, grade and score: enough for who has the project and its definition. */
  | { readonly kind: "results"; readonly places: readonly LeafPlace[] }
  | { readonly kind: "leaves"; readonly places: readonly LeafPlace[] }
  /** Leaves from an index on, as many as fit. */
  | { readonly kind: "page"; readonly start: number };

const kinds = ["digests", "fingerprints", "results", "leaves", "page"] as const;

export function encodeRequest(request: LeafRequest): Buffer {
  const writer = new ByteWriter().integer(kinds.indexOf(request.kind));
  switch (request.kind) {
    case "page":
      return writer.integer(request.start).take();
    case "digests":
      writer.integer(request.level);
      return writeAscending(writer, request.buckets).take();
    case "fingerprints":
      return writeAscending(writer, request.buckets).take();
    case "results":
    case "leaves": {
      let previous = 0;
      writer.integer(request.places.length);
      for (const { bucket, position } of request.places) {
        writer.integer(bucket - previous).integer(position);
        previous = bucket;
      }
      return writer.take();
    }
  }
}

/** @throws {MandateError} `ReconciliationMalformed`. */
export function decodeRequest(bytes: Uint8Array): LeafRequest {
  const reader = new ByteReader(bytes);
  const kind = kinds[reader.integer()];
  if (kind === undefined) throw malformed("a request of an unknown kind");
  const request = readRequest(kind, reader);
  reader.end();
  return request;
}

function readRequest(kind: LeafRequest["kind"], reader: ByteReader): LeafRequest {
  switch (kind) {
    case "digests":
      return { kind, level: reader.integer(), buckets: readAscending(reader) };
    case "fingerprints":
      return { kind, buckets: readAscending(reader) };
    case "results":
    case "leaves":
      return { kind, places: readPlaces(reader) };
    case "page":
      return { kind, start: reader.integer() };
  }
}

function writeAscending(writer: ByteWriter, numbers: readonly number[]): ByteWriter {
  let previous = -1;
  writer.integer(numbers.length);
  for (const each of numbers) {
    writer.integer(each - previous - 1);
    previous = each;
  }
  return writer;
}

/** Each is at least a byte, so that a request's own length bounds them; ascending, so that none is asked for twice. */
function readAscending(reader: ByteReader): number[] {
  const numbers: number[] = [];
  let previous = -1;
  for (let left = reader.integer(); left > 0; left -= 1) {
    previous += reader.integer() + 1;
    numbers.push(previous);
  }
  return numbers;
}

function readPlaces(reader: ByteReader): LeafPlace[] {
  const places: LeafPlace[] = [];
  let bucket = 0;
  for (let left = reader.integer(); left > 0; left -= 1) {
    bucket += reader.integer();
    places.push({ bucket, position: reader.integer() });
  }
  return places;
}
