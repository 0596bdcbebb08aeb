import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import { replaceFile } from "../disk.ts";
import { identify, isStillRunning, type ProcessIdentity } from "./process-identity.ts";

const recordSchema = z.array(z.strictObject({ title: z.string(), pid: z.number().int(), started: z.string() }));

type RecordedProcess = z.infer<typeof recordSchema>[number];

const POLITE_MS = 6_000;
const POLL_MS = 50;

/**
 * Which processes run on a state directory, on disk: where their parent was killed, the next start ends them before it
 * begins, so that nobody else writes to the state or holds a port.
 */
export class RunningRecord {
  readonly #path: string;
  #processes: RecordedProcess[] = [];

  constructor(directory: string) {
    this.#path = join(directory, "running.json");
  }

  add(title: string, pid: number): void {
    const identity = identify(pid);
    if (identity === undefined) return; // ended already: whoever watches it reports that
    this.#processes.push({ title, ...identity });
    this.#write();
  }

  clear(): void {
    this.#processes = [];
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    replaceFile(this.#path, JSON.stringify(this.#processes, undefined, 2));
  }

  /** Ends what an earlier, killed parent left running. Call it while holding the state's lock. */
  async endLeftovers(clock: Clock): Promise<readonly string[]> {
    if (!existsSync(this.#path)) return [];
    const parsed = recordSchema.safeParse(JSON.parse(readFileSync(this.#path, "utf8")));
    const leftovers = (parsed.success ? parsed.data : []).filter(isStillRunning);
    await Promise.all(leftovers.map((each) => end(each, clock)));
    this.clear();
    return leftovers.map((each) => each.title);
  }
}

async function end(identity: ProcessIdentity, clock: Clock): Promise<void> {
  const untilMs = clock.nowMs() + POLITE_MS;
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    if (!isStillRunning(identity)) return;
    process.kill(identity.pid, signal);
    while (isStillRunning(identity) && clock.nowMs() < untilMs) await clock.sleep(POLL_MS);
  }
}
