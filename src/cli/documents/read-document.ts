import { readFileSync } from "node:fs";
import { MandateError } from "../../core/errors/mandate-error.ts";

/** A JSON document of the person's own. @throws {MandateError} `DocumentUnreadable`. */
export function readDocument(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("DocumentUnreadable", `${path} is no readable JSON document`, {
      kind: "input",
      data: { path },
      remedy: "Name a file with one JSON document.",
      cause,
    });
  }
}
