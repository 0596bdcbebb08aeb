import { capture } from "../capture.ts";
import type { FetchText } from "../fetch-text.ts";
import { parseDecimal } from "../parse-decimal.ts";
import type { SourceReading } from "../reading.ts";
import { parseExposition } from "./parse-exposition.ts";
import type { PrometheusSource } from "./prometheus-source.ts";

/** Sum of the samples that match in an exposition, each rounded down to `decimals`. Pure. */
export function measureExposition(text: string, source: PrometheusSource, decimals: number): SourceReading {
  const samples = parseExposition(text);
  if (samples === undefined) return { ok: false, failure: "declined", detail: "not a text exposition" };
  const wanted = Object.entries(source.labels);
  const matching = samples.filter(
    (sample) => sample.name === source.metric && wanted.every(([name, value]) => sample.labels.get(name) === value),
  );
  if (matching.length === 0) return { ok: false, failure: "declined", detail: `no sample of ${source.metric}` };
  let sum = 0n;
  for (const sample of matching) {
    const value = parseDecimal(sample.value, decimals);
    if (value === undefined) return { ok: false, failure: "declined", detail: `not a finite number: ${sample.value}` };
    sum += value;
  }
  return { ok: true, value: sum, capture: capture(text) };
}

/** Reads an instant value from a Prometheus text exposition endpoint. */
export async function readPrometheus(
  source: PrometheusSource,
  decimals: number,
  fetchText: FetchText,
): Promise<SourceReading> {
  const fetched = await fetchText(source.url, { accept: "text/plain;version=0.0.4" });
  return fetched.ok ? measureExposition(fetched.text, source, decimals) : fetched;
}
