import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const mainPath = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface MandateRun {
  readonly exitCode: number;
  /** The JSON value on the last line. */
  readonly result: unknown;
}

/** Runs `mandate <args> --json` as a process of its own, as anybody would. */
export function runMandate(args: readonly string[], signal: AbortSignal): Promise<MandateRun> {
  return new Promise((resolve, reject) => {
    const options = { signal, maxBuffer: MAX_OUTPUT_BYTES };
    execFile(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", mainPath, ...args, "--json"],
      options,
      (error, stdout, stderr) => {
        const last = stdout.trimEnd().split("\n").at(-1) ?? "";
        const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : undefined;
        try {
          if (exitCode === undefined) throw error ?? new Error("no exit code");
          resolve({ exitCode, result: JSON.parse(last) });
        } catch (cause) {
          reject(new Error(`mandate ${args.join(" ")} failed: ${stderr}`, { cause }));
        }
      },
    );
  });
}
