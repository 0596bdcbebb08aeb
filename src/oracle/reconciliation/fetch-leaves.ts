import { hexOf, type Hex } from "../../core/hex.ts";
import { inSlices } from "../steps/steps.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import { parseLeaves } from "../tree/leaf-file.ts";
import { treeOf, type MerkleTree } from "../tree/merkle-tree.ts";
import { LeafPacker, RECORD_BYTES } from "../tree/packed-leaves.ts";
import { WORD_BYTES } from "../tree/words.ts";
import { malformed } from "./byte-stream.ts";
import { askerOf, findDifferences, readFingerprints, type Ask, type DifferingBucket } from "./find-differences.ts";
import { FINEST, LeafBuckets } from "./leaf-buckets.ts";
import { ANSWER_BYTES } from "./messages.ts";
import { readDiffering } from "./read-differing.ts";
import { reconciliationError } from "./reconciliation-error.ts";

/** Sends a request to the other operator. What it throws ends the attempt. */
export type SendRequest = (request: Uint8Array) => Promise<Uint8Array>;

/** The report whose leaves are wanted, as the quorum signed it. */
export interface WantedLeaves {
  readonly root: Hex;
  readonly leafCount: number;
}

/** Beyond what the honest other side ever makes necessary: pages are the most. */
const REQUESTS_BESIDES_PAGES = 200;
/** Of the finest buckets that are taken as a whole where short digests hid something; beyond it all leaves are. */
const WHOLE_BUCKETS = 1 / 8;

/**
 * The tree of an accepted report, from another operator that has its leaves, and `base`, a tree that is near to it: only buckets that
 * differ travel. Without a base, or where it does not help, all leaves do, in pages. What is returned leads to the accepted root; until
 * then nothing is believed, and nothing takes more memory than the accepted number of leaves explains.
 * @throws {MandateError} of a `ReconciliationProblem`, `LeavesMalformed`, and what `send` throws.
 */
export async function fetchLeaves(
  send: SendRequest,
  wanted: WantedLeaves,
  base: MerkleTree | undefined,
  keccak: KeccakHasher,
): Promise<MerkleTree> {
  if (base?.root === wanted.root) return base;
  const ask = askerOf(
    send,
    REQUESTS_BESIDES_PAGES + Math.ceil((wanted.leafCount * (RECORD_BYTES + WORD_BYTES)) / (ANSWER_BYTES / 2)),
  );
  const isNear = base !== undefined && base.packed.count > 0 && wanted.leafCount > 0;
  const near = isNear ? await reconcile(ask, wanted, base, keccak) : undefined;
  return near ?? (await readPages(ask, wanted, keccak));
}

/** Undefined where base and differences do not lead to the root. */
async function reconcile(
  ask: Ask,
  wanted: WantedLeaves,
  base: MerkleTree,
  keccak: KeccakHasher,
): Promise<MerkleTree | undefined> {
  const { leafCount } = wanted;
  const own = new LeafBuckets(base, leafCount, keccak);
  const { topDigests, buckets } = await findDifferences(ask, own);
  const first = await merge(ask, own, await readFingerprints(ask, buckets, leafCount), keccak);
  if (first.root === wanted.root) return first;
  // Where a short digest is the same by chance it hides a leaf: the longer one of level 1 shows in which bucket.
  const merged = new LeafBuckets(first, leafCount, keccak);
  const finer = own.countOf(FINEST) / own.countOf(1);
  const hidden = topDigests.flatMap((digest, top) =>
    digest.equals(merged.digestOf(1, top)) ? [] : Array.from({ length: finer }, (_, place) => top * finer + place),
  );
  if (hidden.length === 0 || hidden.length > Math.max(finer, own.countOf(FINEST) * WHOLE_BUCKETS)) return undefined;
  const emptied = await readFingerprints(ask, hidden, leafCount);
  const second = await merge(ask, merged, emptied, keccak, "as a whole");
  return second.root === wanted.root ? second : undefined;
}

/** The base without what the other side does not have there, and with what only the other side has. */
async function merge(
  ask: Ask,
  own: LeafBuckets,
  differing: readonly DifferingBucket[],
  keccak: KeccakHasher,
  take: "what differs" | "as a whole" = "what differs",
): Promise<MerkleTree> {
  const { packed } = own.tree;
  const { buckets, leaves } = await readDiffering(ask, own, differing, take);
  const packer = new LeafPacker(packed.count);
  const replaced = new Set(leaves.map(({ project }) => project));
  let index = 0;
  for (const { range, kept } of buckets) {
    for (; index < range[0]; index += 1) packer.addFrom(packed, index);
    for (const each of kept) if (!replaced.has(hexOf(packed.projectAt(each)))) packer.addFrom(packed, each);
    index = range[1];
  }
  for (; index < packed.count; index += 1) packer.addFrom(packed, index);
  for (const leaf of leaves) packer.add(leaf);
  try {
    return await inSlices(treeOf(packer.pack(), keccak));
  } catch (error) {
    if (error instanceof Error && error.name === "DuplicateLeaf") throw malformed("two leaves of one project");
    throw error;
  }
}

/** All leaves, page by page. */
async function readPages(ask: Ask, { root, leafCount }: WantedLeaves, keccak: KeccakHasher): Promise<MerkleTree> {
  const packer = new LeafPacker(0);
  let taken = 0;
  while (taken < leafCount) {
    const answer = await ask({ kind: "page", start: taken });
    const page = parseLeaves(answer.rest());
    if (page.count === 0 || taken + page.count > leafCount) {
      throw reconciliationError(
        "ReconciliationTooLarge",
        `a page of ${page.count} leaves after ${taken} of ${leafCount}`,
        {
          leafCount,
          taken,
          page: page.count,
        },
      );
    }
    for (let index = 0; index < page.count; index += 1) packer.addFrom(page, index);
    taken += page.count;
  }
  const tree = await inSlices(treeOf(packer.pack(), keccak));
  if (tree.root !== root) {
    throw reconciliationError("ReconciliationWrongLeaves", `the leaves lead to ${tree.root}, accepted is ${root}`, {
      expected: root,
      actual: tree.root,
    });
  }
  return tree;
}
