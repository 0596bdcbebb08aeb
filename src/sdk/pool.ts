import { randomBytes } from "node:crypto";
import { encodeAbiParameters, erc20Abi, keccak256, zeroAddress, type LocalAccount } from "viem";
import { iBudgetVaultAbi } from "../chain/abi.ts";
import type { Permit } from "../chain/treasury/permit.ts";
import { hexOf, type Hex } from "../core/hex.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import { send } from "./send.ts";
import { addressOf, type Session } from "./session.ts";
import { poolNameOf } from "./word.ts";
import type { Asset } from "./asset.ts";

/** A pool's id, as the vault derives it from the pool's name. */
export function poolId(session: Session, name: string): Hex {
  const parameters = [{ type: "uint256" }, { type: "address" }, { type: "bytes32" }] as const;
  const values = [BigInt(session.client.chain.id), addressOf(session, "BudgetVault"), poolNameOf(name)] as const;
  return keccak256(encodeAbiParameters(parameters, values));
}

/** A number that the payer has not used: a transaction that is sent twice with it pays once. */
export function newIntent(): Hex {
  return hexOf(randomBytes(32));
}

export function openPoolCall(session: Session, terms: { name: string; anchor: Hex; steward?: Hex }): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "openPool", [
    poolNameOf(terms.name),
    terms.steward ?? zeroAddress,
    terms.anchor,
  ]);
}

/** Lets the vault take exactly `amount` of a token from `account`, where it may not yet. */
export async function approveVault(
  session: Session,
  account: LocalAccount,
  asset: Asset,
  amount: bigint,
): Promise<void> {
  if (asset.native) return;
  const spender = addressOf(session, "BudgetVault");
  const allowed = await session.client.readContract({
    address: asset.address,
    abi: erc20Abi,
    functionName: "allowance",
    args: [account.address, spender],
  });
  if (allowed >= amount) return;
  const args = [spender, amount] as const;
  await send(session, account, {
    contract: asset.symbol,
    address: asset.address,
    abi: erc20Abi,
    functionName: "approve",
    args,
    value: 0n,
  });
}

export function depositCall(
  session: Session,
  deposit: { pool: Hex; asset: Asset; amount: bigint; intent: Hex; permit?: Permit | undefined },
): ContractCall {
  const { pool, asset, amount, intent, permit } = deposit;
  if (permit !== undefined) {
    const args = [pool, asset.address, amount, intent, permit] as const;
    return contractCall(session, "BudgetVault", iBudgetVaultAbi, "depositWithPermit", args);
  }
  return contractCall(
    session,
    "BudgetVault",
    iBudgetVaultAbi,
    "deposit",
    [pool, asset.address, amount, intent],
    asset.native ? amount : 0n,
  );
}
