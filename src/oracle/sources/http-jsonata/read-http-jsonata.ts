import { capture } from "../capture.ts";
import type { FetchLimits, FetchText } from "../fetch-text.ts";
import { parseDecimal } from "../parse-decimal.ts";
import { declined, type SourceReading } from "../reading.ts";
import { evaluateExpression } from "./evaluate-expression.ts";
import type { HttpJsonataSource } from "./http-jsonata-source.ts";

/** The sum of the numbers that an expression selects in a JSON text; each is rounded down first. */
export async function measureExpression(
  text: string,
  expression: string,
  decimals: number,
  timeoutMs: number,
): Promise<SourceReading> {
  const answer = await evaluateExpression({ text, expression }, timeoutMs);
  if (!answer.ok) return declined(answer.detail);
  let sum = 0n;
  for (const each of answer.texts) {
    const value = parseDecimal(each, decimals);
    if (value === undefined) return declined(`not a number: ${JSON.stringify(each.slice(0, 100))}`);
    sum += value;
  }
  return { ok: true, value: sum, capture: capture(text) };
}

/** Reads the numbers that an expression selects in a JSON document, and adds them up. */
export async function readHttpJsonata(
  source: HttpJsonataSource,
  decimals: number,
  fetchText: FetchText,
  { timeoutMs }: Pick<FetchLimits, "timeoutMs">,
): Promise<SourceReading> {
  const fetched = await fetchText(source.url, { accept: "application/json" });
  return fetched.ok ? measureExpression(fetched.text, source.expression, decimals, timeoutMs) : fetched;
}
