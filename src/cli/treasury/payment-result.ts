import { parseEventLogs, type TransactionReceipt } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { amountText, type Asset } from "../../sdk/asset.ts";

const words = {
  paid: "paid",
  held: "held: until its challenge window ends, or an anchor co-signs it (mandate breaker status)",
  claimable: "waits as a claim: the payee took no transfer",
} as const;

/** Whether a withdrawal met the circuit breaker's limit: then the asset tripped and nothing left. Pure. */
export function isWithdrawalHeld(receipt: TransactionReceipt): boolean {
  return parseEventLogs({ abi: iBudgetVaultAbi, eventName: "PoolWithdrawn", logs: receipt.logs }).length === 0;
}

/** What a release or a payment did with the money, from its events. Pure. */
export function paymentResult(receipt: TransactionReceipt, asset: Asset) {
  const { logs } = receipt;
  const [paid] = parseEventLogs({ abi: iBudgetVaultAbi, eventName: "MilestonePaid", logs });
  if (paid === undefined) return { outcome: "held" as const, money: words.held };
  const { amount, payee } = paid.args;
  const isClaim = parseEventLogs({ abi: iBudgetVaultAbi, eventName: "ClaimCredited", logs }).length > 0;
  const outcome = isClaim ? "claimable" : "paid";
  return { outcome, money: words[outcome], amount, amountText: amountText(asset, amount), payee } as const;
}
