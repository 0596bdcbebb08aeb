import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "../../../core/errors/mandate-error.ts";
import { capture } from "../capture.ts";
import type { EpochWindow, SourceReading } from "../reading.ts";
import type { GitSource } from "./git-source.ts";

const run = promisify(execFile);

/** Commits that fit into the buffer below, 51 bytes a line. */
const MAXIMUM_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Commit lines `<committer seconds> <hash>` whose committer time lies in the epoch's half-open window. Pure. */
export function commitsInWindow(lines: readonly string[], window: EpochWindow): readonly string[] {
  return lines.filter((line) => {
    const committedAt = Number(line.split(" ", 1)[0]);
    return line !== "" && committedAt >= window.startSeconds && committedAt < window.endSeconds;
  });
}

/**
 * Counts the commits of a branch by committer time. Repositories' hooks and configured programs are not run: `git log`
 * runs none, and the environment's configuration is left out.
 */
export async function readGit(
  source: GitSource,
  directory: string,
  window: EpochWindow,
  decimals: number,
  timeoutMs: number,
): Promise<SourceReading> {
  const reference = `refs/heads/${source.branch}`;
  // Not --since: it stops at the first older commit, and committer times need not descend.
  const args = [
    "-C",
    directory,
    "log",
    `--since-as-filter=${window.startSeconds - 1}`,
    "--format=%ct %H",
    reference,
    "--",
  ];
  try {
    const { stdout } = await run("git", args, {
      timeout: timeoutMs,
      maxBuffer: MAXIMUM_OUTPUT_BYTES,
      env: {
        PATH: process.env["PATH"],
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_TERMINAL_PROMPT: "0",
        LC_ALL: "C",
      },
    });
    const commits = commitsInWindow(stdout.split("\n"), window);
    return {
      ok: true,
      value: BigInt(commits.length) * 10n ** BigInt(decimals),
      capture: capture(commits.join("\n")),
    };
  } catch (thrown) {
    return { ok: false, failure: "unreachable", detail: firstLine(thrown) };
  }
}

function firstLine(thrown: unknown): string {
  const stderr = thrown instanceof Error && "stderr" in thrown ? String(thrown.stderr).trim() : "";
  return (stderr === "" ? messageOf(thrown) : stderr).split("\n", 1)[0] ?? "";
}
