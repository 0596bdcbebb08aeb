import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rules } from "./rules.ts";

describe("the rules", () => {
  it("are exactly the ones that the specification lists", () => {
    const text = readFileSync(new URL("../../docs/spec/audit.md", import.meta.url), "utf8");
    const section = text.slice(text.indexOf("\n## Rules"), text.indexOf("\n## Signatures"));
    const listed = [...section.matchAll(/^\| ([a-z]+-[a-z-]+) \|/gm)].map(([, rule]) => rule);
    expect(listed.sort()).toEqual(Object.keys(rules).sort());
  });
});
