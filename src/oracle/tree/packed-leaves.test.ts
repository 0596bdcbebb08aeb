import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keccak256Text } from "../../core/keccak.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { ProjectList } from "../epochs/project-list.ts";
import { encodeLeaves } from "./leaf-file.ts";
import { packLeaves, packScored } from "./packed-leaves.ts";

const result = fc.record({
  outcome: fc.constantFrom("value", "missing", "refused"),
  grade: fc.nat(4),
  score: fc.bigInt(0n, 2n ** 64n - 1n),
});

describe("leaves of scored projects", () => {
  it("iOP-005: given projects and what their definitions amount to, they have the bytes of the same leaves one by one", () => {
    fc.assert(
      fc.property(
        fc.array(result, { minLength: 5, maxLength: 5 }),
        fc.uniqueArray(fc.nat(500), { maxLength: 60 }),
        (results, numbers) => {
          const projects = ProjectList.of(
            numbers.map((number) => ({
              project: keccak256Text(`project ${number}`),
              definition: keccak256Text(`definition ${number % 5}`),
            })),
          );
          const scored = packScored(projects, results.slice(0, projects.definitions.length));
          const leaves = [...projects].map(({ project, definition }): Leaf => {
            const found = results[projects.definitions.indexOf(definition)];
            if (found === undefined) throw new Error("no result");
            return { project, definition, ...found };
          });
          expect([...scored]).toEqual(leaves);
          expect(encodeLeaves(scored).equals(encodeLeaves(packLeaves(leaves)))).toBe(true);
        },
      ),
    );
  });

  it("given a list of projects, it copies none of their ids", () => {
    const projects = ProjectList.of([{ project: keccak256Text("project"), definition: keccak256Text("definition") }]);
    const [leaf] = [packScored(projects, [{ outcome: "missing", grade: 0, score: 0n }]).projectAt(0)];
    expect(leaf.buffer).toBe(projects.records.buffer);
  });

  it.each([
    ["a grade", { outcome: "value", grade: 256, score: 0n }],
    ["a score", { outcome: "value", grade: 1, score: 2n ** 64n }],
  ] as const)("given %s that does not fit its field, it refuses", (_, given) => {
    const projects = ProjectList.of([{ project: keccak256Text("project"), definition: keccak256Text("definition") }]);
    expect(() => packScored(projects, [given])).toThrow(RangeError);
  });
});
