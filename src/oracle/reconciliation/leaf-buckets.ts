import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import type { MerkleTree } from "../tree/merkle-tree.ts";

/** Leaves of a bucket of level 1, and how many times finer each next level is: what makes 1 % of a million cheapest to find. */
const LEAVES_OF_TOP = 128;
const FINER_BITS = 2;

export const FINEST = 3;
/** Bytes of a digest on each level. Four where a difference that they hide is looked for again, two where others find it. */
const DIGEST_BYTES = [0, 4, 2, 2] as const;

/** Part of a leaf's hash by which two operators compare it. */
export const FINGERPRINT_BYTES = 2;

/** Leading bits of project ids that a bucket of each level has alike. Both sides have the number of leaves from the accepted report. */
export function levelBits(leafCount: number): readonly [number, number, number, number] {
  const top = Math.max(0, Math.ceil(Math.log2(Math.max(1, leafCount) / LEAVES_OF_TOP)));
  return [0, top, top + FINER_BITS, top + 2 * FINER_BITS];
}

/** Buckets of the leaves of one tree: runs of leaves whose project ids begin alike. Ids are hashes, so that buckets are about alike. */
export class LeafBuckets {
  readonly tree: MerkleTree;
  readonly #bits: ReturnType<typeof levelBits>;
  readonly #keccak: KeccakHasher;

  /** @param leafCount of the accepted report, which decides how fine buckets are. */
  constructor(tree: MerkleTree, leafCount: number, keccak: KeccakHasher) {
    this.tree = tree;
    this.#bits = levelBits(leafCount);
    this.#keccak = keccak;
  }

  countOf(level: number): number {
    return 2 ** this.#bitsOf(level);
  }

  /** Buckets of the next level that each bucket of `level` has. */
  fanOut(level: number): number {
    return 2 ** (this.#bitsOf(level + 1) - this.#bitsOf(level));
  }

  digestBytes(level: number): number {
    return DIGEST_BYTES[level] ?? 0;
  }

  /** Indices of a bucket's leaves, half-open. */
  rangeOf(level: number, bucket: number): readonly [number, number] {
    return [this.#startOf(level, bucket), this.#startOf(level, bucket + 1)];
  }

  /** Of the hashes of a bucket's leaves. */
  digestOf(level: number, bucket: number): Uint8Array {
    const [start, end] = this.rangeOf(level, bucket);
    return this.#keccak(this.tree.hashesOf(start, end)).subarray(0, this.digestBytes(level));
  }

  fingerprintOf(index: number): Buffer {
    return Buffer.from(this.tree.hashesOf(index, index + 1).subarray(0, FINGERPRINT_BYTES));
  }

  bucketOf(level: number, project: Uint8Array): number {
    return bitsOf(project, 0, this.#bitsOf(level));
  }

  /** Eight bits of an id behind those that its finest bucket gives: enough to tell it from its neighbours. */
  hintOf(project: Uint8Array): number {
    return bitsOf(project, this.#bitsOf(FINEST), 8);
  }

  #bitsOf(level: number): number {
    return this.#bits[level] ?? 0;
  }

  #startOf(level: number, bucket: number): number {
    const bits = this.#bitsOf(level);
    if (bucket >= 2 ** bits) return this.tree.packed.count;
    const first = Buffer.alloc(32);
    first.writeUIntBE(bucket * 2 ** (48 - bits), 0, 6);
    return this.tree.packed.lowerBound(first);
  }
}

/** `count` bits of an id from bit `start`, counted from the highest, within its first 48. */
function bitsOf(project: Uint8Array, start: number, count: number): number {
  const leading = Buffer.from(project.buffer, project.byteOffset, 6).readUIntBE(0, 6);
  return Math.floor((leading % 2 ** (48 - start)) / 2 ** (48 - start - count));
}
