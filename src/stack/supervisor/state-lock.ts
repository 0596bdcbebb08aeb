import { join } from "node:path";
import { type DirectoryLock, lockDirectory, sqliteResultOf } from "../../chain/hosting/directory-lock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { diskFull } from "../disk.ts";

/** SQLite's result code for a full disk. */
const FULL = 13;

/**
 * Takes a state directory for this process alone, until it releases it or ends in whatever way.
 * @throws {MandateError} `AlreadyRunning` where another process uses the directory, `DiskFull`.
 */
export function lockState(directory: string): DirectoryLock {
  try {
    return lockDirectory(
      directory,
      (cause) =>
        new MandateError("AlreadyRunning", `a local stack already runs on ${directory}`, {
          kind: "environment",
          data: { directory },
          remedy: "Stop it with Ctrl-C where it runs; it holds this state until then.",
          cause,
        }),
    );
  } catch (thrown) {
    throw sqliteResultOf(thrown) === FULL ? diskFull(join(directory, "lock.sqlite"), thrown) : thrown;
  }
}
