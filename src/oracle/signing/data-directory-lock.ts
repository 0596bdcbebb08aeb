import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";

/**
 * Makes this process the only operator on a data directory, until it ends in whatever way: the lock is the operating
 * system's, held through an open SQLite transaction. A hot standby on the same directory would race its own signatures.
 * @throws {MandateError} `OperatorAlreadyRunning`.
 */
export function lockDataDirectory(directory: string): { release(): void } {
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, "lock.sqlite"));
  try {
    database.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    if (!/locked|busy/i.test(messageOf(cause))) throw cause;
    throw new MandateError("OperatorAlreadyRunning", `another operator is running on ${directory}`, {
      kind: "environment",
      cause,
      data: { directory },
      remedy: "Stop it first, or give this one a data directory and keys of its own.",
    });
  }
  return { release: () => database.close() };
}
