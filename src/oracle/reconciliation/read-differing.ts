import { hexOf } from "../../core/hex.ts";
import { leafHash, outcomes, type Leaf, type Outcome } from "../../core/merkle/leaf.ts";
import { FULL_LEAF_BYTES } from "./answer-request.ts";
import { malformed } from "./byte-stream.ts";
import { PLACES_OF_REQUEST, slices, type Ask, type DifferingBucket } from "./find-differences.ts";
import { FINEST, FINGERPRINT_BYTES, type LeafBuckets } from "./leaf-buckets.ts";
import { ANSWER_BYTES, type LeafPlace } from "./messages.ts";

/** What becomes of the differing buckets. */
export interface MergedBuckets {
  /** For each, ascending: where its leaves lie in the base, and which of these stay. */
  readonly buckets: readonly { readonly range: readonly [number, number]; readonly kept: readonly number[] }[];
  /** Leaves of the other side that the base does not have. */
  readonly leaves: readonly Leaf[];
}

interface WantedLeaf extends LeafPlace {
  readonly fingerprint: number;
  /** Leaves of the base in the same bucket that the other side does not have: perhaps an older result of the same project. */
  readonly candidates: readonly number[];
}

/**
 * Fetches what only the other side has. Where the base has the project and its definition, outcome, grade and score are enough: the
 * fingerprint shows whether they fit. The others are fetched in full.
 */
export async function readDiffering(
  ask: Ask,
  own: LeafBuckets,
  differing: readonly DifferingBucket[],
  take: "what differs" | "as a whole",
): Promise<MergedBuckets> {
  const wanted: WantedLeaf[] = [];
  const buckets = differing.map(({ bucket, fingerprints }) => {
    const range = own.rangeOf(FINEST, bucket);
    const end = take === "as a whole" ? range[0] : range[1];
    const ours = new Map<number, number[]>();
    for (let index = range[0]; index < end; index += 1) {
      const fingerprint = own.fingerprintOf(index).readUIntBE(0, FINGERPRINT_BYTES);
      ours.set(fingerprint, [...(ours.get(fingerprint) ?? []), index]);
    }
    const theirs = Map.groupBy(fingerprints.keys(), (position) => fingerprints[position] ?? 0);
    // Leaves that share a fingerprint stay only where both sides have as many of them: else nobody could tell which.
    const isKept = (fingerprint: number): boolean =>
      ours.get(fingerprint)?.length === theirs.get(fingerprint)?.length && theirs.has(fingerprint);
    const kept = [...ours].flatMap(([fingerprint, indices]) => (isKept(fingerprint) ? indices : []));
    const candidates = [...ours].flatMap(([fingerprint, indices]) => (isKept(fingerprint) ? [] : indices));
    const missing = [...fingerprints.entries()].flatMap(([position, fingerprint]) =>
      isKept(fingerprint) ? [] : [{ bucket, position, fingerprint }],
    );
    for (const each of missing) wanted.push({ ...each, candidates });
    return { range, kept };
  });
  const { leaves, unknown } = await readResults(ask, own, wanted);
  return { buckets, leaves: [...leaves, ...(await readFullLeaves(ask, own, unknown))] };
}

async function readResults(
  ask: Ask,
  own: LeafBuckets,
  wanted: readonly WantedLeaf[],
): Promise<{ readonly leaves: readonly Leaf[]; readonly unknown: readonly WantedLeaf[] }> {
  const { packed } = own.tree;
  const leaves: Leaf[] = [];
  const unknown = wanted.filter(({ candidates }) => candidates.length === 0);
  const likely = wanted.filter(({ candidates }) => candidates.length > 0);
  for (const asked of slices(likely, PLACES_OF_REQUEST)) {
    const answer = await ask({ kind: "results", places: asked });
    for (const each of asked) {
      const [hint = 0] = answer.bytes(1);
      const result = resultOf(answer.bytes(10));
      const leaf = each.candidates
        .filter((index) => own.hintOf(packed.projectAt(index)) === hint)
        .map((index): Leaf => {
          const [project, definition] = [packed.projectAt(index), packed.definitionAt(index)].map(hexOf);
          return { project: project ?? "0x", definition: definition ?? "0x", ...result };
        })
        .find((candidate) => fingerprintOf(candidate) === each.fingerprint);
      if (leaf === undefined) unknown.push(each);
      else leaves.push(leaf);
    }
    answer.end();
  }
  unknown.sort((a, b) => a.bucket - b.bucket || a.position - b.position);
  return { leaves, unknown };
}

/** Leaves in full. @throws {MandateError} `ReconciliationMalformed` where one has not the fingerprint that was stated. */
async function readFullLeaves(ask: Ask, own: LeafBuckets, wanted: readonly WantedLeaf[]): Promise<readonly Leaf[]> {
  const leaves: Leaf[] = [];
  const atOnce = Math.min(PLACES_OF_REQUEST, Math.floor(ANSWER_BYTES / FULL_LEAF_BYTES));
  for (const asked of slices(wanted, atOnce)) {
    const answer = await ask({ kind: "leaves", places: asked });
    for (const { bucket, fingerprint } of asked) {
      const project = answer.bytes(32);
      const leaf: Leaf = {
        project: hexOf(project),
        definition: hexOf(answer.bytes(32)),
        ...resultOf(answer.bytes(10)),
      };
      if (own.bucketOf(FINEST, project) !== bucket || fingerprintOf(leaf) !== fingerprint) {
        throw malformed("a leaf that is not the one that was stated");
      }
      leaves.push(leaf);
    }
    answer.end();
  }
  return leaves;
}

function fingerprintOf(leaf: Leaf): number {
  return Buffer.from(leafHash(leaf)).readUIntBE(0, FINGERPRINT_BYTES);
}

function resultOf(bytes: Buffer): Pick<Leaf, "outcome" | "grade" | "score"> {
  const number = bytes.readUInt8(0);
  const outcome = (Object.keys(outcomes) as Outcome[]).find((name) => outcomes[name] === number);
  const grade = bytes.readUInt8(1);
  if (outcome === undefined || grade > 4) throw malformed("an outcome or grade that does not exist");
  return { outcome, grade, score: bytes.readBigUInt64BE(2) };
}
