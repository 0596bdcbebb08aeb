import { describe, expect, it } from "vitest";
import { hexOf } from "../../core/hex.ts";
import { listRoot, trieRoot } from "./trie-root.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const rootOf = (entries: Record<string, string>): string =>
  hexOf(trieRoot(Object.entries(entries).map(([key, value]) => [bytes(key), bytes(value)])));

describe("trieRoot", () => {
  // The published trie tests of Ethereum (trieanyorder).
  it.each<[Record<string, string>, string]>([
    [{ A: "a".repeat(50) }, "0xd23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab"],
    [
      { doe: "reindeer", dog: "puppy", dogglesworth: "cat" },
      "0x8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3",
    ],
    [
      { do: "verb", horse: "stallion", doge: "coin", dog: "puppy" },
      "0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84",
    ],
    [{ foo: "bar", food: "bass" }, "0x17beaa1648bafa633cda809c90c04af50fc8aed3cb40d16efbddee6fdf63c4c3"],
    [{ be: "e", dog: "puppy", bed: "d" }, "0x3f67c7a47520f79faa29255d2d3c084a7a6df0453116ed7232ff10277a8be68b"],
  ])("given %j, it is the published one, in any order", (entries, root) => {
    expect(rootOf(entries)).toBe(root);
    expect(rootOf(Object.fromEntries(Object.entries(entries).reverse()))).toBe(root);
  });
});

describe("listRoot", () => {
  it("given nothing, is the root of an empty trie", () => {
    expect(hexOf(listRoot([]))).toBe("0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
  });
});
