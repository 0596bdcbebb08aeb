import { describe, expect, it } from "vitest";
import { permits } from "./source-policy.ts";

const policy = { hosts: ["metrics.example:9100", "api.example"], repositoryRoots: ["/srv/git/"] };
const http = (url: string) => ({ kind: "http-json", url, pointer: "" }) as const;
const git = (repository: string) => ({ kind: "git", repository, branch: "main", measure: "commits" }) as const;

describe("permits", () => {
  it.each([
    [http("http://metrics.example:9100/x"), true],
    [http("http://metrics.example:9101/x"), false],
    [http("https://api.example:8443/"), true],
    [http("http://169.254.169.254/latest"), false],
    [http("http://api.example.evil/"), false],
    [git("/srv/git/a"), true],
    [git("/srv/git"), true],
    [git("/srv/git/../secret"), false],
    [git("/srv/gitolite"), false],
    [git("srv/git/a"), false],
  ])("given %j, it answers %s", (source, expected) => {
    expect(permits(policy, source)).toBe(expected);
  });
});
