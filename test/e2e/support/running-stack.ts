import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadDeployment, type Deployment } from "../../../src/chain/deployment.ts";
import { findPortBase } from "../../../scripts/local/find-port-base.ts";

const startProgram = fileURLToPath(new URL("../../../scripts/start/main.ts", import.meta.url));

/** What `npm start` runs, in a process and a state directory of its own. */
export interface RunningStack {
  readonly pageUrl: string;
  readonly rpcUrl: string;
  /** Where an operator answers, and where the evidence store does. */
  readonly operatorUrl: string;
  readonly evidenceUrl: string;
  /** The state directory; removed at the end. */
  readonly directory: string;
  readonly deployment: Deployment;
  /** Presses Ctrl-C and returns the exit code. */
  interrupt(): Promise<number | null>;
}

/** Starts the stack; ready when it says that everything runs. */
export async function startStack(): Promise<RunningStack> {
  const directory = mkdtempSync(join(tmpdir(), "mandate-e2e-"));
  const portBase = await findPortBase();
  const child = spawn(process.execPath, [startProgram, "--state", directory, "--port-base", String(portBase)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said.push(text);
        if (said.join("").includes("Everything runs")) resolve();
      });
    }
  });
  const died = ended.then((code) => {
    throw new Error(`the stack ended with exit code ${String(code)}:\n${said.join("")}`);
  });
  died.catch(() => undefined); // reported by the race, or expected after an interrupt
  await Promise.race([ready, died]);
  return {
    pageUrl: `http://127.0.0.1:${portBase + 2}`,
    rpcUrl: `http://127.0.0.1:${portBase}`,
    operatorUrl: `http://127.0.0.1:${portBase + 11}`,
    evidenceUrl: `http://127.0.0.1:${portBase + 5}`,
    directory,
    deployment: loadDeployment(join(directory, "deployment.json")),
    interrupt: async () => {
      child.kill("SIGINT");
      const code = await ended;
      rmSync(directory, { recursive: true, force: true });
      return code;
    },
  };
}
