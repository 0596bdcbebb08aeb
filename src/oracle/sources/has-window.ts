import type { SourceSpecification } from "./source-specification.ts";

/** Whether a source can be asked later about a past time: it says what happened between two moments, or at the later one. */
export function hasWindow(source: SourceSpecification): boolean {
  switch (source.kind) {
    case "git":
    case "github":
    case "prometheus-query":
      return true;
    case "file":
      return source.content.format === "ndjson";
    case "sql":
      return source.parameters.some((each) => each === "endSeconds" || each === "epoch");
    case "contract":
    case "http-json":
    case "http-jsonata":
    case "prometheus":
      return false;
  }
}
