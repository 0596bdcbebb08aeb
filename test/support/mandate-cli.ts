/** The program `mandate` as a person runs it: a process of its own, against a system on Anvil. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { SystemOnAnvil } from "./system-on-anvil.ts";

const main = new URL("../../src/cli/main.ts", import.meta.url).pathname;

export interface CliAnswer {
  readonly code: number;
  /** What a person reads. */
  readonly out: string;
  readonly err: string;
}

const errorSchema = z.object({ error: z.looseObject({ code: z.string(), message: z.string() }) });

export interface MandateCli {
  readonly directory: string;
  readonly documents: string;
  /** Runs a command for a person. */
  run(...args: readonly string[]): Promise<CliAnswer>;
  /** Runs a command with `--json` that must succeed, and reads the last line of its output. */
  json<T>(schema: z.ZodType<T>, ...args: readonly string[]): Promise<T>;
  /** Runs a command with `--json` that must fail. @returns its exit code and its error. */
  refused(...args: readonly string[]): Promise<{ code: number; error: string; data: unknown }>;
  /** Writes a file beside the documents. @returns its path. */
  file(name: string, content: unknown): string;
  remove(): void;
}

export function mandateOn(system: SystemOnAnvil): MandateCli {
  const directory = mkdtempSync(join(tmpdir(), "mandate-cli-"));
  const documents = join(directory, "documents");
  const deployment = join(directory, "deployment.json");
  writeFileSync(deployment, JSON.stringify(system.deployment));
  const env = {
    ...process.env,
    MANDATE_DEPLOYMENT: deployment,
    MANDATE_RPC_URL: system.rpcUrl,
    MANDATE_DOCUMENTS: documents,
  };
  const run = (...args: readonly string[]): Promise<CliAnswer> =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, ...args], { env, maxBuffer: 1 << 24 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, out, err });
      });
    });
  const lastLine = (out: string): unknown => JSON.parse(out.trim().split("\n").at(-1) ?? "null");
  return {
    directory,
    documents,
    run,
    async json(schema, ...args) {
      const { code, out, err } = await run("--json", ...args);
      if (code !== 0) throw new TypeError(`mandate ${args.join(" ")} ended with ${code}: ${out}${err}`);
      return schema.parse(lastLine(out));
    },
    async refused(...args) {
      const { code, out } = await run("--json", ...args);
      if (code === 0) throw new TypeError(`mandate ${args.join(" ")} was not refused: ${out}`);
      const { error } = errorSchema.parse(lastLine(out));
      return { code, error: error.code, data: error["data"] };
    },
    file(name, content) {
      const path = join(directory, name);
      writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
      return path;
    },
    remove() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
