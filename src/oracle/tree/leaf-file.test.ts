import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keccak256Text } from "../../core/keccak.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { encodeLeaves, parseLeaves } from "./leaf-file.ts";
import { packLeaves } from "./packed-leaves.ts";

const leaf = fc
  .record({ index: fc.nat(500), definition: fc.nat(5), score: fc.bigInt(0n, 2n ** 64n - 1n) })
  .map(({ index, definition, score }): Leaf => ({
    project: keccak256Text(`project ${index}`),
    definition: keccak256Text(`definition ${definition}`),
    outcome: "value",
    grade: index % 5,
    score,
  }));
const leaves = fc.uniqueArray(leaf, { maxLength: 60, selector: ({ project }) => project });

function file(count = 3): Buffer {
  return encodeLeaves(
    packLeaves(
      Array.from({ length: count }, (_, index) => ({
        project: keccak256Text(`project ${index}`),
        definition: keccak256Text(`definition ${index}`),
        outcome: "missing",
        grade: 0,
        score: 0n,
      })),
    ),
  );
}

/** Where the first record of the three stands. */
const RECORDS = 25 + 3 * 32;

describe("a file of leaves", () => {
  it("iOP-005: given any order of the same leaves, it has the same bytes, and is read as them", () => {
    fc.assert(
      fc.property(
        leaves.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length }))),
        ([given, shuffled]) => {
          const bytes = encodeLeaves(packLeaves(given));
          expect(encodeLeaves(packLeaves(shuffled)).equals(bytes)).toBe(true);
          expect([...parseLeaves(bytes)]).toEqual(given.toSorted((a, b) => (a.project < b.project ? -1 : 1)));
        },
      ),
    );
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ["without its header", (bytes) => bytes.subarray(1)],
    ["cut off in the header", (bytes) => bytes.subarray(0, 20)],
    ["cut off", (bytes) => bytes.subarray(0, -1)],
    ["that goes on", (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])],
    ["that promises more", (bytes) => (bytes.writeUInt32BE(0xffff_ffff, 17), bytes)],
    ["whose projects do not ascend", (bytes) => (bytes.fill(0xff, RECORDS, RECORDS + 32), bytes)],
    ["whose first definition is not the first", (bytes) => (bytes.writeUInt32BE(1, RECORDS + 32), bytes)],
    ["with a definition that nothing names", (bytes) => (bytes.writeUInt32BE(1, RECORDS + 2 * 46 + 32), bytes)],
    ["with an outcome that does not exist", (bytes) => (bytes.writeUInt8(4, RECORDS + 36), bytes)],
    ["without an outcome", (bytes) => (bytes.writeUInt8(0, RECORDS + 36), bytes)],
    ["with a grade that does not exist", (bytes) => (bytes.writeUInt8(5, RECORDS + 37), bytes)],
  ])("given one %s, it is refused", (_, damage) => {
    expect(() => parseLeaves(damage(file()))).toThrow(expect.objectContaining({ code: "LeavesMalformed" }));
  });
});
