import { describe, expect, it } from "vitest";
import { canonicalText, documentHash } from "./document-hash.ts";

describe("document hash", () => {
  it("does not depend on the order of keys", () => {
    expect(documentHash({ b: 1, a: [true, null] })).toBe(documentHash({ a: [true, null], b: 1 }));
  });

  it("is the Keccak-256 of the canonical text (vector: empty object)", () => {
    expect(canonicalText({})).toBe("{}");
    expect(documentHash({})).toBe("0xb48d38f93eaa084033fc5970bf96e559c33c4cdc07d889ab00b4d63f9590739d");
  });

  it("refuses what has no JSON form", () => {
    expect(() => documentHash(undefined)).toThrow(TypeError);
  });
});
