import { describe, expect, it } from "vitest";
import { checkJsonAssertions, valueAt } from "./json-assertions.ts";

const document = { release: { tests: 120, failed: 0, coverage: "97.5" }, "a/b": [true, null], name: "v1" };

function check(assertion: object) {
  return checkJsonAssertions({ kind: "json-assertions", assertions: [assertion as never] }, document);
}

describe("valueAt", () => {
  it.each([
    ["/release/tests", 120],
    ["/a~1b/0", true],
    ["/a~1b/1", null],
    ["/release/toString", undefined],
    ["/name/0", undefined],
  ])("given the pointer %s, it finds %j", (pointer, value) => {
    expect(valueAt(document, pointer)).toBe(value);
  });
});

describe("checkJsonAssertions", () => {
  it.each([
    { pointer: "/release/tests", minimum: "120", maximum: "120" },
    { pointer: "/release/coverage", minimum: "97.5" },
    { pointer: "/name", equals: "v1" },
    { pointer: "/a~1b/1", equals: null },
  ])("given $pointer within its bounds, it is met, and the manifest holds the document", (assertion) => {
    expect(check(assertion)).toEqual({ met: true, manifest: { kind: "json-assertions", document } });
  });

  it.each([
    [
      { pointer: "/release/tests", minimum: "120.000000000000000001" },
      "/release/tests is 120, and must be at least 120.000000000000000001",
    ],
    [{ pointer: "/release/failed", maximum: "-1" }, "/release/failed is 0, and must be at most -1"],
    [{ pointer: "/release/passed", minimum: "1" }, "/release/passed is missing"],
    [{ pointer: "/name", minimum: "1" }, "/name is no number"],
    [{ pointer: "/name", equals: "v2" }, '/name is "v1", not "v2"'],
  ])("given %j, it says what does not hold", (assertion, problem) => {
    expect(check(assertion)).toEqual({ met: false, problem });
  });
});
