import { type DirectoryLock, lockDirectory } from "../../chain/hosting/directory-lock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";

/**
 * Makes this process the only operator on a data directory, until it releases it or ends in whatever way. A hot standby on
 * the same directory would race its own signatures.
 * @throws {MandateError} `OperatorAlreadyRunning`.
 */
export function lockDataDirectory(directory: string): DirectoryLock {
  return lockDirectory(
    directory,
    (cause) =>
      new MandateError("OperatorAlreadyRunning", `another operator is running on ${directory}`, {
        kind: "environment",
        cause,
        data: { directory },
        remedy: "Stop it first, or give this one a data directory and keys of its own.",
      }),
  );
}
