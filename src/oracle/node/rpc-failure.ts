import { BaseError, HttpRequestError, RpcRequestError, TimeoutError } from "viem";

/** Whether an error comes from the chain's endpoint: it did not answer, or answered with an error. */
export function isRpcFailure(thrown: unknown): boolean {
  if (!(thrown instanceof BaseError)) return thrown instanceof Error && isRpcFailure(thrown.cause);
  const found = thrown.walk(
    (each) => each instanceof HttpRequestError || each instanceof TimeoutError || each instanceof RpcRequestError,
  );
  return found !== null;
}
