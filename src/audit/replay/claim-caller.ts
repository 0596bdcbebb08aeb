import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { RuleId } from "../rules.ts";
import type { RuleContext } from "./rule-context.ts";

/**
 * Claims that `caller` itself called the log's contract, which the signature of a transaction that went there decides. Where another
 * contract stood in between (a wallet, a batch), that cannot be told from the transaction, and is listed as unchecked.
 */
export function claimCaller(context: RuleContext, rule: RuleId, log: PlacedLog, caller: Hex): void {
  const transaction = context.transaction(log);
  if (transaction?.to === log.address) context.claimSender({ rule, log, sender: caller, transaction });
  else context.unchecked(rule, log, `the transaction did not go to the contract itself: whether ${caller} called`);
}
