import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { exampleProjects } from "../../scripts/start/seed.ts";
import { statusAnswerSchema } from "../../src/core/api/status.ts";
import { findPortBase } from "../../scripts/local/find-port-base.ts";
import { layoutOf, urlOf } from "../../scripts/local/layout.ts";
import { removeCluster } from "../../src/stack/postgres-program.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { assertPortFree, loopback } from "../../src/stack/ports.ts";
import { runLocalStart, type LocalStart } from "../support/local-start.ts";

const portBase = await findPortBase();
const running = "Everything runs";
const projectsSchema = z.object({ projects: z.array(z.object({ id: z.string() })) });
const recordSchema = z.array(z.object({ title: z.string(), pid: z.number() }));

/** How long an orderly end may take at most, on a loaded machine. */
const END_MS = 20_000;

describe("the local stack", () => {
  const state = mkdtempSync(join(tmpdir(), "mandate-stack-"));
  const layout = layoutOf(state, portBase);
  const { ports } = layout;
  const used = [
    ports.chain,
    ports.postgres,
    ports.web,
    ports.acl,
    ...exampleProjects.map(({ portOffset }) => ports.metrics + portOffset),
  ];
  for (const number of [1, 2, 3, 4]) used.push(ports.operator(number));
  for (const number of [1, 2, 3]) used.push(ports.attestor(number));
  const starts: LocalStart[] = [];

  function start(): LocalStart {
    const started = runLocalStart(state, portBase);
    starts.push(started);
    return started;
  }

  async function end(each: LocalStart, signal: NodeJS.Signals): Promise<number | null> {
    const beginMs = performance.now();
    each.child.kill(signal);
    const code = await each.exited;
    expect(performance.now() - beginMs).toBeLessThan(END_MS);
    return code;
  }

  async function nothingIsLeft(): Promise<void> {
    for (const port of used) await assertPortFree(port, "the check that nothing is left");
    expect(existsSync(join(state, "running.json"))).toBe(false);
  }

  async function projectIds(): Promise<string[]> {
    const response = await fetch(`${urlOf(ports.web)}/v1/projects`);
    return projectsSchema.parse(await response.json()).projects.map(({ id }) => id);
  }

  const blockNumber = async (): Promise<number> => Number(await callRpc(urlOf(ports.chain), "eth_blockNumber", []));

  /** The process of a part, from the record that the running stack keeps. */
  function pidOf(title: string): number {
    const record = recordSchema.parse(JSON.parse(readFileSync(join(state, "running.json"), "utf8")));
    const found = record.find((each) => each.title === title);
    if (found === undefined) throw new Error(`no ${title} in ${JSON.stringify(record)}`);
    return found.pid;
  }

  let projects: string[];
  let lastBlock: number;

  beforeAll(async () => {
    const first = start();
    await first.said(running);
    projects = await projectIds();

    const second = start();
    expect(await second.exited).toBe(3);
    expect(second.output()).toContain("AlreadyRunning");
    expect(second.output()).toContain(state);

    const status = statusAnswerSchema.parse(await (await fetch(`${urlOf(ports.web)}/v1/status`)).json());
    expect(status.trouble).toBeNull();
    expect(status.journal.map(({ ok }) => ok)).toEqual(status.journal.map(() => true));
    lastBlock = await blockNumber();
    expect(await end(first, "SIGINT")).toBe(0);
    await nothingIsLeft();
  });

  afterAll(async () => {
    for (const { child, exited } of starts) {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await exited;
    }
    removeCluster(layout.postgres);
    rmSync(state, { recursive: true, force: true });
  });

  it("given a first start, it runs the example projects", () => {
    expect(projects).toHaveLength(exampleProjects.length);
  });

  it("given state of an earlier start, it continues with it; given Ctrl-C, nothing is left", async () => {
    const again = start();
    await again.said(running);
    expect(again.output()).toContain("Continuing with the state of the last start");
    expect(await blockNumber()).toBeGreaterThanOrEqual(lastBlock);
    expect(await projectIds()).toEqual(projects);
    expect(await end(again, "SIGINT")).toBe(0);
    await nothingIsLeft();
  });

  it("given a port that somebody holds, it names port, use and way out, and leaves nothing running", async () => {
    const holder = createServer().listen(ports.postgres, loopback);
    await once(holder, "listening");
    const refused = start();
    expect(await refused.exited).toBe(3);
    expect(refused.output()).toContain(`port ${ports.postgres}, needed for PostgreSQL, is in use`);
    expect(refused.output()).toContain("MANDATE_PORT_BASE");
    await new Promise((resolve) => holder.close(resolve));
    await nothingIsLeft();
  });

  it("given a killed child, it says which one, shows its last lines, and stops everything", async () => {
    const broken = start();
    await broken.said(running);
    process.kill(pidOf("oracle operator 2"), "SIGKILL");
    expect(await broken.exited).toBe(3);
    expect(broken.output()).toContain("oracle operator 2 ended unexpectedly (signal SIGKILL)");
    expect(broken.output()).toContain(layout.log("operator-2"));
    await nothingIsLeft();
  });

  it("given a start that was killed itself, the next one ends what is left over and continues", async () => {
    const killed = start();
    await killed.said(running);
    killed.child.kill("SIGKILL");
    await killed.exited;
    const next = start();
    await next.said(running);
    expect(next.output()).toContain("Ended the embedded chain, left over from a start that was killed");
    expect(await projectIds()).toEqual(projects);
    expect(await end(next, "SIGTERM")).toBe(0);
    await nothingIsLeft();
  });

  it("given a first start that did not finish, the next one starts over from nothing", async () => {
    rmSync(layout.organization); // what a first start writes last
    const over = start();
    await over.said(running);
    expect(over.output()).toContain("An earlier first start did not finish; starting over");
    expect(readdirSync(layout.chain)).toContain("state.json");
    const fresh = await projectIds();
    expect(fresh).toHaveLength(exampleProjects.length);
    expect(fresh).not.toEqual(projects);
    expect(await end(over, "SIGINT")).toBe(0);
    await nothingIsLeft();
  });
});
