import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hexOf } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";
import { encodePath, nibblesOf } from "./nibbles.ts";
import { encodeRlp, type RlpItem } from "./rlp.ts";
import { verifyTrieProof } from "./trie-proof.ts";
import { trieRoot } from "./trie-root.ts";

type Entry = readonly [path: readonly number[], value: Uint8Array];

/** The nodes on the way to `path`, as a node serves them: those of 32 bytes and more. */
function prove(entries: readonly Entry[], path: readonly number[]): Uint8Array[] {
  const served: Uint8Array[] = [];
  const build = (below: readonly Entry[], depth: number, onPath: boolean): RlpItem => {
    const [first] = below;
    if (first === undefined) return new Uint8Array();
    const slot = served.push(new Uint8Array()) - 1;
    const node = buildNode(below, first, depth, onPath);
    const encoded = encodeRlp(node);
    if (onPath && (encoded.length >= 32 || depth === 0)) served[slot] = encoded;
    return encoded.length < 32 ? node : keccak256(encoded);
  };
  const buildNode = (below: readonly Entry[], first: Entry, depth: number, onPath: boolean): RlpItem => {
    if (below.length === 1) return [encodePath({ nibbles: first[0].slice(depth), leaf: true }), first[1]];
    let shared = 0;
    while (below.every(([each]) => each[depth + shared] === first[0][depth + shared])) shared += 1;
    if (shared > 0) {
      const nibbles = first[0].slice(depth, depth + shared);
      const follows = onPath && nibbles.every((nibble, i) => path[depth + i] === nibble);
      return [encodePath({ nibbles, leaf: false }), build(below, depth + shared, follows)];
    }
    const children = Array.from({ length: 16 }, (_, nibble) =>
      build(
        below.filter(([each]) => each[depth] === nibble),
        depth + 1,
        onPath && path[depth] === nibble,
      ),
    );
    return [...children, new Uint8Array()];
  };
  build(entries, 0, true);
  return served.filter(({ length }) => length > 0);
}

function hexAt(root: Uint8Array, key: Uint8Array, proof: readonly Uint8Array[]): string | undefined {
  const value = verifyTrieProof(root, key, proof);
  return value && hexOf(value);
}

/** Tries with keys of one length, as state and storage have them; short ones, so that paths meet. */
const tries = fc.uniqueArray(
  fc.tuple(fc.uint8Array({ minLength: 2, maxLength: 2 }), fc.uint8Array({ minLength: 1, maxLength: 40 })),
  {
    selector: ([key]) => Buffer.from(key).toString("hex"),
    minLength: 1,
    maxLength: 40,
  },
);

describe("verifyTrieProof", () => {
  it("given the nodes to a key, gives its value, or that there is none", () => {
    fc.assert(
      fc.property(tries, fc.uint8Array({ minLength: 2, maxLength: 2 }), (values, other) => {
        const root = trieRoot(values);
        const entries = values.map(([key, value]) => [nibblesOf(key), value] as const);
        for (const [key, value] of values) {
          expect(hexAt(root, key, prove(entries, nibblesOf(key)))).toBe(hexOf(value));
        }
        const known = values.find(([key]) => Buffer.compare(key, other) === 0);
        expect(hexAt(root, other, prove(entries, nibblesOf(other)))).toBe(known && hexOf(known[1]));
      }),
    );
  });

  it("given a node with one bit changed, a node too few or one too many, refuses the proof", () => {
    fc.assert(
      fc.property(tries, fc.nat(), fc.nat(), (values, which, bit) => {
        const root = trieRoot(values);
        const [key] = values[which % values.length] ?? [new Uint8Array()];
        const proof = prove(
          values.map(([each, value]) => [nibblesOf(each), value] as const),
          nibblesOf(key),
        );
        const refused = expect.objectContaining({
          name: expect.stringMatching(/^(TrieProof|TrieNode|Rlp)Invalid$/) as string,
        });
        const changed = proof.map((node) => Uint8Array.from(node));
        const target = changed[which % changed.length] ?? new Uint8Array();
        const at = bit % (target.length * 8);
        target[at >> 3] = (target[at >> 3] ?? 0) ^ (1 << (at & 7));
        expect(() => verifyTrieProof(root, key, changed)).toThrow(refused);
        expect(() => verifyTrieProof(root, key, proof.slice(0, -1))).toThrow(refused);
        expect(() => verifyTrieProof(root, key, [...proof, ...proof.slice(-1)])).toThrow(refused);
      }),
    );
  });

  it("given an empty trie, gives nothing whatever nodes come along", () => {
    expect(verifyTrieProof(trieRoot([]), Uint8Array.of(1), [Uint8Array.of(0x80)])).toBeUndefined();
  });
});
