import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import { bytesOf, hexOf, type Hex } from "../../src/core/hex.ts";
import { leafHash, outcomes, type Leaf } from "../../src/core/merkle/leaf.ts";
import { verifyMultiProof } from "../../src/core/merkle/multi-proof.ts";
import { verifyProof } from "../../src/core/merkle/verify-proof.ts";
import { answerRequest } from "../../src/oracle/reconciliation/answer-request.ts";
import { fetchLeaves } from "../../src/oracle/reconciliation/fetch-leaves.ts";
import { LeafBuckets } from "../../src/oracle/reconciliation/leaf-buckets.ts";
import { ProjectList } from "../../src/oracle/epochs/project-list.ts";
import { evaluateEpoch, type EpochEvaluation } from "../../src/oracle/scoring/evaluate-epoch.ts";
import { atOnce } from "../../src/oracle/steps/steps.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { treeOf, type MerkleTree } from "../../src/oracle/tree/merkle-tree.ts";
import { LeafPacker } from "../../src/oracle/tree/packed-leaves.ts";
import { evidence } from "./evidence-stages.ts";
import { timed } from "./timed.ts";
import { benchEpoch, type BenchEpoch } from "./epoch.ts";

const LEAF_TYPES = ["bytes32", "bytes32", "uint8", "uint8", "uint64"];
/** Leaves that are proved one by one, and of these how many in one proof. */
const PROVED = 1_000;
const PROVED_AT_ONCE = 100;

export interface StageInput {
  readonly projects: number;
  readonly definitions: number;
}

/** What a stage found; `seconds` and `longestDelayMs` without the making of its input. */
export interface StageResult {
  readonly seconds: number;
  readonly [figure: string]: number | string;
}

const keccak = await loadKeccakHasher();

/** Each runs in a process of its own, whose peak of memory is the stage's. */
export const stages = {
  score: (input: StageInput) => score(input, "shuffled"),
  "score in ascending order": (input: StageInput) => score(input, "ascending"),
  prove,
  "agree, 0 % differ": (input: StageInput) => agree(input, 0),
  "agree, 1 % differ": (input: StageInput) => agree(input, 1),
  "agree, no base": (input: StageInput) => agree(input, 100),
  seal: ({ projects, definitions }: StageInput) => evidence(projects, definitions, false),
  replay: ({ projects, definitions }: StageInput) => evidence(projects, definitions, true),
  "@openzeppelin/merkle-tree": openZeppelin,
} as const satisfies Record<string, (input: StageInput) => StageResult | Promise<StageResult>>;

export type StageName = keyof typeof stages;

async function score({ projects, definitions }: StageInput, order: "shuffled" | "ascending"): Promise<StageResult> {
  const epoch = benchEpoch(projects, definitions, order);
  const inputMegabytes = Math.round(process.memoryUsage.rss() / 1e6);
  const { result: evaluated, seconds, longestDelayMs } = await timed(() => scored(epoch));
  return {
    seconds,
    longestDelayMs,
    inputMegabytes,
    root: evaluated.report.root,
    report: documentHash(textOf(evaluated.report)),
  };
}

function textOf(report: object): Record<string, string> {
  return Object.fromEntries(Object.entries(report).map(([key, value]) => [key, String(value)]));
}

function builtTree({ projects, definitions }: StageInput): MerkleTree {
  return scored(benchEpoch(projects, definitions, "ascending")).tree;
}

/** From the projects as they are read to report and tree. */
function scored({ facts, projects, included, definitions }: BenchEpoch): EpochEvaluation & { readonly ok: true } {
  const held = { ...facts, projects: ProjectList.of(projects) };
  const evaluated = evaluateEpoch(held, included, { definitions, heldOut: new Map() }, keccak);
  if (!evaluated.ok) throw new TypeError("the epoch has all its definitions");
  return evaluated;
}

/** Proofs, held to OpenZeppelin's JavaScript library and to the rule of its `MerkleProof` contract. */
function prove(input: StageInput): StageResult {
  const tree = builtTree(input);
  const root = bytesOf(tree.root);
  const { count } = tree.packed;
  const places = Array.from({ length: Math.min(PROVED, count) }, (_, index) => Math.floor((index * count) / PROVED));
  const chosen = [...new Set(places)];
  const started = performance.now();
  const proofs = chosen.map((index) => tree.proofOf(index));
  const seconds = since(started);
  for (const [at, index] of chosen.entries()) {
    const leaf = tree.packed.at(index);
    const proof = proofs[at] ?? [];
    const isTheirs = StandardMerkleTree.verify(tree.root, LEAF_TYPES, valuesOf(leaf), [...proof]);
    if (!isTheirs || !verifyProof(root, leafHash(leaf), proof.map(bytesOf)))
      throw new Error(`leaf ${index} is not proved`);
  }
  const together = chosen.slice(0, PROVED_AT_ONCE);
  const multi = tree.multiProofOf(together);
  const leaves = together.map((index) => tree.packed.at(index));
  const steps = leaves.length + multi.proof.length - 1;
  const isTheirs = StandardMerkleTree.verifyMultiProof(tree.root, LEAF_TYPES, {
    leaves: leaves.map(valuesOf),
    proof: multi.proof.map(hexOf),
    proofFlags: Array.from(
      { length: steps },
      (_, step) => ((multi.flags[step >> 8] ?? 0n) >> BigInt(step & 255)) % 2n === 1n,
    ),
  });
  if (!isTheirs || !verifyMultiProof(root, leaves.map(leafHash), multi))
    throw new Error("the multiproof does not prove");
  return { seconds, proofs: chosen.length, together: together.length };
}

function valuesOf({ project, definition, outcome, grade, score: value }: Leaf): [Hex, Hex, number, number, bigint] {
  return [project, definition, outcomes[outcome], grade, value];
}

/** Bytes of requests and answers, without what HTTP adds, until an operator whose leaves differ by `percent` has those of the other. */
async function agree(input: StageInput, percent: number): Promise<StageResult> {
  const tree = builtTree(input);
  const { root, packed } = tree;
  const base = percent === 100 ? undefined : differing(tree, percent);
  const buckets = new LeafBuckets(tree, packed.count, keccak);
  // Who does not know the root asks for it first.
  let [bytes, requests] = [Buffer.from(root).length, 0];
  const answer = (request: Uint8Array): Promise<Uint8Array> => {
    const answered = answerRequest(buckets, request);
    bytes += request.length + answered.length;
    requests += 1;
    return Promise.resolve(answered);
  };
  const wanted = { root, leafCount: packed.count };
  const { result: fetched, ...times } = await timed(() => fetchLeaves(answer, wanted, base, keccak));
  if (fetched.root !== root) throw new Error("the leaves do not lead to the root");
  return { ...times, bytes, requests };
}

function differing(tree: MerkleTree, percent: number): MerkleTree {
  if (percent === 0) return tree;
  const { packed } = tree;
  const packer = new LeafPacker(packed.count);
  for (let index = 0; index < packed.count; index += 1) {
    // The last bytes of an id are as good as chance.
    if (packed.projectAt(index).readUInt32BE(28) % 100 >= percent) packer.addFrom(packed, index);
    else packer.add({ ...packed.at(index), outcome: "value", grade: 3, score: BigInt(index) });
  }
  return atOnce(treeOf(packer.pack(), keccak));
}

/** The same leaves in OpenZeppelin's library, which holds an object and several texts for each. */
function openZeppelin(input: StageInput): StageResult {
  const leaves = builtTree(input).leaves.map(valuesOf);
  const started = performance.now();
  const tree = StandardMerkleTree.of(leaves, LEAF_TYPES, { sortLeaves: false });
  return { seconds: since(started), root: tree.root };
}

function since(started: number): number {
  return Math.round(performance.now() - started) / 1_000;
}
