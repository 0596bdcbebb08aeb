import { ByteReader } from "./byte-stream.ts";
import { FINEST, FINGERPRINT_BYTES, type LeafBuckets } from "./leaf-buckets.ts";
import { ANSWER_BYTES, encodeRequest, REQUEST_BYTES, type LeafRequest } from "./messages.ts";
import { malformed } from "./byte-stream.ts";
import { reconciliationError } from "./reconciliation-error.ts";

/** Sends a request to the other operator and gives its answer. */
export type Ask = (request: LeafRequest) => Promise<ByteReader>;

/** A bucket of the finest level that differs, with the fingerprints of the other side's leaves in their order. */
export interface DifferingBucket {
  readonly bucket: number;
  readonly fingerprints: readonly number[];
}

/** Digests of all buckets of level 1 as the other side states them, and the buckets of the finest level that differ from ours, ascending. */
export interface Differences {
  readonly topDigests: readonly Buffer[];
  readonly buckets: readonly number[];
}

/** Bytes by which a bucket or a leaf's place can take part in a request, with room for its header. */
const PLACE_BYTES = 8;
export const PLACES_OF_REQUEST = Math.floor((REQUEST_BYTES - 16) / PLACE_BYTES);

/**
 * Makes requests of bytes. An answer beyond the bound, or a request beyond `mostRequests`, ends the attempt: no peer holds an operator
 * for longer or fills more memory than that.
 */
export function askerOf(send: (request: Uint8Array) => Promise<Uint8Array>, mostRequests: number): Ask {
  let left = mostRequests;
  return async (request) => {
    if (left === 0) {
      throw reconciliationError("ReconciliationTooLarge", `more than ${mostRequests} requests are needed`, {
        requests: mostRequests,
      });
    }
    left -= 1;
    const answer = await send(encodeRequest(request));
    if (answer.length > ANSWER_BYTES) {
      throw reconciliationError("ReconciliationTooLarge", `an answer has more than ${ANSWER_BYTES} bytes`, {
        bytes: answer.length,
        maximumBytes: ANSWER_BYTES,
      });
    }
    return new ByteReader(answer);
  };
}

/** Descends into buckets whose digests differ. */
export async function findDifferences(ask: Ask, own: LeafBuckets): Promise<Differences> {
  let topDigests: Buffer[] = [];
  let differing: number[] = [0];
  for (let level = 0; level < FINEST; level += 1) {
    const fanOut = own.fanOut(level);
    const size = own.digestBytes(level + 1);
    const atOnce = Math.min(PLACES_OF_REQUEST, Math.floor(ANSWER_BYTES / (fanOut * size)));
    if (atOnce === 0)
      throw reconciliationError("ReconciliationTooLarge", "the report has more leaves than this can do");
    const children: number[] = [];
    const digests: Buffer[] = [];
    for (const asked of slices(differing, atOnce)) {
      const answer = await ask({ kind: "digests", level, buckets: asked });
      for (const bucket of asked) {
        for (let child = bucket * fanOut; child < (bucket + 1) * fanOut; child += 1) {
          const digest = answer.bytes(size);
          if (level === 0) digests.push(digest);
          if (!digest.equals(own.digestOf(level + 1, child))) children.push(child);
        }
      }
      answer.end();
    }
    if (level === 0) topDigests = digests;
    differing = children;
  }
  return { topDigests, buckets: differing };
}

/** Fingerprints of the other side's leaves in `buckets`, of which there are at most `leafCount`. */
export async function readFingerprints(
  ask: Ask,
  buckets: readonly number[],
  leafCount: number,
): Promise<readonly DifferingBucket[]> {
  const read: DifferingBucket[] = [];
  let leaves = 0;
  while (read.length < buckets.length) {
    const before = read.length;
    const asked = buckets.slice(before, before + PLACES_OF_REQUEST);
    const answer = await ask({ kind: "fingerprints", buckets: asked });
    for (const bucket of asked) {
      if (answer.isAtEnd) break; // it stopped where its answer was full
      const count = answer.integer();
      leaves += count;
      if (leaves > leafCount) {
        throw reconciliationError("ReconciliationTooLarge", `more than ${leafCount} leaves are stated`, { leafCount });
      }
      const fingerprints: number[] = [];
      for (let index = 0; index < count; index += 1) {
        fingerprints.push(answer.bytes(FINGERPRINT_BYTES).readUIntBE(0, FINGERPRINT_BYTES));
      }
      read.push({ bucket, fingerprints });
    }
    answer.end();
    if (read.length === before) throw malformed("an answer that answers nothing");
  }
  return read;
}

/** `items` in runs of at most `most`. */
export function* slices<Item>(items: readonly Item[], most: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += most) yield items.slice(start, start + most);
}
