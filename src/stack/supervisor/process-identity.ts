import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** When a process started, in the machine's own words; undefined where no such process runs. */
function startOf(pid: number): string | undefined {
  try {
    if (!existsSync("/proc/self/stat")) {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    }
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" "); // the name before it may hold spaces
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined; // gone
  }
}

/** A process of this machine. The number alone does not tell: numbers are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** @returns undefined where the process has already ended. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid);
  return started === undefined || started === "" ? undefined : { pid, started };
}

export function isStillRunning(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.started;
}
