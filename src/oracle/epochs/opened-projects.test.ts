import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { OpenedProjects } from "./opened-projects.ts";

/** Ids that begin alike, and therefore lead to the same slot, as well as such that do not. */
const id = fc.tuple(fc.nat(3), fc.nat(300)).map(([start, end]): Hex => {
  const first = start.toString(16).padStart(8, "0");
  return `0x${first}${"0".repeat(52)}${end.toString(16).padStart(4, "0")}`;
});

describe("opened projects", () => {
  it("given projects in any order, some of them again, it has each once, in the order in which they came", () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 400 }), (given) => {
        const opened = new OpenedProjects();
        for (const each of given) opened.add(each);
        const expected = [...new Set(given)];
        expect(opened.count).toBe(expected.length);
        expect(expected.map((_, index) => opened.at(index))).toEqual(expected);
        expect(expected.every((each) => opened.has(each))).toBe(true);
      }),
    );
  });

  it("given a project that it has not, it says so, also where it is full, and takes nothing", () => {
    const opened = new OpenedProjects();
    const idOf = (index: number): Hex => `0x${index.toString(16).padStart(64, "0")}`;
    for (let count = 0; count <= 64; count += 1) {
      expect([opened.has(idOf(count)), opened.count]).toEqual([false, count]);
      opened.add(idOf(count));
      expect(opened.has(idOf(count))).toBe(true);
    }
    expect(() => opened.has("0x01")).toThrow(RangeError);
  });

  it("given an id in capital letters, it knows it", () => {
    const opened = new OpenedProjects();
    opened.add(`0x${"ab".repeat(32)}`);
    opened.add(`0x${"AB".repeat(32)}`);
    expect(opened.count).toBe(1);
  });

  it("given when a project ended, it knows it, also when many come after it; and forgets it where it did not end", () => {
    const opened = new OpenedProjects();
    const idOf = (index: number): Hex => `0x${index.toString(16).padStart(64, "0")}`;
    for (let index = 0; index < 64; index += 1) opened.add(idOf(index));
    expect(opened.endedAt(0)).toBeUndefined();
    opened.setEndedAt(0, 0);
    opened.setEndedAt(63, 4_000_000_000);
    for (let index = 64; index < 200; index += 1) opened.add(idOf(index));
    expect([0, 1, 63, 64].map((index) => opened.endedAt(index))).toEqual([0, undefined, 4_000_000_000, undefined]);
    opened.setEndedAt(63, undefined);
    expect(opened.endedAt(63)).toBeUndefined();
  });

  it("given what is no word, it refuses it and is as before", () => {
    const opened = new OpenedProjects();
    expect(() => opened.add("0x01")).toThrow(RangeError);
    expect(opened.count).toBe(0);
  });
});
