import { parentPort, workerData } from "node:worker_threads";
import jsonata from "jsonata";
import { messageOf } from "../../../core/errors/mandate-error.ts";
import { parseJsonWithNumbersAsText } from "../http-json/json-pointer.ts";
import type { ExpressionAnswer, ExpressionTask } from "./evaluate-expression.ts";

/** The decimal texts that a result consists of, or undefined where it is something else. */
function textsOf(result: unknown): readonly string[] | undefined {
  const parts: readonly unknown[] = Array.isArray(result) ? result : [result];
  const texts = parts.map((part) => (Number.isSafeInteger(part) ? String(part) : part));
  return texts.every((each) => typeof each === "string") ? texts : undefined;
}

async function evaluate({ text, expression }: ExpressionTask): Promise<ExpressionAnswer> {
  let document: unknown;
  try {
    document = parseJsonWithNumbersAsText(text);
  } catch {
    return { ok: false, detail: "not JSON" };
  }
  try {
    const texts = textsOf(await jsonata(expression).evaluate(document));
    return texts === undefined ? { ok: false, detail: "the expression selects no numbers" } : { ok: true, texts };
  } catch (error) {
    return { ok: false, detail: `the expression failed: ${messageOf(error)}` };
  }
}

parentPort?.postMessage(await evaluate(workerData as ExpressionTask));
