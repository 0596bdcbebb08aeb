import { describe, expect, it } from "vitest";
import type { Entities } from "./rows.ts";
import { lineOfSuccession, provingSet } from "./proving-set.ts";

/** A 2 of 3, of which `revoked` seats are gone. */
const set = (revoked: readonly number[], successor: string | null): Entities["attestorSet"] => ({
  threshold: 2,
  owner: "0x01",
  attestors: ["0x0a", "0x0b", "0x0c"],
  revoked,
  activeFrom: 0,
  successor,
});

describe("provingSet", () => {
  it("given k live members, it is the named set, whatever stands behind it", () => {
    const sets = new Map([
      ["a/2", set([1], "a/1")],
      ["a/1", set([], null)],
    ]);
    expect(provingSet((id) => sets.get(id), "a/2")).toBe("a/2");
  });

  it("given fewer, it is the first behind it that reaches k; itself where none does", () => {
    const sets = new Map([
      ["a/1", set([0, 1], "b/1")],
      ["b/1", set([0, 2], "c/4")],
      ["c/4", set([], null)],
      ["d/1", set([0, 1, 2], "b/2")],
      ["b/2", set([1, 2], null)],
    ]);
    expect(provingSet((id) => sets.get(id), "a/1")).toBe("c/4");
    expect(provingSet((id) => sets.get(id), "d/1")).toBe("d/1");
    expect(lineOfSuccession((id) => sets.get(id), "a/1")).toEqual(["a/1", "b/1", "c/4"]);
  });

  it("given a set that is not known, it is that one", () => {
    expect(provingSet(() => undefined, "a/1")).toBe("a/1");
  });
});
