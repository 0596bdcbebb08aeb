import { describe, expect, it } from "vitest";
import { namedPlace, permitsUrl } from "./source-policy.ts";

const policy = {
  hosts: ["metrics.example:9100", "api.example"],
  repositories: { site: "/srv/git/site" },
  directories: {},
  databases: {},
};

describe("permitsUrl", () => {
  it.each([
    ["http://metrics.example:9100/x", true],
    ["http://metrics.example:9101/x", false],
    ["https://api.example:8443/", true],
    ["http://169.254.169.254/latest", false],
    ["http://api.example.evil/", false],
    ["http://api.example@evil/", false],
  ])("given %s, it answers %s", (url, expected) => {
    expect(permitsUrl(policy, url)).toBe(expected);
  });
});

describe("namedPlace", () => {
  it("given a name, it gives the operator's own directory, and none for any other name", () => {
    expect(namedPlace(policy.repositories, "site")).toBe("/srv/git/site");
    expect(namedPlace(policy.repositories, "constructor")).toBeUndefined();
  });
});
