import type { TransactionReceipt } from "viem";
import { amountText, type Asset } from "../../sdk/asset.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { vaultEventsIn } from "../../chain/treasury/vault-events.ts";

const words = {
  paid: "paid",
  held: "held: until its challenge window ends, or an anchor co-signs it (mandate breaker status)",
  claimable: "waits as a claim: the payee took no transfer",
} as const;

/** Whether a withdrawal met the circuit breaker's limit: then the asset tripped and nothing left. Pure. */
export function isWithdrawalHeld(session: Session, { logs }: TransactionReceipt): boolean {
  return !vaultEventsIn(logs, addressOf(session, "BudgetVault")).some(({ eventName }) => eventName === "PoolWithdrawn");
}

/** What a release or a payment did with the money, from the vault's events. Pure. */
export function paymentResult(session: Session, { logs }: TransactionReceipt, asset: Asset) {
  const events = vaultEventsIn(logs, addressOf(session, "BudgetVault"));
  const paid = events.find((event) => event.eventName === "MilestonePaid");
  if (paid === undefined) return { outcome: "held" as const, money: words.held };
  const { amount, payee } = paid.args;
  const outcome = events.some(({ eventName }) => eventName === "ClaimCredited") ? "claimable" : "paid";
  return { outcome, money: words[outcome], amount, amountText: amountText(asset, amount), payee } as const;
}
