import { http } from "viem";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";

/** One JSON-RPC request. What it answers is outside data: every reader parses it. */
export type RpcRequest = (method: string, params: readonly unknown[]) => Promise<unknown>;

/**
 * Requests to a node over HTTP.
 * @throws {MandateError} `RpcFailed` where the node does not answer, or answers an error.
 */
export function createRpc(url: string, timeoutMs = 30_000): RpcRequest {
  const transport = http(url, { timeout: timeoutMs, retryCount: 2 })({});
  return async (method, params) => {
    try {
      return await transport.request({ method, params });
    } catch (cause) {
      throw new MandateError("RpcFailed", `${method} failed: ${messageOf(cause).split("\n")[0]}`, {
        kind: "environment",
        cause,
        data: { method },
        remedy: "Check that the node runs and keeps the history that is asked for.",
      });
    }
  };
}
