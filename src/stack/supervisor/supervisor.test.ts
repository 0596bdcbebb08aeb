import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunningRecord } from "./running-record.ts";
import { Supervisor, type Part } from "./supervisor.ts";

describe("Supervisor", () => {
  let directory: string;
  let supervisor: Supervisor;
  let stopped: string[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "mandate-"));
    supervisor = new Supervisor(new RunningRecord(directory));
    stopped = [];
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const never = Promise.withResolvers<unknown>().promise;
  function part(title: string, failed: Promise<unknown> = never, stop?: () => Promise<void>): () => Promise<Part> {
    return () =>
      Promise.resolve({
        title,
        failed,
        stop: async () => {
          stopped.push(title);
          await stop?.();
        },
      });
  }

  it("given stages, when it stops, it stops the last stage first, and once", async () => {
    await supervisor.start(part("chain"));
    await supervisor.startStage([part("operator 1"), part("operator 2")]);
    await supervisor.start(part("web"));
    expect(await supervisor.stop()).toEqual([]);
    expect(await supervisor.stop()).toEqual([]);
    expect(stopped).toEqual(["web", "operator 1", "operator 2", "chain"]);
  });

  it("given a part that fails, it is interrupted with that reason, and starts nothing more", async () => {
    const reason = new Error("operator 1 ended");
    const failure = Promise.withResolvers<unknown>();
    await supervisor.start(part("operator 1", failure.promise));
    failure.resolve(reason);
    expect(await supervisor.interrupted()).toBe(reason);
    await expect(supervisor.start(part("web"))).rejects.toBe(reason);
    await supervisor.stop();
    expect(stopped).toEqual(["operator 1"]);
  });

  it("given a part that does not start, when it stops, it stops its siblings that did start", async () => {
    const reason = new Error("port in use");
    const failing = (): Promise<Part> => Promise.reject(reason);
    await expect(supervisor.startStage([part("operator 1"), failing, part("operator 3")])).rejects.toBe(reason);
    await supervisor.stop();
    expect(stopped).toEqual(["operator 1", "operator 3"]);
  });

  it("given a part whose stop fails, it stops the others and says which one failed", async () => {
    await supervisor.start(part("chain"));
    await supervisor.start(part("web", never, () => Promise.reject(new Error("stuck"))));
    expect(await supervisor.stop()).toEqual(["web: stuck"]);
    expect(stopped).toEqual(["web", "chain"]);
  });

  it("given an interruption while a part starts, when it stops, that part is stopped too", async () => {
    const { promise: slow, resolve: begin } = Promise.withResolvers<string>();
    const starting = supervisor.start(async () => {
      await slow;
      return part("chain")();
    });
    supervisor.interrupt(new Error("Ctrl-C"));
    begin("now");
    await expect(starting).rejects.toThrow("Ctrl-C");
    await supervisor.stop();
    expect(stopped).toEqual(["chain"]);
  });
});
