import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { hexOf } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";
import { notMet, type EvidenceVerdict } from "./evidence.ts";
import type { GitTagSpecification } from "./specification.ts";

const run = promisify(execFile);

/** Largest file that is hashed. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 20_000;

/** Runs a reading git command in `directory`; undefined where git answers "no" (exit code 1 or 128). */
async function git(directory: string, args: readonly string[]): Promise<Buffer | undefined> {
  try {
    const { stdout } = await run("git", ["-c", `safe.directory=${directory}`, "-C", directory, ...args], {
      encoding: "buffer",
      maxBuffer: MAX_FILE_BYTES,
      timeout: TIMEOUT_MS,
      env: { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" },
    });
    return stdout;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === 1 || cause.code === 128)) return undefined;
    throw new MandateError("GitFailed", "git could not be run", { kind: "environment", cause });
  }
}

/** Checks that the tag names `commit`, that the branch reaches it, and that the files in it have the stated contents. */
export async function checkGitTag(
  specification: GitTagSpecification,
  commit: string,
  directory: string,
): Promise<EvidenceVerdict> {
  const { tag, branch, repository, files } = specification;
  const resolve = async (reference: string) =>
    (await git(directory, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${reference}^{commit}`]))
      ?.toString()
      .trim();

  const tagged = await resolve(`refs/tags/${tag}`);
  if (tagged === undefined) return notMet(`the repository has no tag ${tag}`);
  if (tagged !== commit) return notMet(`the tag ${tag} names ${tagged}, not ${commit}`);
  const head = await resolve(`refs/heads/${branch}`);
  if (head === undefined) return notMet(`the repository has no branch ${branch}`);
  if ((await git(directory, ["merge-base", "--is-ancestor", commit, head])) === undefined) {
    return notMet(`the branch ${branch} does not reach ${commit}`);
  }
  for (const { path, keccak256: expected } of files) {
    const content = await git(directory, ["cat-file", "blob", `${commit}:${path}`]);
    if (content === undefined) return notMet(`${path} is not in ${commit}`);
    const actual = hexOf(keccak256(content));
    if (actual !== expected) return notMet(`${path} has the hash ${actual}, not ${expected}`);
  }
  return { met: true, manifest: { kind: "git-tag", repository, tag, commit, files } };
}
