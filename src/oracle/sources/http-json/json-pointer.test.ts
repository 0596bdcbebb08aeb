import { describe, expect, it } from "vitest";
import { NumberText, parseJsonKeepingNumbers, resolvePointer } from "./json-pointer.ts";

const document = { foo: ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8, " ": 7 };

describe("resolvePointer", () => {
  it.each([
    ["", document],
    ["/foo/0", "bar"],
    ["/", 0],
    ["/a~1b", 1],
    ["/m~0n", 8],
    ["/ ", 7],
    ["/foo/2", undefined],
    ["/foo/01", undefined],
    ["/foo/length", undefined],
    ["/toString", undefined],
    ["foo", undefined],
    ["/foo/0/x", undefined],
  ])("given %j, it gives what RFC 6901 says", (pointer, expected) => {
    expect(resolvePointer(document, pointer)).toEqual(expected);
  });
});

describe("parseJsonKeepingNumbers", () => {
  it("given a number that floating point cannot hold, it keeps every digit", () => {
    const value = resolvePointer(parseJsonKeepingNumbers('{"a":{"b":[0.1234567890123456789012]}}'), "/a/b/0");
    expect(value).toEqual(new NumberText("0.1234567890123456789012"));
  });
});
