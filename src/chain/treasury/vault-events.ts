import { parseEventLogs, type Log } from "viem";
import { iBudgetVaultAbi } from "../abi.ts";
import type { Hex } from "../../core/hex.ts";

/**
 * The vault's events among a transaction's logs. Pure. Whoever is paid runs code in the middle of the transaction, and may write logs that look
 * like the vault's: their address alone tells.
 */
export function vaultEventsIn(logs: readonly Log[], vault: Hex) {
  const own = logs.filter(({ address }) => address.toLowerCase() === vault.toLowerCase());
  return parseEventLogs({ abi: iBudgetVaultAbi, logs: own });
}
