import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { MandateError } from "../core/errors/mandate-error.ts";

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}

/** Whether `thrown` says that the disk, or the user's share of it, is full. */
export function isDiskFull(thrown: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(String(codeOf(thrown)));
}

export function diskFull(path: string, cause: unknown): MandateError {
  return new MandateError("DiskFull", `the disk is full: cannot write ${path}`, {
    kind: "environment",
    data: { path },
    remedy: "Free some space and start again: the last complete state is kept.",
    cause,
  });
}

/**
 * Replaces a file as a whole: a reader, or a start after a crash, finds the old content or the new one, never a part.
 * @throws {MandateError} `DiskFull`; the old content is still there.
 */
export function replaceFile(path: string, content: Uint8Array | string): void {
  const partial = `${path}.partial`;
  try {
    const file = openSync(partial, "w");
    try {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } catch (thrown) {
    rmSync(partial, { force: true, recursive: true });
    throw isDiskFull(thrown) ? diskFull(path, thrown) : thrown;
  }
}
