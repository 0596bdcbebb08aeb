import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { identify, isStillRunning } from "./process-identity.ts";
import { RunningRecord } from "./running-record.ts";
import { lockState } from "./state-lock.ts";

const lockModule = new URL("./state-lock.ts", import.meta.url).href;

describe("lockState", () => {
  let directory: string;
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "mandate-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Another process that holds the lock until it is killed, though it keeps nothing of it and collects its garbage. */
  async function holder() {
    const program = `import { lockState } from ${JSON.stringify(lockModule)};
      lockState(${JSON.stringify(directory)});
      setTimeout(() => { globalThis.gc(); console.log("locked"); }, 1);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    return child;
  }

  it("given another process that holds the state, it refuses with AlreadyRunning and the directory", async () => {
    const child = await holder();
    try {
      expect(() => lockState(directory)).toThrow(MandateError);
      expect(() => lockState(directory)).toThrow(
        expect.objectContaining({ code: "AlreadyRunning", data: { directory } }),
      );
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });

  it("given that the holder was killed, the state is free at once", async () => {
    const child = await holder();
    child.kill("SIGKILL");
    await once(child, "exit");
    lockState(directory).release();
  });

  it("given a release, the state is free", () => {
    lockState(directory).release();
    lockState(directory).release();
  });
});

describe("RunningRecord", () => {
  let directory: string;
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "mandate-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it("given a process that outlived its parent, it ends it and names it; a second time there is nothing", async () => {
    const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const ended = once(child, "exit");
    await once(child, "spawn");
    const identity = identify(child.pid ?? 0);
    if (identity === undefined) throw new TypeError("the child runs");
    new RunningRecord(directory).add("the chain", identity.pid);

    expect(await new RunningRecord(directory).endLeftovers(systemClock)).toEqual(["the chain"]);
    await ended;
    expect(isStillRunning(identity)).toBe(false);
    expect(await new RunningRecord(directory).endLeftovers(systemClock)).toEqual([]);
  });

  it("given a number that now belongs to another process, it leaves that process alone", async () => {
    const identity = identify(process.pid);
    if (identity === undefined) throw new TypeError("this process runs");
    expect(isStillRunning({ ...identity, started: `${identity.started}0` })).toBe(false);
  });
});
