/** EIP-1559 fees, in wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

export type FeeDecision =
  | { readonly send: true; readonly fees: Fees }
  | { readonly send: false; readonly reason: "fee-limit"; readonly required: bigint; readonly limit: bigint };

/** What nodes ask of a replacement: an eighth more on both fees (geth's 10 % and others' 12.5 %), rounded up. */
function escalated(fee: bigint): bigint {
  return fee + fee / 8n + 1n;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/**
 * Fees of the next attempt at a nonce: at least what the market asks, and always above the last attempt, so that bumps
 * escalate however the market moved in between. Pure.
 */
export function nextFees(market: Fees, last: Fees | undefined, limit: bigint): FeeDecision {
  const fees =
    last === undefined
      ? market
      : {
          maxFeePerGas: larger(market.maxFeePerGas, escalated(last.maxFeePerGas)),
          maxPriorityFeePerGas: larger(market.maxPriorityFeePerGas, escalated(last.maxPriorityFeePerGas)),
        };
  return fees.maxFeePerGas > limit
    ? { send: false, reason: "fee-limit", required: fees.maxFeePerGas, limit }
    : { send: true, fees };
}
