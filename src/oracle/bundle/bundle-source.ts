import { constants, lstat, open, readdir, readFile, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import { bundleError } from "./bundle-error.ts";
import { MAXIMUM_FILE_BYTES, parseBundleFile } from "./bundle-file.ts";

/** From where a bundle is read. Nothing of it is believed. */
export interface BundleSource {
  /** For people. */
  readonly place: string;
  /**
   * The bytes of an entry as they are read, which must be read to their end or given back; undefined where there is none.
   * @throws {MandateError} `BundlePartTooLarge` where it has more than `maximumBytes`, then or while they are read.
   */
  open(name: string, maximumBytes: number): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Names of all entries; undefined where that cannot be known. */
  names(): Promise<readonly string[] | undefined>;
}

/** Bytes that are read of a file at a time. */
const CHUNK_BYTES = 256 * 1024;

function tooLarge(name: string, maximumBytes: number): MandateError {
  return bundleError("BundlePartTooLarge", `${name} has more than ${maximumBytes} bytes`, { name, maximumBytes });
}

/** A bundle in a directory or in one file. @throws {MandateError} `BundleUnreadable`, `BundleMalformed`. */
export async function openBundlePath(path: string): Promise<BundleSource> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return directorySource(path);
    if (found.size > MAXIMUM_FILE_BYTES) throw tooLarge(path, MAXIMUM_FILE_BYTES);
    return mapSource(path, parseBundleFile(await readFile(path)));
  } catch (cause) {
    if (cause instanceof MandateError) throw cause;
    throw bundleError("BundleUnreadable", `cannot read the bundle in ${path}: ${messageOf(cause)}`, { path });
  }
}

function mapSource(place: string, entries: ReadonlyMap<string, Uint8Array>): BundleSource {
  return {
    place,
    open: (name, maximumBytes) => {
      const bytes = entries.get(name);
      if (bytes === undefined) return Promise.resolve(undefined);
      if (bytes.length > maximumBytes) return Promise.reject(tooLarge(name, maximumBytes));
      return Promise.resolve(Readable.from(slices(bytes)));
    },
    names: () => Promise.resolve([...entries.keys()]),
  };
}

function directorySource(path: string): BundleSource {
  return {
    place: path,
    async open(name, maximumBytes) {
      const at = join(path, name);
      try {
        // A link or a pipe in an entry's place leads elsewhere, or never ends.
        if (!(await lstat(at)).isFile()) throw bundleError("BundlePartUnexpected", `${name} is no file`, { name });
        const file = await open(at, constants.O_RDONLY | constants.O_NOFOLLOW);
        if ((await file.stat()).size <= maximumBytes) return chunksOf(file, name, maximumBytes);
        await file.close();
        throw tooLarge(name, maximumBytes);
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw unreadable(name, error);
      }
    },
    async names() {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      return entries
        .filter((each) => !each.isDirectory())
        .map((each) => join(each.parentPath, each.name).slice(join(path, "/").length));
    },
  };
}

function unreadable(name: string, error: unknown): MandateError {
  if (error instanceof MandateError) return error;
  return bundleError("BundleUnreadable", `cannot read ${name}: ${messageOf(error)}`, { name });
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

async function* chunksOf(file: FileHandle, name: string, maximumBytes: number): AsyncGenerator<Uint8Array> {
  try {
    for (let left = maximumBytes; ;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES));
      if (bytesRead === 0) return;
      left -= bytesRead;
      if (left < 0) throw tooLarge(name, maximumBytes);
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw unreadable(name, error);
  } finally {
    await file.close();
  }
}

/** A bundle that an operator serves. */
export function operatorSource(url: string, epoch: number, timeoutMs: number): BundleSource {
  const unreachable = (cause: unknown, name: string): MandateError =>
    cause instanceof MandateError
      ? cause
      : new MandateError("OperatorUnreachable", `cannot read ${name} of epoch ${epoch} from ${url}`, {
          kind: "retry",
          cause,
          data: { url, epoch, name },
          remedy: "Ask another operator, or name a bundle with --bundle.",
        });
  return {
    place: url,
    async open(name, maximumBytes) {
      const path = name.startsWith("parts/") ? `/${name}` : name === "seal.json" ? "/seal" : "";
      let response: Response;
      try {
        response = await fetch(new URL(`/v1/epochs/${epoch}/bundle${path}`, url), {
          signal: AbortSignal.timeout(timeoutMs),
          redirect: "error",
        });
        if (response.status === 404) return undefined;
        if (response.status !== 200) throw new Error(`status ${response.status}`);
        return boundedBytes(response, name, maximumBytes, unreachable);
      } catch (cause) {
        throw unreachable(cause, name);
      }
    },
    names: () => Promise.resolve(undefined),
  };
}

async function* boundedBytes(
  response: Response,
  name: string,
  maximumBytes: number,
  unreachable: (cause: unknown, name: string) => Error,
): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  let length = 0;
  try {
    for await (const chunk of response.body) {
      const bytes = chunk as Uint8Array;
      length += bytes.length;
      if (length > maximumBytes) throw tooLarge(name, maximumBytes);
      yield bytes;
    }
  } catch (cause) {
    throw unreachable(cause, name);
  }
}
