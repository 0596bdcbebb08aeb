import { compareBytes } from "../hex.ts";
import { nodeHash } from "./verify-proof.ts";

/** Flags of a word of {@link MultiProof.flags}. */
const FLAGS_PER_WORD = 256;

/** A leaf's hash and its siblings, ordered from the leaf up. */
export interface SingleProof {
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** What proves several leaves at once: `HeartbeatOracle.verifyLeaves` takes it as it is. */
export interface MultiProof {
  /** Siblings that no leaf leads to, in the order in which the steps need them: OpenZeppelin's `getMultiProof`. */
  readonly proof: readonly Uint8Array[];
  /** A bit for each step, step `i` in bit `i % 256` of word `i / 256`: whether two known nodes meet in it. */
  readonly flags: readonly bigint[];
}

interface Node {
  readonly hash: Uint8Array;
  /** Siblings from this node up. */
  readonly rest: readonly Uint8Array[];
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => compareBytes(a, b) === 0;

/**
 * One proof from the proofs of several leaves of one tree, without the tree. `proofs` come in the order of its leaves, each leaf
 * once; then deeper leaves come first, and a node's sibling, where it is known, waits right behind it.
 * @throws {RangeError} where there is no proof, or they do not belong to distinct leaves of one tree in its order.
 */
export function combineProofs(proofs: readonly SingleProof[]): MultiProof {
  const waiting: Node[] = proofs.map(({ leaf, proof }) => ({ hash: leaf, rest: proof }));
  const siblings: Uint8Array[] = [];
  const flags: boolean[] = [];
  let next = 0;
  for (;;) {
    const node = waiting[next++];
    if (node === undefined) throw new RangeError("no leaf to prove");
    const [sibling, ...rest] = node.rest;
    const partner = waiting[next];
    if (sibling === undefined) {
      if (partner !== undefined) throw new RangeError("not proofs of distinct leaves of one tree in its order");
      return { proof: siblings, flags: wordsOf(flags) };
    }
    const meets = partner?.rest.length === node.rest.length && isSame(partner.hash, sibling);
    if (meets) next += 1;
    else siblings.push(sibling);
    flags.push(meets);
    waiting.push({ hash: nodeHash(node.hash, sibling), rest });
  }
}

/** Whether `multiProof` leads from `leaves`, in the order of the tree, to `root`: the answer of the contract's `MerkleMultiPath`. */
export function verifyMultiProof(
  root: Uint8Array,
  leaves: readonly Uint8Array[],
  { proof, flags }: MultiProof,
): boolean {
  const steps = leaves.length + proof.length - 1;
  if (leaves.length === 0 || flags.length !== Math.ceil(steps / FLAGS_PER_WORD)) return false;
  const nodes = [...leaves];
  let [oldest, sibling] = [0, 0];
  for (let step = 0; step < steps; step++) {
    const meets = ((flags[Math.floor(step / FLAGS_PER_WORD)] ?? 0n) >> BigInt(step % FLAGS_PER_WORD)) & 1n;
    const a = nodes[oldest++];
    const b = meets === 1n ? nodes[oldest++] : proof[sibling++];
    if (a === undefined || b === undefined) return false;
    nodes.push(nodeHash(a, b));
  }
  const spare = (flags.at(-1) ?? 0n) >> BigInt(((steps + FLAGS_PER_WORD - 1) % FLAGS_PER_WORD) + 1);
  const last = nodes.at(-1);
  return spare === 0n && sibling === proof.length && last !== undefined && isSame(last, root);
}

function wordsOf(flags: readonly boolean[]): bigint[] {
  const words = Array.from({ length: Math.ceil(flags.length / FLAGS_PER_WORD) }, () => 0n);
  flags.forEach((flag, index) => {
    const word = Math.floor(index / FLAGS_PER_WORD);
    if (flag) words[word] = (words[word] ?? 0n) | (1n << BigInt(index % FLAGS_PER_WORD));
  });
  return words;
}
