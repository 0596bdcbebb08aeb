import { z } from "zod";
import { writeDurably } from "../evidence/write-durably.ts";
import { bundleError } from "./bundle-error.ts";
import { bundleText } from "./bundle.ts";
import { entryName, type SealedBundle } from "./bundle-directory.ts";
import { piecesOf, type Part } from "./part.ts";

/** Most that a bundle in one file may have: it is read as a whole. Larger ones travel as directories. */
export const MAXIMUM_FILE_BYTES = 512 * 1024 * 1024;

const NEWLINE = 0x0a;

/** One entry a line. A name is one of these three forms, so that none leads anywhere. */
const entrySchema = z.strictObject({
  name: z.string().regex(/^(bundle\.json|seal\.json|parts\/0x[0-9a-f]{64})$/),
  text: z.string(),
});

/** Writes a bundle as one file: NDJSON of names and texts, document and seal first. */
export function writeBundleFile(path: string, { text, seal, parts }: SealedBundle): void {
  const entries: (readonly [string, Part])[] = [
    [entryName.document, text],
    [entryName.seal, bundleText(seal)],
    ...[...parts].map(([hash, each]) => [entryName.part(hash), each] as const),
  ];
  writeDurably(path, linesOf(entries));
}

/** A line of an entry in pieces, as `JSON.stringify` would write it as a whole. */
function* linesOf(entries: readonly (readonly [string, Part])[]): Generator<string> {
  for (const [name, part] of entries) {
    yield `{"name":${JSON.stringify(name)},"text":"`;
    for (const piece of piecesOf(part)) yield JSON.stringify(piece).slice(1, -1);
    yield '"}\n';
  }
}

/** The entries of a bundle's file, by name. @throws {MandateError} `BundleMalformed`. */
export function parseBundleFile(bytes: Buffer): ReadonlyMap<string, Uint8Array> {
  const entries = new Map<string, Uint8Array>();
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    line += 1;
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) throw bundleError("BundleMalformed", `line ${line} has no end: the file is cut off`, { line });
    const parsed = entrySchema.safeParse(jsonOf(bytes.toString("utf8", start, end)));
    if (!parsed.success) {
      throw bundleError("BundleMalformed", `line ${line} is no entry: ${z.prettifyError(parsed.error)}`, { line });
    }
    const { name, text } = parsed.data;
    if (entries.has(name)) throw bundleError("BundleMalformed", `${name} stands in it twice`, { line, name });
    entries.set(name, Buffer.from(text));
    start = end + 1;
  }
  return entries;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema does not allow that
  }
}
