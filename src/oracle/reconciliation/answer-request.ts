import { encodeLeaves } from "../tree/leaf-file.ts";
import { LeafPacker, RECORD_BYTES } from "../tree/packed-leaves.ts";
import { WORD_BYTES } from "../tree/words.ts";
import { ByteWriter, malformed } from "./byte-stream.ts";
import { FINEST, FINGERPRINT_BYTES, type LeafBuckets } from "./leaf-buckets.ts";
import { ANSWER_BYTES, decodeRequest, REQUEST_BYTES, type LeafPlace } from "./messages.ts";
import { reconciliationError } from "./reconciliation-error.ts";

/** Of a leaf that is answered in full. */
export const FULL_LEAF_BYTES = 2 * WORD_BYTES + 10;

/**
 * Answers a request about the leaves of a report; nothing is remembered between requests, and no answer is longer than
 * {@link ANSWER_BYTES}. Fingerprints and pages end early where they would be: the asker goes on from there.
 * @throws {MandateError} `ReconciliationMalformed`, `ReconciliationTooLarge`.
 */
export function answerRequest(buckets: LeafBuckets, bytes: Uint8Array): Buffer {
  if (bytes.length > REQUEST_BYTES) throw tooLarge();
  const request = decodeRequest(bytes);
  switch (request.kind) {
    case "digests":
      return digests(buckets, request.level, request.buckets);
    case "fingerprints":
      return fingerprints(buckets, request.buckets);
    case "results":
      if (request.places.length * 11 > ANSWER_BYTES) throw tooLarge();
      return results(buckets, request.places);
    case "leaves":
      if (request.places.length * FULL_LEAF_BYTES > ANSWER_BYTES) throw tooLarge();
      return leaves(buckets, request.places);
    case "page":
      return page(buckets, request.start);
  }
}

function digests(buckets: LeafBuckets, level: number, asked: readonly number[]): Buffer {
  if (level >= FINEST) throw malformed("there is no such level");
  const fanOut = buckets.fanOut(level);
  if (asked.length * fanOut * buckets.digestBytes(level + 1) > ANSWER_BYTES) throw tooLarge();
  const writer = new ByteWriter();
  for (const bucket of asked) {
    assertBucket(buckets, level, bucket);
    for (let child = bucket * fanOut; child < (bucket + 1) * fanOut; child += 1) {
      writer.bytes(buckets.digestOf(level + 1, child));
    }
  }
  return writer.take();
}

function fingerprints(buckets: LeafBuckets, asked: readonly number[]): Buffer {
  const writer = new ByteWriter();
  for (const bucket of asked) {
    assertBucket(buckets, FINEST, bucket);
    const [start, end] = buckets.rangeOf(FINEST, bucket);
    if (writer.length + 5 + (end - start) * FINGERPRINT_BYTES > ANSWER_BYTES) {
      if (writer.length === 0) throw tooLarge(); // whoever asks takes pages instead
      break;
    }
    writer.integer(end - start);
    for (let index = start; index < end; index += 1) writer.bytes(buckets.fingerprintOf(index));
  }
  return writer.take();
}

function results(buckets: LeafBuckets, places: readonly LeafPlace[]): Buffer {
  const { packed } = buckets.tree;
  const writer = new ByteWriter();
  for (const place of places) {
    const index = indexAt(buckets, place);
    writer.bytes(Uint8Array.of(buckets.hintOf(packed.projectAt(index)))).bytes(packed.resultAt(index));
  }
  return writer.take();
}

function leaves(buckets: LeafBuckets, places: readonly LeafPlace[]): Buffer {
  const { packed } = buckets.tree;
  const writer = new ByteWriter();
  for (const place of places) {
    const index = indexAt(buckets, place);
    writer.bytes(packed.projectAt(index)).bytes(packed.definitionAt(index)).bytes(packed.resultAt(index));
  }
  return writer.take();
}

function page(buckets: LeafBuckets, start: number): Buffer {
  const { packed } = buckets.tree;
  // Each of them with a definition of its own at the worst.
  const most = Math.floor((ANSWER_BYTES - 64) / (RECORD_BYTES + WORD_BYTES));
  const packer = new LeafPacker(most);
  for (let index = start; index < Math.min(packed.count, start + most); index += 1) packer.addFrom(packed, index);
  return encodeLeaves(packer.pack());
}

function indexAt(buckets: LeafBuckets, { bucket, position }: LeafPlace): number {
  assertBucket(buckets, FINEST, bucket);
  const [start, end] = buckets.rangeOf(FINEST, bucket);
  if (start + position >= end) throw malformed("there is no such leaf");
  return start + position;
}

function assertBucket(buckets: LeafBuckets, level: number, bucket: number): void {
  if (bucket >= buckets.countOf(level)) throw malformed("there is no such bucket");
}

function tooLarge(): Error {
  return reconciliationError("ReconciliationTooLarge", "more is asked for than an answer may have");
}
