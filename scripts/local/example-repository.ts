import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Nothing of the machine's own git settings (signing, hooks, templates) reaches the examples. */
const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Example project",
  GIT_AUTHOR_EMAIL: "example@localhost",
  GIT_COMMITTER_NAME: "Example project",
  GIT_COMMITTER_EMAIL: "example@localhost",
};

async function git(directory: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", args, { cwd: directory, env: environment });
  return stdout.trim();
}

/** A real git repository with a first commit on `main`; an existing one is kept. */
export async function createRepository(directory: string): Promise<void> {
  if (existsSync(join(directory, ".git"))) return;
  mkdirSync(directory, { recursive: true });
  await git(directory, "init", "--quiet", "--initial-branch=main");
  await commitFile(directory, "README.md", "An example project of the local chain.\n", "Begin");
}

/**
 * Commits one file, and nothing that somebody else has staged meanwhile: the project and the demonstration share a repository.
 * Without effect where the file is committed as it is.
 * @returns the commit that has it.
 * @throws Error while somebody else commits: git takes one at a time.
 */
export async function commitFile(directory: string, name: string, content: string, message: string): Promise<string> {
  writeFileSync(join(directory, name), content);
  await git(directory, "add", name);
  const changed = await git(directory, "status", "--porcelain", "--", name);
  if (changed !== "") await git(directory, "commit", "--quiet", "--message", message, "--only", "--", name);
  return git(directory, "log", "--max-count=1", "--format=%H", "--", name);
}

export async function tagCommit(directory: string, tag: string, commit: string): Promise<void> {
  await git(directory, "tag", "--force", tag, commit);
}
