import { mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Channel } from "./channel.ts";

export interface FileOptions {
  readonly path: string;
  readonly timeoutMs: number;
}

/** One line of JSON for each notice at the end of a file, for development and for what ships logs. */
export function createFileChannel({ path, timeoutMs }: FileOptions): Channel {
  mkdirSync(dirname(path), { recursive: true });
  return {
    timeoutMs,
    async send({ id, notice }) {
      const file = await open(path, "a");
      try {
        await file.write(`${JSON.stringify({ id, notice })}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
    },
    close: () => Promise.resolve(),
  };
}
