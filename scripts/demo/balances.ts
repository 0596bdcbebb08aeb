import { erc20Abi } from "viem";
import { iBudgetVaultAbi } from "../../src/chain/abi.ts";
import { addressOf, type Session } from "../../src/sdk/session.ts";
import { nativeCoin } from "../../src/sdk/asset.ts";
import type { Hex } from "../../src/core/hex.ts";

function assetAddress(session: Session, asset: "coin" | "test"): Hex {
  return asset === "coin" ? nativeCoin : addressOf(session, "TestToken");
}

/** Base units of an asset in a pool. */
export function readPoolBalance(session: Session, pool: Hex, asset: "coin" | "test"): Promise<bigint> {
  const address = addressOf(session, "BudgetVault");
  const args = [pool, assetAddress(session, asset)] as const;
  return session.client.readContract({ address, abi: iBudgetVaultAbi, functionName: "poolBalance", args });
}

/** Base units of the test token in a wallet. */
export function readTokenBalance(session: Session, owner: Hex): Promise<bigint> {
  const address = addressOf(session, "TestToken");
  return session.client.readContract({ address, abi: erc20Abi, functionName: "balanceOf", args: [owner] });
}
