/** Runs `mandate` as a person does, in a process of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface Ran {
  readonly code: number | null;
  /** The last line of standard output, as JSON; undefined where it is none. */
  readonly json: unknown;
  readonly out: string;
  readonly err: string;
}

export function startMandate(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs `mandate <args>` to its end. */
export async function runMandate(...args: readonly string[]): Promise<Ran> {
  const child = startMandate(args);
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString("utf8")));
  const [code] = (await once(child, "close")) as [number | null];
  const last = out.trimEnd().split("\n").at(-1) ?? "";
  let json: unknown;
  try {
    json = JSON.parse(last);
  } catch {
    json = undefined; // the command spoke to a person
  }
  return { code, json, out, err };
}
