import { capture } from "../capture.ts";
import type { FetchText } from "../fetch-text.ts";
import { parseDecimal } from "../parse-decimal.ts";
import type { SourceReading } from "../reading.ts";
import type { HttpJsonSource } from "./http-json-source.ts";
import { NumberText, parseJsonKeepingNumbers, resolvePointer } from "./json-pointer.ts";

/** The number that a pointer names in a JSON text. Pure. */
export function measureJson(text: string, pointer: string, decimals: number): SourceReading {
  let document: unknown;
  try {
    document = parseJsonKeepingNumbers(text);
  } catch {
    return { ok: false, failure: "declined", detail: "not JSON" }; // the text itself is the evidence
  }
  const found = resolvePointer(document, pointer);
  const written = found instanceof NumberText ? found.text : typeof found === "string" ? found : undefined;
  const value = written === undefined ? undefined : parseDecimal(written, decimals);
  return value === undefined
    ? { ok: false, failure: "declined", detail: `no number at ${JSON.stringify(pointer)}` }
    : { ok: true, value, capture: capture(text) };
}

/** Reads a number from a JSON endpoint. */
export async function readHttpJson(
  source: HttpJsonSource,
  decimals: number,
  fetchText: FetchText,
): Promise<SourceReading> {
  const fetched = await fetchText(source.url, { accept: "application/json" });
  return fetched.ok ? measureJson(fetched.text, source.pointer, decimals) : fetched;
}
