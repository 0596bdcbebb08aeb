import { Worker } from "node:worker_threads";
import { messageOf } from "../../../core/errors/mandate-error.ts";

export interface ExpressionTask {
  /** JSON. */
  readonly text: string;
  readonly expression: string;
}

export type ExpressionAnswer =
  | { readonly ok: true; /** Decimal numbers, if the document is what was meant. */ readonly texts: readonly string[] }
  | { readonly ok: false; readonly detail: string };

/** Memory that an evaluation may take, in mebibytes. */
const MEMORY = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 } as const;

/**
 * Evaluates an expression in a thread of its own, which ends after `timeoutMs` whatever it does: an expression of a few characters can
 * multiply a document until memory or patience ends, and the operator has an epoch to report meanwhile.
 */
export async function evaluateExpression(task: ExpressionTask, timeoutMs: number): Promise<ExpressionAnswer> {
  const worker = new Worker(new URL("./expression-worker.ts", import.meta.url), {
    workerData: task,
    resourceLimits: MEMORY,
    env: {}, // nothing of the operator's environment, where secrets may stand
    execArgv: [],
  });
  const { promise, resolve } = Promise.withResolvers<ExpressionAnswer>();
  const timer = setTimeout(() => resolve({ ok: false, detail: `evaluated longer than ${timeoutMs} ms` }), timeoutMs);
  worker.once("message", (answer: ExpressionAnswer) => resolve(answer));
  worker.once("error", (error: unknown) => resolve({ ok: false, detail: `the evaluation ended: ${messageOf(error)}` }));
  worker.once("exit", () => resolve({ ok: false, detail: "the evaluation ended" }));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
