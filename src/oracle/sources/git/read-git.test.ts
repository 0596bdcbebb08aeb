import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readGit } from "./read-git.ts";

const source = { kind: "git", repository: "site", branch: "main", measure: "commits" } as const;
const window = { epoch: 1, startSeconds: 1_700_000_000, endSeconds: 1_700_000_060 };
let directory: string;

function git(env: NodeJS.ProcessEnv, ...args: readonly string[]): void {
  execFileSync("git", ["-C", directory, "-c", "user.name=Test", "-c", "user.email=test@example.invalid", ...args], {
    env: { ...process.env, ...env },
    stdio: "pipe",
  });
}

/** Committer and author time differ, because only the committer's counts. */
function commitAt(seconds: number): void {
  const env = { GIT_COMMITTER_DATE: `${seconds} +0000`, GIT_AUTHOR_DATE: "1600000000 +0000" };
  git(env, "commit", "-q", "--allow-empty", "-m", `at ${seconds}`);
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-git-"));
  git({}, "init", "-q", "-b", "main");
  // Committer times need not descend along the history: an old one stands in the middle.
  for (const seconds of [0, -1, 59, -1_000, 60, 30]) commitAt(window.startSeconds + seconds);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("readGit", () => {
  it("given commits around the window, it counts those from its first second to the last before its end", async () => {
    const reading = await readGit(source, directory, window, 0, 10_000);
    expect(reading).toMatchObject({ ok: true, value: 3n });
    expect(reading.ok && reading.capture.text.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "1700000030",
      "1700000059",
      "1700000000",
    ]);
  });

  it("given places, it scales the count", async () => {
    expect(await readGit(source, directory, window, 2, 10_000)).toMatchObject({ ok: true, value: 300n });
  });

  it("given an epoch without commits, it counts zero, which is a value", async () => {
    const quiet = { epoch: 2, startSeconds: 1_800_000_000, endSeconds: 1_800_000_060 };
    expect(await readGit(source, directory, quiet, 0, 10_000)).toMatchObject({ ok: true, value: 0n });
  });

  it("given a branch or a repository that is not there, it is unreachable, not zero", async () => {
    const other = { ...source, branch: "other" };
    expect(await readGit(other, directory, window, 0, 10_000)).toMatchObject({ ok: false, failure: "unreachable" });
    expect(await readGit(source, join(directory, "nowhere"), window, 0, 10_000)).toMatchObject({
      ok: false,
      failure: "unreachable",
    });
  });
});
