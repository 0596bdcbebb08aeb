import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGithubDouble, type GithubDouble } from "../../../../test/support/github-double.ts";
import { addressPolicy } from "../../egress/address-policy.ts";
import { EgressClient } from "../../egress/egress-client.ts";
import { textFetcher } from "../fetch-text.ts";
import { githubSource, type GithubSource } from "./github-source.ts";
import { readGithub } from "./read-github.ts";

const window = { epoch: 1, startSeconds: 1_700_000_000, endSeconds: 1_700_000_060 };
const egress = new EgressClient(addressPolicy(["127.0.0.1"]));
const secrets = {
  headersFor: () => ({ authorization: "Bearer token" }),
  passwordOf: () => undefined,
  redact: (text: string) => text,
};
const fetchText = textFetcher({
  egress,
  permits: () => true,
  secrets,
  limits: { timeoutMs: 5_000, maximumBytes: 1_000_000 },
});
let github: GithubDouble;

/** A moment, counted in seconds from the start of the window. */
function at(seconds: number): string {
  return new Date((window.startSeconds + seconds) * 1_000).toISOString().replace(".000Z", "Z");
}

function read(measure: GithubSource["measure"], decimals = 0, repository = "office/site") {
  return readGithub({ kind: "github", api: github.url, repository, measure }, window, decimals, fetchText);
}

beforeAll(async () => {
  github = await startGithubDouble();
});
afterAll(async () => {
  await egress.close();
  github.stop();
});

describe("readGithub", () => {
  it("given pull requests merged around the window, it counts those from its first second to the last before its end", async () => {
    const merged = [-1, 0, 30, 59, 60].map((second, index) => {
      const when = at(second);
      return { number: index, isPull: true, updated_at: when, closed_at: when, merged_at: when };
    });
    const rejected = { number: 90, isPull: true, updated_at: at(10), closed_at: at(10), merged_at: null };
    const touchedLater = { number: 91, isPull: true, updated_at: at(4_000), closed_at: at(5), merged_at: at(5) };
    github.content = { issues: [...merged, rejected, touchedLater], releases: [] };
    const reading = await read("merged-pull-requests", 2);
    expect(reading).toMatchObject({ ok: true, value: 400n });
    expect(reading.ok && reading.capture.text).toBe("1700000000 1\n1700000030 2\n1700000059 3\n1700000005 91");
    expect(github.requests.at(-1)?.headers).toMatchObject({
      authorization: "Bearer token",
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
    });
  });

  it("given issues, it counts those closed as completed, and no pull request", async () => {
    const closed = { updated_at: at(20), closed_at: at(20) };
    github.content = {
      issues: [
        { number: 1, ...closed, state_reason: "completed" },
        { number: 2, ...closed, state_reason: "not_planned" },
        { number: 3, ...closed, state_reason: null },
        { number: 4, ...closed, isPull: true },
        { number: 5, updated_at: at(20), closed_at: null },
        { number: 6, updated_at: at(70), closed_at: at(60), state_reason: "completed" },
        { number: 7, updated_at: at(20), closed_at: at(-1), state_reason: "completed" },
      ],
      releases: [],
    };
    expect(await read("completed-issues")).toMatchObject({ ok: true, value: 2n });
  });

  it("given releases, it counts those published in the window, whenever they were drafted", async () => {
    github.content = {
      issues: [],
      releases: [
        { id: 1, draft: false, created_at: at(-90_000), published_at: at(0) },
        { id: 2, draft: false, created_at: at(-5), published_at: at(-5) },
        { id: 3, draft: true, created_at: at(5), published_at: null },
        { id: 4, draft: false, created_at: at(5), published_at: at(60) },
      ],
    };
    expect(await read("releases")).toMatchObject({ ok: true, value: 1n });
  });

  it("given several pages, it reads on where it was allowed to, until nothing of the window can follow", async () => {
    const many = (count: number, second: number) =>
      Array.from({ length: count }, (_, index) => {
        const when = at(second);
        return { number: second * 10_000 + index, isPull: true, updated_at: when, closed_at: when, merged_at: when };
      });
    github.content = { issues: [...many(150, 100), ...many(120, 10), ...many(400, -10)], releases: [] };
    const before = github.requests.length;
    expect(await read("merged-pull-requests")).toMatchObject({ ok: true, value: 120n });
    expect(github.requests.length - before).toBe(3);

    github.content = { issues: many(1_000, 10), releases: [] };
    expect(await read("merged-pull-requests")).toMatchObject({ ok: true, value: 1_000n });
    github.content = { issues: many(1_001, 10), releases: [] };
    expect(await read("merged-pull-requests")).toEqual({
      ok: false,
      failure: "declined",
      detail: "more than 10 pages",
    });
  });

  it("given a repository in which nothing happened, it counts zero; one that is not there is declined", async () => {
    github.content = { issues: [], releases: [] };
    expect(await read("releases")).toMatchObject({ ok: true, value: 0n });
    expect(await read("releases", 0, "office/other")).toEqual({ ok: false, failure: "declined", detail: "status 404" });
  });

  it.each([
    [403, { "x-ratelimit-remaining": "0" }, "unreachable"],
    [403, { "retry-after": "60" }, "unreachable"],
    [403, {}, "declined"],
    [429, {}, "unreachable"],
    [502, {}, "unreachable"],
    [401, {}, "declined"],
    [301, { location: "http://127.0.0.1:1/" }, "declined"],
  ])("given the status %i with %j, it is %s", async (status, headers, failure) => {
    github.refusal = { status, headers };
    expect(await read("releases")).toEqual({ ok: false, failure, detail: `status ${status}` });
    github.refusal = undefined;
  });

  it("given a repository whose name leads elsewhere, the definition is refused", () => {
    const source = { kind: "github", repository: "office/site", measure: "releases" };
    expect(githubSource.parse(source)).toMatchObject({ api: "https://api.github.com" });
    for (const repository of ["office", "office/..", "../site", "office/a/b", "office/a?b", "office/a#b"]) {
      expect(githubSource.safeParse({ ...source, repository }).success).toBe(false);
    }
  });
});
