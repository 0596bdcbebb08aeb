import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { diskFull } from "../disk.ts";

/** Exclusive use of a state directory. */
export interface StateLock {
  release(): void;
}

/** SQLite's result codes. */
const BUSY = 5;
const FULL = 13;

function resultCodeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "errcode" in thrown ? thrown.errcode : undefined;
}

/**
 * Takes a state directory for this process alone. The operating system holds the lock, by way of SQLite, and lets go of
 * it however the process ends: there is no stale lock to judge.
 * @throws {MandateError} `AlreadyRunning` where another process uses the directory.
 */
export function lockState(directory: string): StateLock {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, "lock.sqlite");
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    if (resultCodeOf(cause) === FULL) throw diskFull(path, cause);
    if (resultCodeOf(cause) !== BUSY) throw cause;
    throw new MandateError("AlreadyRunning", `a local stack already runs on ${directory}`, {
      kind: "environment",
      data: { directory },
      remedy: "Stop it with Ctrl-C where it runs; it holds this state until then.",
      cause,
    });
  }
  return { release: () => database.close() };
}
