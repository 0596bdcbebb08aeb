import { encodeRlp as encodeByEthers, hexlify } from "ethers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import { decodeRlp, encodeRlp, type RlpItem } from "./rlp.ts";

type Nested = Uint8Array | Nested[];

const item = fc.letrec<{ item: Nested }>((tie) => ({
  item: fc.oneof({ maxDepth: 4 }, fc.uint8Array({ maxLength: 80 }), fc.array(tie("item"), { maxLength: 6 })),
})).item;

function hexes(value: RlpItem): unknown {
  return value instanceof Uint8Array ? hexlify(value) : value.map(hexes);
}

describe("encodeRlp", () => {
  it("gives what ethers gives, and decodes to what was encoded", () => {
    fc.assert(
      fc.property(item, (value) => {
        const encoded = encodeRlp(value);
        expect(hexOf(encoded)).toBe(encodeByEthers(hexes(value) as never));
        expect(hexes(decodeRlp(encoded))).toEqual(hexes(value));
      }),
    );
  });

  it.each([55, 56, 255, 256, 70_000])("gives what ethers gives for %i bytes", (length) => {
    const value = new Uint8Array(length).fill(7);
    expect(hexOf(encodeRlp(value))).toBe(encodeByEthers(hexlify(value)));
  });
});

describe("decodeRlp", () => {
  it.each<[string, Hex]>([
    ["nothing", "0x"],
    ["bytes after the item", "0x8080"],
    ["a string that ends early", "0x83aabb"],
    ["a list that ends early", "0xc3aabb"],
    ["an item that leaves its list", "0xc283aabb"],
    ["a single byte in the long form", "0x8101"],
    ["a short string in the long form", "0xb801aa"],
    ["a length with a leading zero", `0xb90038${"aa".repeat(56)}`],
    ["a length of lengths beyond any block", `0xbf${"01".repeat(8)}`],
  ])("given %s, refuses it", (_what, bytes) => {
    expect(() => decodeRlp(bytesOf(bytes))).toThrow(expect.objectContaining({ code: "RlpInvalid" }));
  });
});
