import { z } from "zod";
import { capture } from "../capture.ts";
import type { FetchText } from "../fetch-text.ts";
import { NumberText, parseJsonKeepingNumbers } from "../http-json/json-pointer.ts";
import { parseDecimal } from "../parse-decimal.ts";
import { declined, type EpochWindow, type SourceReading } from "../reading.ts";
import type { PrometheusQuerySource } from "./prometheus-query-source.ts";

/** Time as a number, value as text: so does Prometheus write a sample, and no digit is lost to floating point. */
const sample = z.tuple([z.instanceof(NumberText), z.string()]);

const answerSchema = z.object({
  status: z.literal("success"),
  data: z.discriminatedUnion("resultType", [
    z.object({ resultType: z.literal("scalar"), result: sample }),
    z.object({ resultType: z.literal("vector"), result: z.array(z.object({ value: sample })) }),
  ]),
  /** What kept the result from being whole. */
  warnings: z.array(z.string()).optional(),
});

/** The address that all operators ask alike: at the second in which the epoch ends, by whatever clock they have. Pure. */
export function instantQueryUrl(source: PrometheusQuerySource, window: EpochWindow): string {
  const url = new URL(`${source.url.replace(/\/$/, "")}/api/v1/query`);
  url.searchParams.set("query", source.query);
  url.searchParams.set("time", String(window.endSeconds));
  return url.href;
}

/** The one number of an answer to an instant query, rounded down to `decimals`. Pure. */
export function measureInstant(text: string, window: EpochWindow, decimals: number): SourceReading {
  let document: unknown;
  try {
    document = parseJsonKeepingNumbers(text);
  } catch {
    return declined("not JSON");
  }
  const parsed = answerSchema.safeParse(document);
  if (!parsed.success) return declined("not the answer to an instant query with a scalar or a vector");
  const { data, warnings = [] } = parsed.data;
  if (warnings.length > 0) return declined(`the result may not be whole: ${warnings.join("; ")}`);
  const samples = data.resultType === "scalar" ? [data.result] : data.result.map((each) => each.value);
  const [only] = samples;
  if (only === undefined || samples.length > 1) return declined(`${samples.length} samples instead of one`);
  const [at, written] = only;
  if (parseDecimal(at.text, 3) !== BigInt(window.endSeconds) * 1_000n) return declined(`evaluated at ${at.text}`);
  const value = parseDecimal(written, decimals);
  return value === undefined
    ? declined(`not a finite number: ${written}`)
    : { ok: true, value, capture: capture(text) };
}

/** Asks a Prometheus server for the state in which the epoch ended. */
export async function readPrometheusQuery(
  source: PrometheusQuerySource,
  window: EpochWindow,
  decimals: number,
  fetchText: FetchText,
): Promise<SourceReading> {
  const fetched = await fetchText(instantQueryUrl(source, window), { accept: "application/json" });
  return fetched.ok ? measureInstant(fetched.text, window, decimals) : fetched;
}
