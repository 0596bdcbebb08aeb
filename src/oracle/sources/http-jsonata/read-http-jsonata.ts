import { capture } from "../capture.ts";
import type { FetchLimits, FetchText } from "../fetch-text.ts";
import { parseDecimal } from "../parse-decimal.ts";
import { declined, type SourceReading } from "../reading.ts";
import { evaluateExpression } from "./evaluate-expression.ts";
import type { HttpJsonataSource } from "./http-jsonata-source.ts";

/** Reads the numbers that an expression selects in a JSON document, and adds them up; each is rounded down first. */
export async function readHttpJsonata(
  source: HttpJsonataSource,
  decimals: number,
  fetchText: FetchText,
  { timeoutMs }: Pick<FetchLimits, "timeoutMs">,
): Promise<SourceReading> {
  const fetched = await fetchText(source.url, { accept: "application/json" });
  if (!fetched.ok) return fetched;
  const answer = await evaluateExpression({ text: fetched.text, expression: source.expression }, timeoutMs);
  if (!answer.ok) return declined(answer.detail);
  let sum = 0n;
  for (const text of answer.texts) {
    const value = parseDecimal(text, decimals);
    if (value === undefined) return declined(`not a number: ${JSON.stringify(text.slice(0, 100))}`);
    sum += value;
  }
  return { ok: true, value: sum, capture: capture(fetched.text) };
}
