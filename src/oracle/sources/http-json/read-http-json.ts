import { capture } from "../capture.ts";
import { fetchText, type FetchLimits } from "../fetch-text.ts";
import { parseDecimal } from "../parse-decimal.ts";
import type { SourceReading } from "../reading.ts";
import type { HttpJsonSource } from "../source-specification.ts";
import { NumberText, parseJsonKeepingNumbers, resolvePointer } from "./json-pointer.ts";

/** The number that the source's pointer names in a JSON text. Pure. */
export function measureJson(text: string, source: HttpJsonSource, decimals: number): SourceReading {
  let document: unknown;
  try {
    document = parseJsonKeepingNumbers(text);
  } catch {
    return { ok: false, failure: "declined", detail: "not JSON" }; // the text itself is the evidence
  }
  const found = resolvePointer(document, source.pointer);
  const written = found instanceof NumberText ? found.text : typeof found === "string" ? found : undefined;
  const value = written === undefined ? undefined : parseDecimal(written, decimals);
  return value === undefined
    ? { ok: false, failure: "declined", detail: `no number at ${JSON.stringify(source.pointer)}` }
    : { ok: true, value, capture: capture(text) };
}

/** Reads a number from a JSON endpoint. */
export async function readHttpJson(
  source: HttpJsonSource,
  decimals: number,
  limits: FetchLimits,
): Promise<SourceReading> {
  const fetched = await fetchText(source.url, "application/json", limits);
  return fetched.ok ? measureJson(fetched.text, source, decimals) : fetched;
}
