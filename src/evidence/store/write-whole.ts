import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Ending of a file that is being written; one that is left after a crash is nothing. */
export const PARTIAL = ".partial";

/** What has been created, renamed or removed in a directory is on the disk when this resolves. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes `path` and what leads to it; it is on the disk when this resolves. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/** Writes a file as a whole: whoever reads it, or starts after a crash, finds all of it or none. It is on the disk when this resolves. */
export async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const partial = `${path}.${randomBytes(8).toString("hex")}${PARTIAL}`;
  try {
    const file = await open(partial, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (thrown) {
    await rm(partial, { force: true });
    throw thrown;
  }
  await syncDirectory(dirname(path));
}
