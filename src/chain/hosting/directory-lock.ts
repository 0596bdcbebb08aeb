import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { MandateError } from "../../core/errors/mandate-error.ts";

/** Exclusive use of a directory. */
export interface DirectoryLock {
  release(): void;
}

/** SQLite's result code for a database that another process holds. */
const BUSY = 5;

/** Whatever nothing refers to, the garbage collector closes: a lock must not depend on its holder keeping the return value. */
const held = new Set<DatabaseSync>();

/** SQLite's result code of what was thrown; undefined where SQLite threw nothing. */
export function sqliteResultOf(thrown: unknown): unknown {
  return thrown instanceof Error && "errcode" in thrown ? thrown.errcode : undefined;
}

/**
 * Takes a directory for this process alone, creating it where there is none. The operating system holds the lock, by way of
 * an open SQLite transaction, and lets go of it however the process ends: there is no stale lock to judge.
 * @param inUse what to throw where another process, or this one, has taken the directory.
 */
export function lockDirectory(directory: string, inUse: (cause: unknown) => MandateError): DirectoryLock {
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, "lock.sqlite"), { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw sqliteResultOf(cause) === BUSY ? inUse(cause) : cause;
  }
  held.add(database);
  return {
    release: () => {
      held.delete(database);
      database.close();
    },
  };
}
