import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import { decodePath, encodePath } from "./nibbles.ts";

describe("encodePath", () => {
  // Examples of the yellow paper's appendix C.
  it.each<[number[], boolean, Hex]>([
    [[1, 2, 3, 4, 5], false, "0x112345"],
    [[0, 1, 2, 3, 4, 5], false, "0x00012345"],
    [[15, 1, 12, 11, 8], true, "0x3f1cb8"],
    [[0, 15, 1, 12, 11, 8], true, "0x200f1cb8"],
  ])("given %j (leaf: %s), it gives %s", (nibbles, leaf, encoded) => {
    expect(hexOf(encodePath({ nibbles, leaf }))).toBe(encoded);
  });

  it("is undone by decodePath", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 64 }), fc.boolean(), (nibbles, leaf) => {
        expect(decodePath(encodePath({ nibbles, leaf }))).toEqual({ nibbles, leaf });
      }),
    );
  });
});

describe("decodePath", () => {
  it.each<Hex>(["0x", "0x40", "0x01", "0x2f"])("given %s, refuses it", (bytes) => {
    expect(() => decodePath(bytesOf(bytes))).toThrow(expect.objectContaining({ code: "TrieNodeInvalid" }));
  });
});
