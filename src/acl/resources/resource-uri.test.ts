import { describe, expect, it } from "vitest";
import { parseResource } from "./resource-uri.ts";

describe("a resource's address", () => {
  it("given table and id, it is known, and the id is taken as it stands", () => {
    const uri = "postgres://records/a%2Fb'--";
    expect(parseResource(uri)).toEqual({ known: true, resource: { uri, table: "records", id: "a%2Fb'--" } });
  });

  it.each([
    "",
    "records/1",
    "postgres://records",
    "postgres://records/",
    "postgres://records/a/b",
    "postgres://records/a b",
    "http://records/1",
    `postgres://records/${"x".repeat(201)}`,
  ])("given %s, it is no resource", (uri) => {
    expect(parseResource(uri)).toEqual({ known: false, reason: "not-a-resource" });
  });

  it("given a table that is not protected, it says so", () => {
    expect(parseResource("postgres://session/1")).toEqual({ known: false, reason: "table-unknown" });
  });
});
