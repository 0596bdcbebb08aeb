import { parseAbi } from "viem";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { approveVault, depositCall, newIntent } from "../../src/sdk/pool.ts";
import { send } from "../../src/sdk/send.ts";
import { addressOf, type Session } from "../../src/sdk/session.ts";
import { amountOf, assetOf } from "../../src/sdk/asset.ts";
import type { Hex } from "../../src/core/hex.ts";

/** The test token lets everybody mint: it is no money. */
const mintAbi = parseAbi(["function mint(address to, uint256 amount)"]);

/** Gives finance's wallet test tokens. @param amount Base units. */
export async function mintTestTokens(session: Session, amount: bigint): Promise<void> {
  const finance = devAccount("finance");
  const address = addressOf(session, "TestToken");
  const args = [finance.address, amount] as const;
  await send(session, finance, { contract: "TestToken", address, abi: mintAbi, functionName: "mint", args, value: 0n });
}

/** Puts an asset into a pool from finance's wallet; a test token is minted first. @returns base units. */
export async function fundPool(session: Session, pool: Hex, assetName: "coin" | "test", text: string): Promise<bigint> {
  const finance = devAccount("finance");
  const asset = await assetOf(session, assetName);
  const amount = amountOf(asset, text);
  if (assetName === "test") {
    await mintTestTokens(session, amount);
    await approveVault(session, finance, asset, amount);
  }
  await send(session, finance, depositCall(session, { pool, asset, amount, intent: newIntent() }));
  return amount;
}
