import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { commitFile, createRepository, tagCommit } from "./example-repository.ts";

let directory: string;
const git = (...args: string[]): string => execFileSync("git", args, { cwd: directory, encoding: "utf8" }).trim();

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "mandate-repository-"));
  await createRepository(directory);
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

it("commits its own file, and nothing that somebody else has staged", async () => {
  writeFileSync(join(directory, "other.txt"), "not mine");
  git("add", "other.txt");
  const commit = await commitFile(directory, "mine.txt", "mine", "Mine");
  expect(git("show", "--name-only", "--format=", commit)).toBe("mine.txt");
  expect(git("status", "--porcelain")).toBe("A  other.txt");
});

it("given what is committed already, it answers with that commit, and a tag is set again", async () => {
  const first = await commitFile(directory, "mine.txt", "mine", "Mine");
  await tagCommit(directory, "v1", first);
  await commitFile(directory, "other.txt", "other", "Other");
  expect(await commitFile(directory, "mine.txt", "mine", "Mine again")).toBe(first);
  await tagCommit(directory, "v1", first);
  expect(git("rev-parse", "v1")).toBe(first);
});
