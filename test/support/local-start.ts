import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../scripts/start/main.ts", import.meta.url));

/** A run of what `npm start` runs. */
export interface LocalStart {
  readonly child: ChildProcess;
  /** Everything it has said so far. */
  output(): string;
  /** Resolves when it has said `text`; throws with its output where it ends before. */
  said(text: string): Promise<void>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
}

/** Starts the local stack on a state directory and a block of ports of its own. */
export function runLocalStart(state: string, portBase: number): LocalStart {
  const args = [program, "--state", state, "--port-base", String(portBase)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const exited = once(child, "close").then(([code]) => code as number | null);
  return {
    child,
    output: () => output,
    exited,
    said: async (text) => {
      const spoken = new Promise<void>((resolve) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
        };
        listeners.add(look);
        look();
      });
      const end = exited.then((code) => {
        if (!output.includes(text)) throw new Error(`it ended with ${code} and never said "${text}":\n${output}`);
      });
      await Promise.race([spoken, end]);
    },
  };
}
