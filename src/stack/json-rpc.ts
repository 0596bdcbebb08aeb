import { z } from "zod";
import { MandateError } from "../core/errors/mandate-error.ts";

const answerSchema = z.union([
  z.object({ result: z.unknown(), error: z.undefined().optional() }),
  z.object({ error: z.object({ code: z.number(), message: z.string() }) }),
]);

const TIMEOUT_MS = 20_000;

/**
 * One call to a node, for the methods of development nodes that a general client does not know.
 * @throws {MandateError} `RpcRefused` with the node's own words.
 */
export async function callRpc(rpcUrl: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = answerSchema.parse(await response.json());
  if (answer.error !== undefined) {
    throw new MandateError("RpcRefused", `${method}: ${answer.error.message}`, {
      kind: "refused",
      data: { method, code: answer.error.code },
    });
  }
  return "result" in answer ? answer.result : undefined;
}
