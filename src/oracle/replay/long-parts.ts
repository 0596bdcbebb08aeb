import type { z } from "zod";
import { messageOf } from "../../core/errors/mandate-error.ts";
import { bundleError } from "../bundle/bundle-error.ts";
import { entriesIn, leafText, listWithin, projectText } from "../bundle/long-lists.ts";
import { epochFactsSchema, projectSchema } from "../evidence/epoch-opening.ts";
import { leafSchema } from "../evidence/epoch-record.ts";
import { ProjectPacker } from "../epochs/project-list.ts";
import type { EpochFacts } from "../scoring/evaluate-epoch.ts";
import { parseCanonical } from "./parse-canonical.ts";

/** Holds the text of leaves against the format, an entry at a time. @throws {MandateError} `BundleMalformed`. */
export function checkLeaves(name: string, bytes: Buffer): void {
  const list = listWithin(bytes, "leaves");
  if (list?.start !== 1 || list.end !== bytes.length - 1) throw malformed(name, "it is no list");
  const entries = parsedEntries(name, bytes.subarray(1, -1), leafSchema, leafText);
  while (entries.next().done !== true);
}

/** Facts with their projects, which are read an entry at a time. @throws {MandateError} `BundleMalformed`. */
export function factsIn(name: string, bytes: Buffer): EpochFacts {
  const list = listWithin(bytes, "facts");
  if (list === undefined) throw malformed(name, "it has no list of projects");
  const around = Buffer.concat([bytes.subarray(0, list.start), bytes.subarray(list.end)]).toString("utf8");
  const facts = parseCanonical("BundleMalformed", name, around, epochFactsSchema);
  const packer = new ProjectPacker();
  const entries = parsedEntries(name, bytes.subarray(list.start, list.end), projectSchema, projectText);
  for (const each of entries) packer.add(each);
  try {
    return { ...facts, projects: packer.pack() };
  } catch (error) {
    throw malformed(name, messageOf(error));
  }
}

function* parsedEntries<Schema extends z.ZodType>(
  name: string,
  list: Buffer,
  schema: Schema,
  textOf: (entry: z.infer<Schema>) => string,
): Generator<z.infer<Schema>> {
  let number = 0;
  try {
    for (const text of entriesIn(list)) {
      const parsed = schema.parse(JSON.parse(text));
      if (textOf(parsed) !== text) throw new SyntaxError("it is not in its canonical form");
      yield parsed;
      number += 1;
    }
  } catch (error) {
    throw malformed(name, `entry ${number}: ${messageOf(error)}`);
  }
}

function malformed(name: string, problem: string): Error {
  return bundleError("BundleMalformed", `${name}: ${problem}`, { name });
}
