// Real runs of the bootstrap on a small project: real npm, real processes, real signals.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, describe, expect, it } from "vitest";

import { findNpm } from "./node-runtime.mjs";
import { SampleProject } from "./sample-project.ts";

const SETUP_FAILED = 3;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function sample(options?: ConstructorParameters<typeof SampleProject>[0]): SampleProject {
  const project = new SampleProject(options);
  cleanups.push(() => {
    project.remove();
  });
  return project;
}

/** A registry that takes connections and never answers. */
async function silentServer(): Promise<{ url: string; server: Server }> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/slow.tgz`, server };
}

/** The process id that the sample project's `wait` command prints. */
function waitingPid(output: string): number {
  return Number(/waiting (\d+)/.exec(output)?.[1]);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function goneWithin(pid: number, milliseconds: number): Promise<boolean> {
  const endMs = performance.now() + milliseconds;
  while (performance.now() < endMs) {
    if (!isRunning(pid)) return true;
    await sleep(50);
  }
  return false;
}

describe("given a clean clone", () => {
  it("installs, then runs the command with its arguments; standard output is the command's own", async () => {
    const project = sample();
    const first = await project.run("say", "--json", "a b");
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toEqual({ version: process.version, args: ["--json", "a b"] });
    expect(first.stderr).toContain("Installing the locked packages");
    expect(first.stderr).toMatch(/Ready after \d+ s/);
  });

  it("prints nothing of its own when everything is already set up", async () => {
    const project = sample();
    await project.run("built");
    const second = await project.run("built");
    expect(second).toMatchObject({ code: 0, stderr: "" });
  });

  it("sets up once when two commands start together", async () => {
    const project = sample();
    const [a, b] = await Promise.all([project.run("built"), project.run("built")]);
    expect([a.code, b.code]).toEqual([0, 0]);
    expect(`${a.stderr}${b.stderr}`.match(/Installing/g)).toHaveLength(1);
    expect(project.read("builds.txt")).toBe("x");
  });

  it("refuses an unknown command and names the known ones", async () => {
    const project = sample();
    const { code, stderr } = await project.run("sya");
    expect(code).toBe(SETUP_FAILED);
    expect(stderr).toContain('There is no command "sya"');
    expect(stderr).toContain("say, built, wait");
  });
});

describe("given a project that is set up", () => {
  it("installs again when the lock file changed, and when node_modules is gone", async () => {
    const project = sample();
    await project.run("say");
    project.write("package-lock.json", `${project.read("package-lock.json")}\n`);
    expect((await project.run("say")).stderr).toContain("Ready after");
    rmSync(join(project.root, "node_modules"), { recursive: true });
    expect((await project.run("say")).stderr).toContain("Installing");
  });

  it("builds again when an input changed, and when the output is gone", async () => {
    const project = sample();
    await project.run("built");
    project.write("in.txt", "two");
    await project.run("built");
    expect(project.read("out.txt")).toBe("TWO");
    rmSync(join(project.root, "out.txt"));
    await project.run("built");
    expect(project.read("out.txt")).toBe("TWO");
    expect(project.read("builds.txt")).toBe("xxx");
  });

  it("shows why a build failed, and builds again once it is mended", async () => {
    const project = sample();
    await project.run("built");
    project.write("in.txt", "bad");
    const failed = await project.run("built");
    expect(failed.code).toBe(SETUP_FAILED);
    expect(failed.stderr).toContain("in.txt is bad");
    expect(failed.stderr).toContain("Building the sample failed");
    expect(failed.stdout).toBe("");
    project.write("in.txt", "good");
    expect((await project.run("built")).code).toBe(0);
  });
});

describe("given a registry that cannot be used", () => {
  it("says that the network is missing, and what to do", async () => {
    const project = sample();
    project.dependOn({ far: "http://127.0.0.1:9/far.tgz" });
    const { code, stderr } = await project.run("say");
    expect(code).toBe(SETUP_FAILED);
    expect(stderr).toContain("could not reach its package registry. (no-network)");
    expect(stderr).toContain("Check the connection");
  });

  it("says that lock file and package.json do not fit", async () => {
    const project = sample();
    project.write("package.json", project.read("package.json").replace("file:linked", "file:other"));
    const { code, stderr } = await project.run("say");
    expect(code).toBe(SETUP_FAILED);
    expect(stderr).toContain("(lock-file)");
  });

  it("stops on Ctrl-C during the install, leaves no half state, and continues later", async () => {
    const project = sample();
    const { url } = await silentServer();
    project.dependOn({ slow: url });
    const run = project.start(["say"]);
    await run.seen("Installing");
    await sleep(1500);
    run.child.kill("SIGINT");
    const { code, stderr, stdout } = await run.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toContain("Nothing is half done");
    expect(existsSync(join(project.root, ".mandate/setup.lock"))).toBe(false);
    project.dependOn({});
    expect((await project.run("say")).code).toBe(0);
  });

  it("takes over from a set-up that was killed hard", async () => {
    const project = sample();
    const { url } = await silentServer();
    project.dependOn({ slow: url });
    const run = project.start(["say"]);
    await run.seen("Installing");
    run.child.kill("SIGKILL");
    await run.ended;
    expect(existsSync(join(project.root, ".mandate/setup.lock"))).toBe(true);
    project.dependOn({});
    const next = await project.run("say");
    expect(next.code).toBe(0);
    expect(readdirSync(join(project.root, ".mandate")).filter((name) => name.includes("lock"))).toEqual([]);
  });
});

describe("given a running command", () => {
  it("passes one Ctrl-C on once, however often it arrives, and keeps the command's exit code", async () => {
    const project = sample();
    const run = project.start(["wait"]);
    await run.seen("waiting");
    run.child.kill("SIGINT");
    await sleep(50);
    run.child.kill("SIGINT");
    const { code, stdout } = await run.ended;
    expect(code).toBe(7);
    expect(stdout.match(/got SIGINT/g)).toHaveLength(1);
  });

  it("gets one SIGINT when a terminal signals the whole group of `npm run`, and is gone at its end", async () => {
    const project = sample();
    const run = project.start(["run", "wait"], { program: [process.execPath, findNpm()], detached: true });
    await run.seen("waiting");
    process.kill(-(run.child.pid ?? 0), "SIGINT");
    const { stdout } = await run.ended;
    expect(stdout.match(/got SIGINT/g)).toHaveLength(1);
    expect(isRunning(waitingPid(stdout))).toBe(false);
  });

  it("stops in order when the bootstrap is killed hard", async () => {
    const project = sample();
    const run = project.start(["wait"]);
    await run.seen("waiting");
    run.child.kill("SIGKILL");
    const { stdout } = await run.ended;
    expect(stdout).toContain("got SIGTERM");
    expect(await goneWithin(waitingPid(stdout), 3000)).toBe(true);
  });

  it("ends by the same signal as the command", async () => {
    const project = sample();
    const run = project.start(["wait"]);
    process.kill(waitingPid(await run.seen("waiting")), "SIGKILL");
    expect((await run.ended).signal).toBe("SIGKILL");
  });
});

describe("given a Node that is too old", () => {
  it("installs the project's own Node, and runs npm and the command by it", async (context) => {
    const project = sample({ engines: ">=99.0.0" });
    const first = await project.run("say");
    if (first.stderr.includes("(no-network)")) context.skip("the package registry cannot be reached");
    expect(first.stderr).toMatch(/installing the project's own Node 24\.\d+\.\d+/);
    expect(JSON.parse(first.stdout)).toMatchObject({ version: expect.stringMatching(/^v24\./) });
    expect(readdirSync(join(project.root, ".mandate/node"))).toHaveLength(1);
    expect(await project.run("say")).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("given a full disk", () => {
  it("says so before it starts to install", async (context) => {
    const small = mkdtempSync(join(tmpdir(), "mandate-small-disk-"));
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", small]);
    if (mounted.status !== 0) context.skip("mounting a small disk needs root on Linux");
    cleanups.push(() => {
      spawnSync("umount", [small]);
      rmSync(small, { recursive: true, force: true });
    });
    const project = new SampleProject({ parent: small });
    const { code, stderr } = await project.run("say");
    expect(code).toBe(SETUP_FAILED);
    expect(stderr).toContain("(disk-full)");
    expect(existsSync(join(project.root, "node_modules"))).toBe(false);
  });
});
