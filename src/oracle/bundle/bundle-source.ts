import { constants, lstat, open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import { bundleError } from "./bundle-error.ts";
import { MAXIMUM_FILE_BYTES, parseBundleFile } from "./bundle-file.ts";

/** From where a bundle is read. Nothing of it is believed. */
export interface BundleSource {
  /** For people. */
  readonly place: string;
  /**
   * The bytes of an entry; undefined where there is none.
   * @throws {MandateError} `BundlePartTooLarge` where it has more than `maximumBytes`, before they are read.
   */
  read(name: string, maximumBytes: number): Promise<Uint8Array | undefined>;
  /** Names of all entries; undefined where that cannot be known. */
  names(): Promise<readonly string[] | undefined>;
}

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
    read: (name, maximumBytes) => {
      const bytes = entries.get(name);
      if (bytes !== undefined && bytes.length > maximumBytes) return Promise.reject(tooLarge(name, maximumBytes));
      return Promise.resolve(bytes);
    },
    names: () => Promise.resolve([...entries.keys()]),
  };
}

function directorySource(path: string): BundleSource {
  return {
    place: path,
    async read(name, maximumBytes) {
      const at = join(path, name);
      try {
        // A link or a pipe in an entry's place leads elsewhere, or never ends.
        if (!(await lstat(at)).isFile()) throw bundleError("BundlePartUnexpected", `${name} is no file`, { name });
        const file = await open(at, constants.O_RDONLY | constants.O_NOFOLLOW);
        try {
          if ((await file.stat()).size > maximumBytes) throw tooLarge(name, maximumBytes);
          return await file.readFile();
        } finally {
          await file.close();
        }
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        if (error instanceof MandateError) throw error;
        throw bundleError("BundleUnreadable", `cannot read ${name}: ${messageOf(error)}`, { name });
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

/** A bundle that an operator serves. */
export function operatorSource(url: string, epoch: number, timeoutMs: number): BundleSource {
  return {
    place: url,
    async read(name, maximumBytes) {
      const path = name.startsWith("parts/") ? `/${name}` : name === "seal.json" ? "/seal" : "";
      let response: Response;
      try {
        response = await fetch(new URL(`/v1/epochs/${epoch}/bundle${path}`, url), {
          signal: AbortSignal.timeout(timeoutMs),
          redirect: "error",
        });
        if (response.status === 404) return undefined;
        if (response.status !== 200) throw new Error(`status ${response.status}`);
        return await boundedBytes(response, name, maximumBytes);
      } catch (cause) {
        if (cause instanceof MandateError) throw cause;
        throw new MandateError("OperatorUnreachable", `cannot read ${name} of epoch ${epoch} from ${url}`, {
          kind: "retry",
          cause,
          data: { url, epoch, name },
          remedy: "Ask another operator, or name a bundle with --bundle.",
        });
      }
    },
    names: () => Promise.resolve(undefined),
  };
}

async function boundedBytes(response: Response, name: string, maximumBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (response.body !== null) {
    for await (const chunk of response.body) {
      const bytes = chunk as Uint8Array;
      length += bytes.length;
      if (length > maximumBytes) throw tooLarge(name, maximumBytes);
      chunks.push(bytes);
    }
  }
  return Buffer.concat(chunks);
}
