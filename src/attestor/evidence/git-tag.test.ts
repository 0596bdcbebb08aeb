import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keccak256Text } from "../../core/keccak.ts";
import { checkEvidence } from "./check-evidence.ts";
import { checkGitTag } from "./git-tag.ts";
import type { GitTagSpecification } from "./specification.ts";

let directory: string;
let released: string;
let aside: string;

function git(...args: string[]): string {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...identity, "-C", directory, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
}

function commit(content: string): string {
  writeFileSync(join(directory, "report.txt"), content);
  git("add", ".");
  git("commit", "-q", "-m", content);
  return git("rev-parse", "HEAD");
}

const specification: GitTagSpecification = {
  kind: "git-tag",
  repository: "product",
  tag: "v1",
  branch: "main",
  files: [{ path: "report.txt", keccak256: keccak256Text("released") }],
};

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "attestor-git-"));
  execFileSync("git", ["init", "-q", "-b", "main", directory]);
  released = commit("released");
  git("tag", "-a", "v1", "-m", "first");
  git("checkout", "-q", "-b", "aside");
  aside = commit("aside");
  git("tag", "aside-1");
  git("checkout", "-q", "main");
  commit("later");
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("checkGitTag", () => {
  it("given an annotated tag on the branch with the specified file, it is met although the branch went on", async () => {
    const manifest = {
      kind: "git-tag",
      repository: "product",
      tag: "v1",
      commit: released,
      files: specification.files,
    };
    expect(await checkGitTag(specification, released, directory)).toEqual({ met: true, manifest });
  });

  it("given another commit than the tagged one, it says so", async () => {
    const problem = `the tag v1 names ${released}, not ${aside}`;
    expect(await checkGitTag(specification, aside, directory)).toEqual({ met: false, problem });
  });

  it("given a tag that the branch does not reach, it says so", async () => {
    const verdict = await checkGitTag({ ...specification, tag: "aside-1" }, aside, directory);
    expect(verdict).toEqual({ met: false, problem: `the branch main does not reach ${aside}` });
  });

  it("given no such tag, branch or file, it says which", async () => {
    const problems = await Promise.all([
      checkGitTag({ ...specification, tag: "v2" }, released, directory),
      checkGitTag({ ...specification, branch: "release" }, released, directory),
      checkGitTag({ ...specification, files: [{ path: "none.txt", keccak256: "0x00" }] }, released, directory),
    ]);
    expect(problems).toEqual([
      { met: false, problem: "the repository has no tag v2" },
      { met: false, problem: "the repository has no branch release" },
      { met: false, problem: `none.txt is not in ${released}` },
    ]);
  });

  it("given a file with other contents, it tells both hashes", async () => {
    const files = [{ path: "report.txt", keccak256: keccak256Text("other") }];
    const verdict = await checkGitTag({ ...specification, files }, released, directory);
    const problem = `report.txt has the hash ${keccak256Text("released")}, not ${keccak256Text("other")}`;
    expect(verdict).toEqual({ met: false, problem });
  });
});

describe("checkEvidence", () => {
  it("given a repository that the attestor does not know, it is not met", async () => {
    const verdict = await checkEvidence(specification, { kind: "git-tag", commit: released }, { other: directory });
    expect(verdict).toEqual({ met: false, problem: "this attestor does not know the repository product" });
  });

  it("given evidence of another kind, it is not met", async () => {
    const verdict = await checkEvidence(specification, { kind: "json-assertions", document: {} }, {});
    expect(verdict).toEqual({
      met: false,
      problem: "the specification wants evidence of kind git-tag, not json-assertions",
    });
  });
});
