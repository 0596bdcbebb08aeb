import { readFileSync } from "node:fs";
import { MandateError } from "../../core/errors/mandate-error.ts";

const TIMEOUT_MS = 5_000;
const MAXIMUM_BYTES = 1024 * 1024;

/** Where a text is: at an operator, or in a file that one served. */
export interface ServedPlace {
  readonly url: string | undefined;
  readonly file: string | undefined;
}

/**
 * Reads what an operator serves at `path`, or a file.
 * @param refusals what to throw where neither place or both are named, and where the operator has no such thing.
 * @throws {MandateError} `FileUnreadable`, `OperatorUnreachable`.
 */
export async function servedText(
  { url, file }: ServedPlace,
  path: string,
  refusals: { readonly unnamed: () => MandateError; readonly missing: () => MandateError },
): Promise<string> {
  if ((url === undefined) === (file === undefined)) throw refusals.unnamed();
  if (file !== undefined) {
    try {
      return readFileSync(file, "utf8");
    } catch (cause) {
      throw new MandateError("FileUnreadable", `cannot read ${file}`, { kind: "input", data: { file }, cause });
    }
  }
  try {
    const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
    const text = await response.text();
    if (response.ok && text.length <= MAXIMUM_BYTES) return text;
    if (response.status === 404) throw refusals.missing();
    throw new Error(`status ${response.status}`);
  } catch (cause) {
    if (cause instanceof MandateError) throw cause;
    throw new MandateError("OperatorUnreachable", "no operator answers at the URL named", {
      kind: "retry",
      cause,
      remedy: "Name another with --url, or a file that one served.",
    });
  }
}

/** The JSON value of a text; undefined where it is none. */
export function jsonValueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
