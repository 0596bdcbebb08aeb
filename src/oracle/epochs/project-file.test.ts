import { describe, expect, it } from "vitest";
import { keccak256Text } from "../../core/keccak.ts";
import { encodeProjects, parseProjects } from "./project-file.ts";
import { ProjectList } from "./project-list.ts";

const listOf = (count: number): ProjectList =>
  ProjectList.of(
    Array.from({ length: count }, (_, index) => ({
      project: keccak256Text(`project ${index}`),
      definition: keccak256Text(`definition ${index}`),
    })),
  );

/** Where the first record of the three stands. */
const RECORDS = 27 + 3 * 32;

describe("a file of projects", () => {
  it.each([0, 1, 3, 500])("given %i projects, it is read as them, and has the same bytes again", (count) => {
    const list = listOf(count);
    const bytes = encodeProjects(list);
    expect(parseProjects(bytes)).toEqual(list);
    expect(encodeProjects(parseProjects(bytes)).equals(bytes)).toBe(true);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ["without its header", (bytes) => bytes.subarray(1)],
    ["cut off in the header", (bytes) => bytes.subarray(0, 20)],
    ["cut off", (bytes) => bytes.subarray(0, -1)],
    ["that goes on", (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])],
    ["that promises more", (bytes) => (bytes.writeUInt32BE(0xffff_ffff, 19), bytes)],
    ["whose projects do not ascend", (bytes) => (bytes.fill(0xff, RECORDS, RECORDS + 32), bytes)],
    ["with a project twice", (bytes) => (bytes.copyWithin(RECORDS + 36, RECORDS, RECORDS + 32), bytes)],
    ["whose first definition is not the first", (bytes) => (bytes.writeUInt32BE(1, RECORDS + 32), bytes)],
    ["with a definition that nothing names", (bytes) => (bytes.writeUInt32BE(1, RECORDS + 2 * 36 + 32), bytes)],
  ])("given one %s, it is refused", (_, damage) => {
    expect(() => parseProjects(damage(encodeProjects(listOf(3))))).toThrow(
      expect.objectContaining({ code: "ProjectsMalformed" }),
    );
  });
});
