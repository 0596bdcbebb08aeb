import { describe, expect, it } from "vitest";
import { momentSeconds } from "./moment.ts";

describe("momentSeconds", () => {
  it("takes seconds, or a time with its zone; never a time without one", () => {
    expect(momentSeconds("1790000000")).toBe(1_790_000_000);
    expect(momentSeconds("1970-01-01T01:00:00+01:00")).toBe(0);
    for (const text of ["tomorrow", "2026-12-01", "2026-12-01T12:00:00", "2026-13-01T12:00:00Z"])
      expect(() => momentSeconds(text)).toThrow();
  });
});
