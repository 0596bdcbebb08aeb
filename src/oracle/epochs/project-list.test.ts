import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { ProjectList, ProjectPacker, type ActiveProject } from "./project-list.ts";

const definitionOf = (index: number): Hex => keccak256Text(`definition ${index}`);
/** Ids that share their first bytes as well as such that do not. */
const id = fc.oneof(
  fc.nat(1_000).map((index) => keccak256Text(`project ${index}`)),
  fc.nat(1_000).map((index): Hex => `0x${"ab".repeat(30)}${index.toString(16).padStart(4, "0")}`),
);
const projects = fc.uniqueArray(fc.record({ project: id, definition: fc.nat(4).map(definitionOf) }), {
  maxLength: 200,
  selector: ({ project }) => project,
});
const byId = (a: ActiveProject, b: ActiveProject): number => (a.project < b.project ? -1 : 1);

describe("a list of projects", () => {
  it("iOP-005: given any order of the same projects, it has them ascending, in the same bytes", () => {
    fc.assert(
      fc.property(
        projects.chain((given) =>
          fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
        ),
        ([given, shuffled]) => {
          const list = ProjectList.of(shuffled);
          expect([...list]).toEqual(given.toSorted(byId));
          const same = ProjectList.of(given.toSorted(byId));
          expect(list.records.equals(same.records)).toBe(true);
          expect(list.definitions).toEqual(same.definitions);
          expect(list).toHaveLength(given.length);
        },
      ),
    );
  });

  it("given projects that share definitions, it names each once, in the order in which the projects do", () => {
    const given = [3, 1, 2].map((index): ActiveProject => ({
      project: `0x0${index}${"00".repeat(31)}`,
      definition: definitionOf(index % 2),
    }));
    const list = ProjectList.of(given);
    expect(list.definitions).toEqual([definitionOf(1), definitionOf(0)]);
    expect([0, 1, 2].map((index) => list.numberAt(index))).toEqual([0, 1, 0]);
    expect(list.at(1)).toEqual(given[2]);
  });

  it("given no projects, it is empty", () => {
    const list = ProjectList.of([]);
    expect(list).toHaveLength(0);
    expect([...list]).toEqual([]);
    expect(() => list.at(0)).toThrow(RangeError);
  });

  it("given words in capital letters, it has the same bytes", () => {
    const given: ActiveProject = { project: keccak256Text("project"), definition: definitionOf(0) };
    const capital = (hex: Hex): Hex => `0x${hex.slice(2).toUpperCase()}`;
    const other = { project: capital(keccak256Text("other")), definition: capital(given.definition) };
    const list = ProjectList.of([other, given]);
    expect(list.definitions).toEqual([given.definition]);
    expect([...list].map(({ project }) => project)).toEqual([given.project, keccak256Text("other")].toSorted());
  });

  it("given it as JSON, it is an array of its projects", () => {
    const given = [{ project: keccak256Text("project"), definition: definitionOf(0) }];
    expect(JSON.stringify({ projects: ProjectList.of(given) })).toBe(JSON.stringify({ projects: given }));
  });

  it.each<[string, number[]]>([
    ["one after the other", [1, 1]],
    ["apart", [2, 3, 1, 2]],
  ])("given a project twice, %s, it refuses the list", (_, order) => {
    const idOf = (index: number): Hex => `0x0${index}${"00".repeat(31)}`;
    const given = order.map((index) => ({ project: idOf(index), definition: definitionOf(index) }));
    const project = idOf(order.length === 2 ? 1 : 2);
    expect(() => ProjectList.of(given)).toThrow(
      expect.objectContaining({ code: "DuplicateProject", data: { project } }),
    );
  });

  it.each([
    ["a project", { project: "0x01", definition: definitionOf(0) }],
    ["a definition", { project: definitionOf(0), definition: `0x${"zz".repeat(32)}` }],
  ] as const)("given %s that is not a word, it refuses it", (_, given) => {
    expect(() => new ProjectPacker().add(given)).toThrow(RangeError);
  });
});
