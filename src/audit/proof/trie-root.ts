import { keccak256 } from "../../core/keccak.ts";
import { encodePath, nibblesOf } from "./nibbles.ts";
import { encodeRlp, type RlpItem } from "./rlp.ts";

/** A value and the path to it. */
interface Entry {
  readonly path: readonly number[];
  readonly value: Uint8Array;
}

function sharedLength(entries: readonly Entry[], depth: number): number {
  const [first, ...others] = entries;
  if (first === undefined) return 0;
  let length = first.path.length - depth;
  for (const { path } of others) {
    let same = 0;
    while (same < length && path[depth + same] === first.path[depth + same]) same += 1;
    length = same;
  }
  return length;
}

/** How a node is named in its parent: by its hash, or, below 32 bytes, by itself. */
function reference(node: RlpItem): RlpItem {
  const encoded = encodeRlp(node);
  return encoded.length < 32 ? node : keccak256(encoded);
}

function buildNode(entries: readonly Entry[], depth: number): RlpItem {
  const [first] = entries;
  if (first === undefined) return new Uint8Array();
  if (entries.length === 1) return [encodePath({ nibbles: first.path.slice(depth), leaf: true }), first.value];
  const shared = sharedLength(entries, depth);
  if (shared > 0) {
    const nibbles = first.path.slice(depth, depth + shared);
    return [encodePath({ nibbles, leaf: false }), reference(buildNode(entries, depth + shared))];
  }
  const children = Array.from({ length: 16 }, (_, nibble): RlpItem => {
    const below = entries.filter(({ path }) => path[depth] === nibble);
    return below.length === 0 ? new Uint8Array() : reference(buildNode(below, depth + 1));
  });
  const here = entries.find(({ path }) => path.length === depth);
  return [...children, here?.value ?? new Uint8Array()];
}

/** Root of the Merkle Patricia trie that holds `values` by their keys; keys are distinct, values not empty. */
export function trieRoot(values: Iterable<readonly [key: Uint8Array, value: Uint8Array]>): Uint8Array {
  const entries = [...values].map(([key, value]) => ({ path: nibblesOf(key), value }));
  return keccak256(encodeRlp(buildNode(entries, 0)));
}

function indexKey(index: number): Uint8Array {
  if (index === 0) return encodeRlp(new Uint8Array());
  const digits = index.toString(16);
  return encodeRlp(Uint8Array.from(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex")));
}

/** Root of the trie that holds `values` by their index: `transactionsRoot` and `receiptsRoot` of a block. */
export function listRoot(values: readonly Uint8Array[]): Uint8Array {
  return trieRoot(values.map((value, index) => [indexKey(index), value]));
}
