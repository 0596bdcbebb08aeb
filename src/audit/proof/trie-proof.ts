import { MandateError } from "../../core/errors/mandate-error.ts";
import { keccak256 } from "../../core/keccak.ts";
import { decodePath, nibblesOf } from "./nibbles.ts";
import { decodeRlp, type RlpItem } from "./rlp.ts";

/** Root of a trie without entries. */
const emptyTrieRoot = keccak256(Uint8Array.of(0x80));

function invalid(problem: string): MandateError {
  return new MandateError("TrieProofInvalid", `the trie proof does not hold: ${problem}`, { kind: "refused" });
}

/** Hands out the proof's nodes in order; each must hash to the reference that led to it. */
function nodeReader(nodes: readonly Uint8Array[]) {
  let next = 0;
  return {
    read(reference: RlpItem | undefined): RlpItem {
      if (reference === undefined) throw invalid("a node has no such child");
      if (!(reference instanceof Uint8Array)) return reference; // a node below 32 bytes stands inside its parent
      const node = nodes[next++];
      if (node === undefined) throw invalid("it ends before the key does");
      if (Buffer.compare(keccak256(node), reference) !== 0)
        throw invalid(`node ${next - 1} does not hash to its reference`);
      return decodeRlp(node);
    },
    finish<Value>(value: Value): Value {
      if (next !== nodes.length) throw invalid(`${nodes.length - next} nodes are not on the key's path`);
      return value;
    },
  };
}

function valueOf(item: RlpItem | undefined): Uint8Array | undefined {
  if (!(item instanceof Uint8Array)) throw invalid("a value is a list");
  return item.length === 0 ? undefined : item;
}

/**
 * What stands at `key` in the Merkle Patricia trie with `root`, or undefined where `nodes` prove that nothing does.
 * `key` is the path itself: for state and storage tries the Keccak-256 of address or slot.
 * @throws {MandateError} `TrieProofInvalid`, `TrieNodeInvalid` or `RlpInvalid` where the nodes prove neither.
 */
export function verifyTrieProof(
  root: Uint8Array,
  key: Uint8Array,
  nodes: readonly Uint8Array[],
): Uint8Array | undefined {
  if (Buffer.compare(root, emptyTrieRoot) === 0) return undefined; // the root alone proves it, whatever nodes a server adds
  const reader = nodeReader(nodes);
  const path = nibblesOf(key);
  let depth = 0;
  let node = reader.read(root);
  for (;;) {
    if (node instanceof Uint8Array) throw invalid("a node is no list");
    if (node.length === 17) {
      const nibble = path[depth];
      if (nibble === undefined) return reader.finish(valueOf(node[16]));
      const child = node[nibble];
      if (child instanceof Uint8Array && child.length === 0) {
        reader.finish(undefined);
        return;
      }
      depth += 1;
      node = reader.read(child);
      continue;
    }
    const [encoded, next] = node;
    if (node.length !== 2 || !(encoded instanceof Uint8Array)) throw invalid("a node has neither 2 nor 17 items");
    const { nibbles, leaf } = decodePath(encoded);
    const matches = nibbles.every((nibble, i) => path[depth + i] === nibble);
    const ends = depth + nibbles.length === path.length;
    if (!matches || (leaf && !ends)) {
      reader.finish(undefined);
      return;
    }
    if (leaf) return reader.finish(valueOf(next));
    depth += nibbles.length;
    node = reader.read(next);
  }
}
