import { constants, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { messageOf } from "../../../core/errors/mandate-error.ts";
import type { FetchLimits } from "../fetch-text.ts";
import { measureJson } from "../http-json/read-http-json.ts";
import { declined, unreachable, type EpochWindow, type SourceReading } from "../reading.ts";
import type { FileSource } from "./file-source.ts";
import { measureNdjson } from "./measure-ndjson.ts";

class OutsideDirectory extends Error {}
class TooLarge extends Error {}

/** Reads a file of an allowed directory and measures it. */
export async function readFileSource(
  source: FileSource,
  directory: string,
  window: EpochWindow,
  decimals: number,
  limits: Pick<FetchLimits, "maximumBytes">,
): Promise<SourceReading> {
  let text: string;
  try {
    text = await readWithin(directory, source.path, limits.maximumBytes);
  } catch (thrown) {
    if (thrown instanceof TooLarge) return declined(`more than ${limits.maximumBytes} bytes`);
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : undefined;
    // Messages of the file system name the operator's own directories.
    return unreachable(
      thrown instanceof OutsideDirectory ? messageOf(thrown) : `cannot read ${source.path}: ${code ?? "failed"}`,
    );
  }
  const { content } = source;
  return content.format === "json"
    ? measureJson(text, content.pointer, decimals)
    : measureNdjson(text, content, window, decimals);
}

/**
 * The text of a file whose real place lies in the real place of `directory`: whoever may write there must not make the operator read
 * elsewhere by a link.
 */
async function readWithin(directory: string, path: string, maximumBytes: number): Promise<string> {
  const root = await realpath(directory);
  const real = await realpath(join(root, path));
  if (!real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`))
    throw new OutsideDirectory(`${path} leads out of its directory`);
  // A pipe in the file's place would hold the opening for ever; a link put there in the meantime is not followed.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new OutsideDirectory(`${path} is no file`);
    if ((await realpath(real)) !== real) throw new OutsideDirectory(`${path} changed its place`);
    const buffer = Buffer.alloc(maximumBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (length > maximumBytes) throw new TooLarge();
      if (bytesRead === 0) return buffer.toString("utf8", 0, length);
    }
  } finally {
    await file.close();
  }
}
