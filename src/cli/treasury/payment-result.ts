import { parseEventLogs, type TransactionReceipt } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { amountText, type Asset } from "../../sdk/asset.ts";

/** Words for `IBudgetVault.PaymentOutcome`, in its order. */
const outcomes = [
  "paid",
  "held: until its challenge window ends, or an anchor co-signs it (mandate breaker status)",
  "waits as a claim: the payee took no transfer",
] as const;

/** Whether a withdrawal met the circuit breaker's limit: then the asset tripped and nothing left. Pure. */
export function isWithdrawalHeld(receipt: TransactionReceipt): boolean {
  return parseEventLogs({ abi: iBudgetVaultAbi, eventName: "PoolWithdrawn", logs: receipt.logs }).length === 0;
}

/** What a release or a payment did with the money, from its events. Pure. */
export function paymentResult(receipt: TransactionReceipt, asset: Asset) {
  const [paid] = parseEventLogs({ abi: iBudgetVaultAbi, eventName: "MilestonePaid", logs: receipt.logs });
  if (paid === undefined) return { outcome: "held" as const, money: outcomes[1] };
  const { outcome, amount, payee } = paid.args;
  return {
    outcome: outcome === 0 ? ("paid" as const) : ("claimable" as const),
    money: outcomes[outcome] ?? "unknown",
    amount,
    amountText: amountText(asset, amount),
    payee,
  };
}
