import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { MandateError } from "../core/errors/mandate-error.ts";

/** A user of this machine, by number. */
export interface ServiceUser {
  readonly uid: number;
  readonly gid: number;
}

/** In order of preference. `nobody` exists everywhere; nothing is added to the machine's user list. */
const candidates = ["postgres", "nobody"];

function lookUp(name: string): ServiceUser | undefined {
  try {
    const id = (flag: string): number =>
      Number.parseInt(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }), 10);
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined; // no such user here
  }
}

/**
 * The user that PostgreSQL runs as where this process is root, for PostgreSQL refuses to run as root;
 * undefined where this process is an ordinary user already.
 * @throws {MandateError} `NoServiceUser`.
 */
export function serviceUser(): ServiceUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of candidates) {
    const user = lookUp(name);
    if (user !== undefined) return user;
  }
  throw new MandateError(
    "NoServiceUser",
    `PostgreSQL cannot run as root, and none of the users ${candidates.join(", ")} exists`,
    {
      kind: "environment",
      remedy: "Run as an ordinary user, or add one: useradd --system postgres.",
    },
  );
}

/** Whether every user may pass through all directories above `path` (a clone below /root is closed to others). */
export function isReachableByOthers(path: string): boolean {
  for (let each = dirname(resolve(path)); ; each = dirname(each)) {
    if ((statSync(each).mode & 0o001) === 0) return false;
    if (each === dirname(each)) return true;
  }
}

/** Makes `directory`, private to its user. */
export function makePrivateDirectory(directory: string, user: ServiceUser | undefined): void {
  mkdirSync(directory, { recursive: true });
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
  chmodSync(directory, 0o700);
}
